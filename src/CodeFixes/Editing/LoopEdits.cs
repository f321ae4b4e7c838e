using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>Edits of loops that don't end.</summary>
internal static class LoopEdits
{
    /// <summary>The loop with "the token isn't cancelled" as its condition, or added to it.</summary>
    public static StatementSyntax WithCondition(StatementSyntax loop, string token)
    {
        switch (loop)
        {
            case WhileStatementSyntax endless:
                return endless.WithCondition(Condition(endless.Condition, token));

            case DoStatementSyntax endless:
                return endless.WithCondition(Condition(endless.Condition, token));

            case ForStatementSyntax { Declaration: null, Initializers.Count: 0, Incrementors.Count: 0 } endless when endless.Condition is null or LiteralExpressionSyntax:
                return SyntaxFactory.WhileStatement(
                    SyntaxFactory.Token(SyntaxKind.WhileKeyword).WithLeadingTrivia(endless.ForKeyword.LeadingTrivia).WithTrailingTrivia(SyntaxFactory.Space),
                    endless.OpenParenToken,
                    Condition(null, token),
                    endless.CloseParenToken,
                    endless.Statement);

            default:
                var counted = (ForStatementSyntax)loop;
                return counted.WithCondition(Condition(counted.Condition, token));
        }
    }

    /// <summary>Whether a <c>return</c> or <c>throw</c> ends the block after the loop.</summary>
    public static bool IsFollowedByReturn(StatementSyntax loop)
    {
        if (loop.Parent is not BlockSyntax block)
            return false;
        var index = block.Statements.IndexOf(loop);
        return index + 1 < block.Statements.Count && block.Statements[block.Statements.Count - 1] is ReturnStatementSyntax or ThrowStatementSyntax;
    }

    private static ExpressionSyntax Condition(ExpressionSyntax? condition, string token)
    {
        var asked = SyntaxFactory.ParseExpression($"!{token}.IsCancellationRequested");
        return condition switch
        {
            null => asked,
            LiteralExpressionSyntax => asked.WithTriviaFrom(condition),
            _ => SyntaxFactory.ParseExpression($"{condition.WithoutTrivia()} && !{token}.IsCancellationRequested").WithTriviaFrom(condition),
        };
    }
}
