using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The smallest thing that names a defect.</summary>
internal static class Squiggle
{
    /// <summary>The called method's name, with its type where that stands before it: <c>PosixSignalRegistration.Create</c>, <c>RunAsync</c>.</summary>
    public static Location Of(IInvocationOperation call) => call.Syntax is InvocationExpressionSyntax { Expression: var called }
        ? called switch
        {
            MemberAccessExpressionSyntax { Name: var name } when call.Instance is not null || call.TargetMethod.IsExtensionMethod => name.GetLocation(),
            MemberBindingExpressionSyntax { Name: var name } => name.GetLocation(),
            _ => called.GetLocation(),
        }
        : call.Syntax.GetLocation();

    /// <summary>The method's name and its arguments: <c>Build()</c>.</summary>
    public static Location WithArguments(IInvocationOperation call) =>
        call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } }
            ? Location.Create(call.Syntax.SyntaxTree, TextSpan.FromBounds(name.SpanStart, call.Syntax.Span.End))
            : call.Syntax.GetLocation();

    /// <summary>The name of the method or event that a callback is registered on.</summary>
    public static Location Of(StopCallback callback) => callback.Registration switch
    {
        IInvocationOperation call => Of(call),
        { Syntax: AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Name: var name } } } => name.GetLocation(),
        { Syntax: AssignmentExpressionSyntax { Left: var name } } => name.GetLocation(),
        var other => other.Syntax.GetLocation(),
    };

    /// <summary>A loop's head: <c>while (true)</c>, <c>do</c>.</summary>
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
