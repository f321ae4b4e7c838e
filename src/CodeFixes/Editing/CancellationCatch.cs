using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>Puts statements into a <c>try</c> that takes the cancellation of one token, so that the program goes on behind them and ends in the normal way.</summary>
internal static class CancellationCatch
{
    private const string Step = "    ";

    /// <summary>Whether a catch around the statement, in the same function, takes a cancellation already.</summary>
    public static bool IsAround(SyntaxNode statement)
    {
        foreach (var ancestor in statement.Ancestors())
        {
            switch (ancestor)
            {
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax:
                    return false;
                case TryStatementSyntax attempt when attempt.Block.Span.Contains(statement.Span):
                    foreach (var handler in attempt.Catches)
                    {
                        if (handler.Filter is null && handler.Declaration?.Type.ToString().EndsWith("OperationCanceledException", StringComparison.Ordinal) == true)
                            return true;
                    }

                    break;
            }
        }

        return false;
    }

    /// <summary>The statements inside of the <c>try</c>, one step further in; the comments above the first stay above it.</summary>
    public static StatementSyntax Wrap(IReadOnlyList<StatementSyntax> statements, string token, string indent, SyntaxTrivia endOfLine)
    {
        var inner = statements.Select(Indented).ToList();
        var above = inner[0].GetLeadingTrivia();
        var lineStart = above.Count;
        while (lineStart > 0 && above[lineStart - 1].IsKind(SyntaxKind.WhitespaceTrivia))
            lineStart--;

        // Empty lines above stay above; a comment goes in with what it speaks of.
        var empty = 0;
        while (empty < lineStart && above[empty].IsKind(SyntaxKind.EndOfLineTrivia))
            empty++;
        inner[0] = inner[0].WithLeadingTrivia(above.Skip(empty));
        if (empty == lineStart && !inner[0].GetLeadingTrivia().Any(SyntaxKind.WhitespaceTrivia))
            inner[0] = inner[0].WithLeadingTrivia(SyntaxFactory.Whitespace(indent + Step));
        if (!inner[^1].GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia))
            inner[^1] = inner[^1].WithTrailingTrivia(inner[^1].GetTrailingTrivia().Add(endOfLine));

        var frame = Frame(token, indent, endOfLine);
        return frame.WithBlock(frame.Block.WithStatements(SyntaxFactory.List(inner)))
            .WithLeadingTrivia(above.Take(empty).Concat([SyntaxFactory.Whitespace(indent)]))
            .WithTrailingTrivia(endOfLine);
    }

    /// <summary>The catch alone, for a <c>try</c> that is there.</summary>
    public static CatchClauseSyntax Clause(string token, string indent, SyntaxTrivia endOfLine) => Frame(token, indent, endOfLine).Catches[0].WithTrailingTrivia(endOfLine);

    private static TryStatementSyntax Frame(string token, string indent, SyntaxTrivia endOfLine)
    {
        var line = endOfLine.ToString();
        return (TryStatementSyntax)SyntaxFactory.ParseStatement(
            $"{indent}try{line}{indent}{{{line}{indent}}}{line}{indent}catch (OperationCanceledException) when ({token}.IsCancellationRequested){line}{indent}{{{line}{indent}}}");
    }

    /// <summary>Every line of a statement one step further in; the inner lines of a string literal stay, they are its value.</summary>
    private static T Indented<T>(T node)
        where T : SyntaxNode
    {
        var first = node.GetFirstToken(includeZeroWidth: true);
        return node.ReplaceTokens(node.DescendantTokens(), (original, token) =>
        {
            var leading = new List<SyntaxTrivia>();
            var atLineStart = original == first || original.GetPreviousToken(includeZeroWidth: true).TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);
            foreach (var trivia in token.LeadingTrivia)
            {
                if (atLineStart && !trivia.IsKind(SyntaxKind.EndOfLineTrivia))
                {
                    leading.Add(SyntaxFactory.Whitespace(Step + (trivia.IsKind(SyntaxKind.WhitespaceTrivia) ? trivia.ToString() : "")));
                    if (!trivia.IsKind(SyntaxKind.WhitespaceTrivia))
                        leading.Add(trivia);
                }
                else
                {
                    leading.Add(trivia);
                }

                atLineStart = trivia.IsKind(SyntaxKind.EndOfLineTrivia);
            }

            if (atLineStart)
                leading.Add(SyntaxFactory.Whitespace(Step));
            return token.WithLeadingTrivia(leading);
        });
    }
}
