using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT201: lets the loop end when the token in reach is cancelled.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class EndlessLoopIgnoresStopFix() : ShutdownCodeFix("End the loop when the service stops", RuleIds.EndlessLoopIgnoresStop)
{
    private protected override bool CanFix(FixSite site) =>
        site.Fact(ReachedToken.Property) is not null
        && Loop(site) is { } loop
        && (Functions.CanEnd(loop, site.Model) || LoopEdits.IsFollowedByReturn(loop) || CanReturnCompletedTask(loop, site.Model));

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var loop = Loop(site)!;
        var token = site.Fact(ReachedToken.Property)!;

        editor.ReplaceNode(loop, (node, _) => LoopEdits.WithCondition((StatementSyntax)node, token));
        if (!Functions.CanEnd(loop, site.Model) && !LoopEdits.IsFollowedByReturn(loop))
        {
            var end = SyntaxFactory.ParseStatement("return Task.CompletedTask;").WithTrailingTrivia(Statements.EndOfLine(loop)).WithAdditionalAnnotations(Formatter.Annotation);
            editor.InsertAfter(loop, end.WithLeadingTrivia(SyntaxFactory.ElasticMarker));
        }
    }

    private static StatementSyntax? Loop(FixSite site) =>
        (StatementSyntax?)site.Node.FirstAncestorOrSelf<SyntaxNode>(node => node is WhileStatementSyntax or ForStatementSyntax or DoStatementSyntax);

    // A method that isn't async and returns a plain Task, with the loop as its last statement.
    private static bool CanReturnCompletedTask(StatementSyntax loop, SemanticModel model) =>
        loop.Parent is BlockSyntax { Parent: MethodDeclarationSyntax or LocalFunctionStatementSyntax } block
        && block.Statements[block.Statements.Count - 1] == loop
        && model.GetEnclosingSymbol(loop.SpanStart) is IMethodSymbol { IsAsync: false, ReturnType: { Name: "Task", ContainingNamespace.Name: "Tasks" } and INamedTypeSymbol { IsGenericType: false } };
}
