using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT207: gives what goes on the token of a source that <c>StopAsync</c> cancels.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class StartTokenOutlivesStartFix() : ShutdownCodeFix("Use a token that StopAsync cancels", RuleIds.StartTokenOutlivesStart)
{
    private protected override bool CanFix(FixSite site) =>
        site.Node is IdentifierNameSyntax token
        && Scope(site) is not null
        && IsInstanceCode(token)
        && (site.Fact(StartTokenOutlivesStart.Token) is not null || StopMethod.Beside(token) is not null);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var token = (IdentifierNameSyntax)site.Node;
        var replacement = site.Fact(StartTokenOutlivesStart.Token);
        if (replacement is null)
        {
            var stop = StopMethod.Beside(token)!;
            var source = StopMethod.FreeNames(token, "_stopping").First();
            replacement = source + ".Token";
            if (edit.Once((site.Document.Id, stop.Span)))
            {
                StopMethod.AddField(editor, token, $"private readonly CancellationTokenSource {source} = new CancellationTokenSource();");
                StopMethod.InsertFirst(editor, stop, $"{source}.Cancel();");
                edit.Import(site.Document, site.Model, stop.SpanStart, "System.Threading");
            }
        }

        var parameter = site.Model.GetSymbolInfo(token).Symbol;
        foreach (var node in Scope(site)!.DescendantNodesAndSelf())
        {
            if (node is IdentifierNameSyntax use
                && use.Identifier.ValueText == token.Identifier.ValueText
                && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(use).Symbol, parameter)
                && edit.Once((site.Document.Id, use.Span)))
            {
                editor.ReplaceNode(use, SyntaxFactory.ParseExpression(replacement).WithTriviaFrom(use));
            }
        }
    }

    private static SyntaxNode? Scope(FixSite site) => site.Additional<SyntaxNode>(0);

    /// <summary>Whether fields can be named at the use.</summary>
    private static bool IsInstanceCode(SyntaxNode node)
    {
        foreach (var ancestor in node.Ancestors())
        {
            var modifiers = ancestor switch
            {
                AnonymousFunctionExpressionSyntax function => function.Modifiers,
                LocalFunctionStatementSyntax local => local.Modifiers,
                MethodDeclarationSyntax method => method.Modifiers,
                _ => default,
            };
            if (modifiers.Any(SyntaxKind.StaticKeyword))
                return false;
            if (ancestor is MemberDeclarationSyntax)
                return true;
        }

        return false;
    }
}
