using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>Runs a statement whatever way the code below a declaration ends.</summary>
internal static class Finally
{
    /// <summary>
    /// Adds <paramref name="last"/> to the <c>finally</c> of the try statement that ends the declaration's block; where there is none, puts all that
    /// follows the declaration under one.
    /// </summary>
    /// <param name="editor">The editor.</param>
    /// <param name="declaration">The declaration, or another statement.</param>
    /// <param name="last">The statement that runs last.</param>
    /// <param name="isStatic">Whether <paramref name="last"/> uses no local, so that it can stand under the try that is around the declaration too.</param>
    public static void Insert(SyntaxEditor editor, StatementSyntax declaration, StatementSyntax last, bool isStatic = false)
    {
        editor.TrackNode(declaration);

        // A second declaration of the same block may stand under the first one's try by then: it is looked for anew.
        var scope = declaration.Parent is GlobalStatementSyntax global ? global.Parent!
            : isStatic && declaration.Parent is BlockSyntax { Parent: TryStatementSyntax { Parent: { } outer } } ? outer
            : declaration.Parent!;
        var endOfLine = Statements.EndOfLine(declaration);
        editor.ReplaceNode(scope, (current, _) =>
        {
            var now = current.GetCurrentNode(declaration)!;
            if (now is UsingStatementSyntax { Statement: BlockSyntax inner })
                return current.ReplaceNode(inner, inner.WithStatements(Under(inner.Statements, 0, last, endOfLine)));

            if (now.Parent is GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } holder)
            {
                var first = unit.Members.IndexOf(holder) + 1;
                var count = unit.Members.Skip(first).TakeWhile(member => member is GlobalStatementSyntax).Count();
                var below = SyntaxFactory.List(unit.Members.Skip(first).Take(count).Select(member => ((GlobalStatementSyntax)member).Statement));
                var under = Under(below, 0, last, endOfLine).Select(statement => SyntaxFactory.GlobalStatement(statement));
                return unit.WithMembers(SyntaxFactory.List(unit.Members.Take(first).Concat(under).Concat(unit.Members.Skip(first + count))));
            }

            var block = (BlockSyntax)now.Parent!;
            if (isStatic && block.Parent is TryStatementSyntax around && around.Block == block)
                return current.ReplaceNode(around, WithLast(around, last, endOfLine));

            var changed = block.WithStatements(Under(block.Statements, block.Statements.IndexOf(now) + 1, last, endOfLine));
            return block == current ? changed : current.ReplaceNode(block, changed);
        });
    }

    private static SyntaxList<StatementSyntax> Under(SyntaxList<StatementSyntax> statements, int first, StatementSyntax last, SyntaxTrivia endOfLine)
    {
        last = last.WithTrailingTrivia(endOfLine);
        var end = LastCall.CountToMove(statements);
        if (statements[end - 1] is TryStatementSyntax existing)
            return statements.Replace(existing, WithLast(existing, last, endOfLine));

        var below = SyntaxFactory.List(statements.Skip(first).Take(end - first));
        var leading = below[0].GetLeadingTrivia();
        var blank = leading.TakeWhile(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)).ToList();
        below = below.Replace(below[0], below[0].WithLeadingTrivia(leading.Skip(blank.Count)));
        var added = SyntaxFactory.TryStatement(
            SyntaxFactory.Token(SyntaxFactory.TriviaList(blank), SyntaxKind.TryKeyword, SyntaxFactory.TriviaList(endOfLine)),
            Block(below, endOfLine),
            default,
            Clause(last, endOfLine)).WithTrailingTrivia(EndsItsLine(below.Last()) ? SyntaxFactory.TriviaList(endOfLine) : default).WithAdditionalAnnotations(Formatter.Annotation);
        return SyntaxFactory.List(statements.Take(first).Append(added).Concat(statements.Skip(end)));
    }

    // The last line of a file may have no end.
    private static bool EndsItsLine(StatementSyntax statement) => statement.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia);

    private static TryStatementSyntax WithLast(TryStatementSyntax statement, StatementSyntax last, SyntaxTrivia endOfLine) =>
        statement.Finally is { } existing
            ? statement.WithFinally(existing.WithBlock(existing.Block.AddStatements(last.WithAdditionalAnnotations(Formatter.Annotation))))
            : statement.WithTrailingTrivia(endOfLine).WithFinally(Clause(last, endOfLine).WithTrailingTrivia(statement.GetTrailingTrivia()).WithAdditionalAnnotations(Formatter.Annotation));

    private static FinallyClauseSyntax Clause(StatementSyntax last, SyntaxTrivia endOfLine) =>
        SyntaxFactory.FinallyClause(
            SyntaxFactory.Token(default, SyntaxKind.FinallyKeyword, SyntaxFactory.TriviaList(endOfLine)),
            Block(SyntaxFactory.SingletonList(last), endOfLine));

    private static BlockSyntax Block(SyntaxList<StatementSyntax> statements, SyntaxTrivia endOfLine) =>
        SyntaxFactory.Block(statements)
            .WithOpenBraceToken(SyntaxFactory.Token(default, SyntaxKind.OpenBraceToken, SyntaxFactory.TriviaList(endOfLine)))
            .WithCloseBraceToken(SyntaxFactory.Token(default, SyntaxKind.CloseBraceToken, SyntaxFactory.TriviaList(endOfLine)));
}
