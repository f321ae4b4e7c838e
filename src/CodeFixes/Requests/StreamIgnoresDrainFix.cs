using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Requests;

/// <summary>SHUT501: the drain's token in place of those that fire only when the client leaves.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class StreamIgnoresDrainFix() : ShutdownCodeFix("End the stream when the drain asks for it", RuleIds.StreamIgnoresDrain)
{
    private protected override bool CanFix(FixSite site) => Plan(site) is { Count: > 0 };

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        foreach (var token in Plan(site)!)
            await token.ReplaceAsync(edit).ConfigureAwait(false);
    }

    /// <summary>What is done to each token; null where one of them can't be replaced.</summary>
    private static List<DrainToken>? Plan(FixSite site)
    {
        if (!RuntimeExtension.GetDrainToken.IsReferenced(site.Model.Compilation))
            return null;

        var found = new List<DrainToken>();
        var endpoints = (site.Fact(StreamIgnoresDrain.Endpoints) ?? "").Split([' '], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < endpoints.Length; i++)
        {
            var endpoint = int.Parse(endpoints[i], CultureInfo.InvariantCulture) is var index and >= 0 ? site.Anywhere<SyntaxNode>(index)?.Node : null;
            if (site.Anywhere<ExpressionSyntax>(i) is not var (document, model, node)
                || DrainToken.For(site with { Document = document, Model = model, Root = model.SyntaxTree.GetRoot() }, Whole(node), endpoint) is not { } token)
            {
                return null;
            }

            found.Add(token);
        }

        return found;
    }

    // The name in 'context.RequestAborted' has the same span as nothing else; its access is what is replaced.
    private static ExpressionSyntax Whole(ExpressionSyntax node) =>
        node.Parent is MemberAccessExpressionSyntax access && access.Name == node ? access : node;
}
