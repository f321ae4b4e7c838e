using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>Fluent chains of calls, in the look that they have.</summary>
internal static class Chains
{
    /// <summary><c>receiver.Method()</c>; on a line of its own where the last call of <paramref name="receiver"/> stands on one.</summary>
    public static InvocationExpressionSyntax Append(ExpressionSyntax receiver, string method) => Append(receiver, method, []);

    /// <summary>The same with arguments.</summary>
    public static InvocationExpressionSyntax Append(ExpressionSyntax receiver, string method, IReadOnlyList<ArgumentSyntax> arguments)
    {
        var dot = SyntaxFactory.Token(SyntaxKind.DotToken);
        var kept = receiver.WithoutTrailingTrivia();
        if (LineBreakBeforeLastDot(receiver) is { } lineBreak)
        {
            dot = dot.WithLeadingTrivia(((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)receiver).Expression).OperatorToken.LeadingTrivia);
            kept = kept.WithTrailingTrivia(lineBreak);
        }

        var list = SyntaxFactory.SeparatedList(
            arguments,
            Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), Math.Max(0, arguments.Count - 1)));
        return SyntaxFactory.InvocationExpression(
                SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, kept, dot, SyntaxFactory.IdentifierName(method)),
                SyntaxFactory.ArgumentList(list))
            .WithTrailingTrivia(receiver.GetTrailingTrivia());
    }

    private static SyntaxTrivia? LineBreakBeforeLastDot(ExpressionSyntax chain)
    {
        if (chain is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax last })
        {
            foreach (var trivia in last.Expression.GetTrailingTrivia())
            {
                if (trivia.IsKind(SyntaxKind.EndOfLineTrivia))
                    return trivia;
            }
        }

        return null;
    }
}
