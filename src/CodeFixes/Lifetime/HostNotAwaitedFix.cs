using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT109: awaits the run, waits for the shutdown where nothing follows the start, and stops the host behind the work where some does.
/// In a <c>Main</c> that isn't async the blocking forms stand.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class HostNotAwaitedFix() : ShutdownCodeFix("Run the host to its end", RuleIds.HostNotAwaited)
{
    private protected override bool CanFix(FixSite site) => Plan(site) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        Plan(site)!(edit, editor);
    }

    private static Action<FixEdit, DocumentEditor>? Plan(FixSite site)
    {
        if (Call(site) is not { Expression: MemberAccessExpressionSyntax access } call
            || call.FirstAncestorOrSelf<StatementSyntax>() is not { } statement
            || Line(statement) is not { } line
            || ShutdownSignals.TopStatement(statement) != line)
        {
            return null;
        }

        var following = Following(line).ToList();
        var name = access.Name.Identifier.ValueText;
        var isAsync = line is GlobalStatementSyntax || Functions.IsAsync(statement);

        // builder.Build().StartAsync() and RunAsync(): the call itself becomes one that lasts as long as the host.
        if (name == "RunAsync" || site.Fact(HostNotAwaited.Host) is not { } host)
        {
            if (following.Count > 0 || statement is not ExpressionStatementSyntax || ReturnsHost(site, call))
                return null;

            var run = access.WithName(SyntaxFactory.IdentifierName(isAsync ? "RunAsync" : "Run"));
            return (edit, editor) => editor.ReplaceNode(statement, Statement(isAsync, call.WithExpression(run)).WithTriviaFrom(statement));
        }

        var wait = isAsync ? $"await {host}.WaitForShutdownAsync();" : $"{host}.WaitForShutdown();";
        if (site.Fact(HostNotAwaited.Waits) is not null)
        {
            return site.Additional<StatementSyntax>(0) is ExpressionStatementSyntax endless && Line(endless) is { } endlessLine && following.Contains(endlessLine)
                ? (edit, editor) => editor.ReplaceNode(endless, SyntaxFactory.ParseStatement(wait).WithTriviaFrom(endless))
                : null;
        }

        if (following.Count == 0)
            return (edit, editor) => Insert(edit, editor, line, after: true, wait);

        // The program does its own work and ends: the host is stopped before it does.
        if (HasReturnBeforeEnd(line, following))
            return null;

        var stop = isAsync ? $"await {host}.StopAsync();" : $"{host}.StopAsync().GetAwaiter().GetResult();";

        // Hosts stop in the reverse order of their starts.
        var last = following[^1];
        while (following.Count > 1 && IsStop(last))
        {
            following.RemoveAt(following.Count - 1);
            last = following[^1];
        }

        return (edit, editor) => Insert(edit, editor, last, after: !IsReturn(last), stop);
    }

    private static void Insert(FixEdit edit, DocumentEditor editor, SyntaxNode place, bool after, string text)
    {
        var statement = SyntaxFactory.ParseStatement(text).WithTrailingTrivia(Statements.EndOfLine(place));
        SyntaxNode added = place is GlobalStatementSyntax
            ? SyntaxFactory.GlobalStatement(statement)
            : statement.WithLeadingTrivia(SyntaxFactory.Whitespace(HandlerEdits.IndentOf(place)));
        if (!after)
        {
            editor.InsertBefore(place, [added]);
            return;
        }

        // The last line of a file may have no end.
        if (!place.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia) && edit.Once((place.SyntaxTree.FilePath, "end of file")))
        {
            editor.ReplaceNode(place, (node, _) => node.WithTrailingTrivia(node.GetTrailingTrivia().Add(Statements.EndOfLine(place))));
            added = added.WithTrailingTrivia();
        }

        editor.InsertAfter(place, [added]);
    }

    private static StatementSyntax Statement(bool isAsync, ExpressionSyntax call) => isAsync
        ? SyntaxFactory.ExpressionStatement(SyntaxFactory.AwaitExpression(SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), call.WithoutTrivia()))
        : SyntaxFactory.ExpressionStatement(call.WithoutTrivia());

    private static InvocationExpressionSyntax? Call(FixSite site) => site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>();

    // builder.StartAsync() has no counterpart that both builds and runs.
    private static bool ReturnsHost(FixSite site, InvocationExpressionSyntax call) =>
        site.Model.GetSymbolInfo(call).Symbol is not IMethodSymbol { ReturnType: var type } || type is INamedTypeSymbol { IsGenericType: true } || type.Name is "IHost" or "IWebHost";

    /// <summary>The statement in its list: the top-level statement, or the one in a method's block.</summary>
    private static SyntaxNode? Line(StatementSyntax statement) => statement.Parent switch
    {
        GlobalStatementSyntax global => global,
        BlockSyntax => statement,
        _ => null,
    };

    /// <summary>The statements that run after a line of the entry point; a plain return isn't one where it is the only one.</summary>
    private static IEnumerable<SyntaxNode> Following(SyntaxNode line)
    {
        var all = line.Parent!.ChildNodes().Where(node => node.SpanStart > line.SpanStart).Where(IsRun).ToList();
        return all is [var only] && IsReturn(only) ? [] : all;
    }

    private static bool IsRun(SyntaxNode node) => node switch
    {
        GlobalStatementSyntax { Statement: LocalFunctionStatementSyntax } or LocalFunctionStatementSyntax => false,
        GlobalStatementSyntax or StatementSyntax => true,
        _ => false,
    };

    private static bool IsReturn(SyntaxNode line) => line is ReturnStatementSyntax or GlobalStatementSyntax { Statement: ReturnStatementSyntax };

    private static bool IsStop(SyntaxNode line) =>
        (line is GlobalStatementSyntax global ? global.Statement : line) is ExpressionStatementSyntax { Expression: AwaitExpressionSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "StopAsync" } } } };

    private static bool HasReturnBeforeEnd(SyntaxNode start, List<SyntaxNode> following)
    {
        foreach (var line in following)
        {
            var isLast = line == following[^1];
            foreach (var node in line.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
            {
                // What a last return asks the host for must still be answered.
                if (node is ReturnStatementSyntax { Expression: var value } && !(isLast && IsReturn(line) && value is null or LiteralExpressionSyntax or IdentifierNameSyntax))
                    return true;
            }
        }

        return false;
    }
}
