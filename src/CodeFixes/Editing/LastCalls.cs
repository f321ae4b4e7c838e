using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>Makes the last call on a resource at the place that its diagnostic carries (see <see cref="LastCall"/>).</summary>
internal static class LastCalls
{
    /// <summary>Whether the diagnostic carries a place.</summary>
    public static bool CanInsert(FixSite site) => site.Fact(LastCall.Form) switch
    {
        LastCall.InCleanup => CleanupCalls.CanClose(site) && CleanupCalls.Place(site) is not null,
        LastCall.BeforeDisposal => site.Anywhere<ExpressionStatementSyntax>(0) is not null,
        LastCall.InFinally => site.Anywhere<StatementSyntax>(0) is not null,
        _ => false,
    };

    /// <summary>Inserts the call.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="site">The diagnostic.</param>
    /// <param name="call">The call without its receiver: <c>Close()</c>.</param>
    /// <param name="stage">The stage of a cleanup handler.</param>
    /// <param name="cleanupParameter">The name of the cleanup handler's token.</param>
    /// <param name="isAwaited">Whether the call is awaited where it stands in the method itself.</param>
    public static async Task InsertAsync(FixEdit edit, FixSite site, string call, string stage, string cleanupParameter = "_", bool isAwaited = false)
    {
        if (site.Fact(LastCall.Form) == LastCall.InCleanup)
        {
            var arguments = cleanupParameter == "_" ? "" : cleanupParameter;
            await CleanupCalls.InsertAsync(edit, site, CleanupCalls.Handler(site, cleanupParameter, arguments), stage).ConfigureAwait(false);
            return;
        }

        var (document, _, place) = site.Anywhere<StatementSyntax>(0)!.Value;
        var editor = await edit.EditorAsync(document).ConfigureAwait(false);
        var last = CleanupCalls.Statement((isAwaited ? "await " : "") + site.Fact(LastCall.Receiver) + call + ";");
        if (site.Fact(LastCall.Form) == LastCall.BeforeDisposal)
            Statements.InsertBefore(editor, place, last.WithLeadingTrivia(place.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1)));
        else
            Finally.Insert(editor, place, last);
    }
}
