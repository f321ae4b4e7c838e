using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace ShutdownAnalyzers.Editing;

/// <summary>Puts statements beside the one that an expression stands in, whatever holds it.</summary>
internal static class Statements
{
    /// <summary>Whether a statement can stand right before the one that holds <paramref name="expression"/> and run whenever it does.</summary>
    public static bool CanInsertBefore(SyntaxNode expression) => Holder(expression) is not null;

    /// <summary>Inserts before the statement that holds <paramref name="expression"/>; comments above that statement stay above it.</summary>
    public static void InsertBefore(DocumentEditor editor, SyntaxNode expression, StatementSyntax statement)
    {
        var holder = Holder(expression)!;
        var endOfLine = EndOfLine(holder);
        editor.InsertBefore(holder, [holder is GlobalStatementSyntax
            ? SyntaxFactory.GlobalStatement(statement.WithTrailingTrivia(endOfLine))
            : statement.WithTrailingTrivia(endOfLine)]);
    }

    /// <summary>Inserts after the statement that holds <paramref name="expression"/>, with its indentation.</summary>
    public static void InsertAfter(DocumentEditor editor, SyntaxNode expression, StatementSyntax statement)
    {
        var holder = Holder(expression)!;
        var indent = holder.GetLeadingTrivia().LastOrDefault();
        var placed = statement
            .WithLeadingTrivia(indent.IsKind(SyntaxKind.WhitespaceTrivia) ? SyntaxFactory.TriviaList(indent) : SyntaxFactory.TriviaList())
            .WithTrailingTrivia(EndOfLine(holder));
        editor.InsertAfter(holder, [holder is GlobalStatementSyntax ? SyntaxFactory.GlobalStatement(placed) : placed]);
    }

    /// <summary>Inserts after a statement, with an empty line between.</summary>
    public static void InsertAfter(DocumentEditor editor, StatementSyntax statement, IReadOnlyList<StatementSyntax> added)
    {
        var holder = Holder(statement)!;
        var endOfLine = EndOfLine(holder);
        var nodes = new List<SyntaxNode>();
        foreach (var node in added)
        {
            var line = node.WithTrailingTrivia(endOfLine);
            if (nodes.Count == 0)
                line = line.WithLeadingTrivia(endOfLine);
            nodes.Add(holder is GlobalStatementSyntax ? SyntaxFactory.GlobalStatement(line) : line);
        }

        editor.InsertAfter(holder, nodes);
    }

    /// <summary>The file's own line end.</summary>
    public static SyntaxTrivia EndOfLine(SyntaxNode node)
    {
        foreach (var trivia in node.SyntaxTree.GetRoot().DescendantTrivia())
        {
            if (trivia.IsKind(SyntaxKind.EndOfLineTrivia))
                return trivia;
        }

        return SyntaxFactory.ElasticCarriageReturnLineFeed;
    }

    // The statement in a block, a switch section or at the top level; null in an expression body, a lambda's expression or a field's initializer.
    private static SyntaxNode? Holder(SyntaxNode expression)
    {
        foreach (var ancestor in expression.AncestorsAndSelf())
        {
            switch (ancestor)
            {
                case StatementSyntax { Parent: GlobalStatementSyntax global }:
                    return global;
                case StatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax } statement:
                    return statement;
                case StatementSyntax or AnonymousFunctionExpressionSyntax or ArrowExpressionClauseSyntax or MemberDeclarationSyntax:
                    return null;
            }
        }

        return null;
    }
}
