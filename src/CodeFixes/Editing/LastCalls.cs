using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>Makes the last call on a resource at the place that its diagnostic carries (see <see cref="LastCall"/>).</summary>
internal static class LastCalls
{
    /// <summary>Whether the diagnostic carries a place.</summary>
    public static bool CanInsert(FixSite site) => site.Fact(LastCall.Form) switch
    {
        LastCall.InCleanup => CleanupCalls.CanClose(site) && CleanupCalls.Place(site) is not null,
        LastCall.BeforeDisposal => site.Anywhere<ExpressionStatementSyntax>(0) is not null || site.Anywhere<ArrowExpressionClauseSyntax>(0) is not null,
        LastCall.InService => CleanupCalls.CanClose(site) && site.Anywhere<InvocationExpressionSyntax>(0) is var (_, model, registration) && ServiceCleanups.Of(registration, model) is not null,
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
        var arguments = cleanupParameter == "_" ? "" : cleanupParameter;
        if (site.Fact(LastCall.Form) == LastCall.InService)
        {
            var (where, model, registration) = site.Anywhere<InvocationExpressionSyntax>(0)!.Value;
            await ServiceCleanups.Of(registration, model)!.InsertAsync(edit, site with { Document = where, Model = model }, cleanupParameter, arguments, stage).ConfigureAwait(false);
            return;
        }

        if (site.Fact(LastCall.Form) == LastCall.InCleanup)
        {
            await CleanupCalls.InsertAsync(edit, site, CleanupCalls.Handler(site, cleanupParameter, arguments), stage).ConfigureAwait(false);
            return;
        }

        var last = CleanupCalls.Statement((isAwaited ? "await " : "") + site.Fact(LastCall.Receiver) + call + ";");
        if (site.Anywhere<ArrowExpressionClauseSyntax>(0) is var (file, _, arrow) && arrow.Span == site.Diagnostic.AdditionalLocations[0].SourceSpan)
        {
            var disposal = SyntaxFactory.ExpressionStatement(arrow.Expression.WithoutTrivia());
            (await edit.EditorAsync(file).ConfigureAwait(false)).ReplaceNode(arrow.Parent!, (node, _) => ((MethodDeclarationSyntax)node).WithExpressionBody(null).WithSemicolonToken(default)
                .WithBody(SyntaxFactory.Block(last.WithTrailingTrivia(Statements.EndOfLine(arrow)), disposal).WithTrailingTrivia(node.GetTrailingTrivia())).WithAdditionalAnnotations(Formatter.Annotation));
            return;
        }

        var (document, _, place) = site.Anywhere<StatementSyntax>(0)!.Value;
        var editor = await edit.EditorAsync(document).ConfigureAwait(false);
        if (site.Fact(LastCall.Form) == LastCall.BeforeDisposal)
            Statements.InsertBefore(editor, place, last.WithLeadingTrivia(place.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1)));
        else
            Finally.Insert(editor, place, last);
    }
}
