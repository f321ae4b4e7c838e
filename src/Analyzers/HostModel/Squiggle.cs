using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The smallest thing that names a defect.</summary>
internal static class Squiggle
{
    /// <summary>The called method's name, with its type where that stands before it: <c>PosixSignalRegistration.Create</c>, <c>RunAsync</c>.</summary>
    public static Location Of(IInvocationOperation call)
    {
        if (call.Syntax is not InvocationExpressionSyntax { Expression: var called })
            return call.Syntax.GetLocation();

        return called is MemberAccessExpressionSyntax { Name: var name } && call.Instance is not null | call.TargetMethod.IsExtensionMethod
            ? name.GetLocation()
            : called.GetLocation();
    }

    /// <summary>The loop's head: <c>while (true)</c>.</summary>
    public static Location Of(ILoopOperation loop)
    {
        var span = loop.Syntax switch
        {
            WhileStatementSyntax head => TextSpan.FromBounds(head.WhileKeyword.SpanStart, head.CloseParenToken.Span.End),
            ForStatementSyntax head => TextSpan.FromBounds(head.ForKeyword.SpanStart, head.CloseParenToken.Span.End),
            CommonForEachStatementSyntax head => TextSpan.FromBounds(head.SpanStart, head.CloseParenToken.Span.End),
            DoStatementSyntax head => head.DoKeyword.Span,
            _ => loop.Syntax.Span,
        };
        return Location.Create(loop.Syntax.SyntaxTree, span);
    }
}
