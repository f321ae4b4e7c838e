using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

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
}
