using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT113: removes the wait, and the whole handler where it does nothing else. The host stops before <c>ProcessExit</c> all the same.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ProcessExitWaitsForHostFix() : ShutdownCodeFix("Remove the wait for the host", RuleIds.ProcessExitWaitsForHost)
{
    private protected override bool CanFix(FixSite site) => Removed(site) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        editor.RemoveNode(Removed(site)!, SyntaxRemoveOptions.KeepDirectives);
    }

    /// <summary>The statement that goes: the subscription's, or the one that waits among others.</summary>
    private static SyntaxNode? Removed(FixSite site)
    {
        if (site.Additional<AssignmentExpressionSyntax>(0) is { } subscription)
            return Statement(subscription);

        return site.Node.FirstAncestorOrSelf<StatementSyntax>() is ExpressionStatementSyntax { Parent: BlockSyntax { Statements.Count: > 1 } } wait && IsPlain(wait.Expression) ? wait : null;
    }

    private static SyntaxNode? Statement(ExpressionSyntax expression) => expression.Parent switch
    {
        ExpressionStatementSyntax { Parent: GlobalStatementSyntax global } => global,
        ExpressionStatementSyntax { Parent: BlockSyntax } statement => statement,
        _ => null,
    };

    // host.StopAsync().Wait(): a chain of calls, nothing that is assigned or asked.
    private static bool IsPlain(ExpressionSyntax expression) => expression is InvocationExpressionSyntax;
}
