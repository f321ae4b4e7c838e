using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>Puts <c>catch (OperationCanceledException) when (token.IsCancellationRequested)</c>, which leaves the loop (or lets the caller's loop go), before a catch that takes too much.</summary>
internal static class StopCatch
{
    public static bool CanInsert(FixSite site) =>
        site.Fact(ReachedToken.Property) is not null
        && Clause(site) is { Parent: TryStatementSyntax } clause
        && (site.Fact(SwallowDiagnostic.Exit) == "throw" || Functions.CanEnd(clause, site.Model));

    public static async Task InsertAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var clause = Clause(site)!;
        var exit = site.Fact(SwallowDiagnostic.Exit);
        edit.Import(site.Document, site.Model, clause.SpanStart, "System");

        var line = Statements.EndOfLine(clause).ToString();
        var attempt = SyntaxFactory.ParseStatement(
            $"try {{ }} catch (OperationCanceledException) when ({site.Fact(ReachedToken.Property)}.IsCancellationRequested) {line}{{{line}{exit};{line}}}");
        var added = ((TryStatementSyntax)attempt).Catches[0]
            .WithLeadingTrivia(SyntaxFactory.ElasticMarker)
            .WithTrailingTrivia(Statements.EndOfLine(clause))
            .WithAdditionalAnnotations(Formatter.Annotation);
        editor.InsertBefore(clause, added);
    }

    private static CatchClauseSyntax? Clause(FixSite site) => site.Node.FirstAncestorOrSelf<CatchClauseSyntax>();
}
