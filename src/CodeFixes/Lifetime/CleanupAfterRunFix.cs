using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT114: makes a cleanup handler of what is awaited after the host has run.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class CleanupAfterRunFix() : ShutdownCodeFix("Make it a cleanup handler", RuleIds.CleanupAfterRun)
{
    private protected override bool CanFix(FixSite site) =>
        site.Fact(CleanupAfterRun.Host) is not null
        && Statement(site) is { } statement
        && Run(site) is { } run
        && Statements.CanInsertBefore(run)
        && run.FirstAncestorOrSelf<StatementSyntax>() is { } running
        && (running.Parent == statement.Parent || running.Parent is GlobalStatementSyntax && statement.Parent is GlobalStatementSyntax);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var statement = Statement(site)!;
        var run = Run(site)!;
        edit.Import(site.Document, site.Model, run.SpanStart, "Microsoft.Extensions.DependencyInjection");
        edit.Import(site.Document, site.Model, run.SpanStart, "ShutdownAnalyzers.Runtime");

        var awaited = statement.Expression.WithoutTrivia().ToString();
        var name = CleanupCalls.NameOf(statement.DescendantNodes().OfType<InvocationExpressionSyntax>().Take(1));
        var token = awaited.Contains("cancellationToken") ? "cleanupToken" : "cancellationToken";
        var call = SyntaxFactory.ParseStatement(
            $"{site.Fact(CleanupAfterRun.Host)}.Services.GetRequiredService<IGracefulShutdown>().OnCleanup({SymbolDisplay.FormatLiteral(name, quote: true)}, async {token} => {awaited});");

        var running = run.FirstAncestorOrSelf<StatementSyntax>()!;
        Statements.InsertBefore(editor, run, call.WithLeadingTrivia(IndentOf(running)));
        editor.RemoveNode(statement.Parent is GlobalStatementSyntax global ? global : statement, SyntaxRemoveOptions.KeepNoTrivia);
    }

    // A comment has no place to go to but with its statement.
    private static ExpressionStatementSyntax? Statement(FixSite site) =>
        site.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is { } statement
        && statement.DescendantTrivia().All(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia))
            ? statement
            : null;

    private static InvocationExpressionSyntax? Run(FixSite site) => site.Additional<InvocationExpressionSyntax>(0);

    private static SyntaxTriviaList IndentOf(StatementSyntax statement) =>
        statement.GetLeadingTrivia() is { Count: > 0 } leading && leading.Last().IsKind(SyntaxKind.WhitespaceTrivia) ? SyntaxFactory.TriviaList(leading.Last()) : default;
}
