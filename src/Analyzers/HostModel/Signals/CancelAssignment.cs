using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Whether a handler keeps the signal from killing the process, by <c>Cancel = true</c> on what it is given.</summary>
internal enum CancelAssignment
{
    /// <summary>No path sets it.</summary>
    Never,

    /// <summary>It is set, but only after an <c>await</c>: the runtime has looked at it by then.</summary>
    AfterAwait,

    /// <summary>Some path sets it in time.</summary>
    Set,
}

/// <summary>Looks for <c>Cancel = true</c> in the handlers of <c>CancelKeyPress</c> and <c>PosixSignalRegistration</c>.</summary>
internal static class CancelAssignments
{
    private const int DeepestCall = 3;

    public static CancelAssignment Of(HostFacts host, DelegateBody handler) =>
        handler.Method.Parameters is [.., var arguments] ? Of(host, handler, arguments, DeepestCall) : CancelAssignment.Never;

    private static CancelAssignment Of(HostFacts host, DelegateBody body, IParameterSymbol arguments, int depth)
    {
        var found = CancelAssignment.Never;
        foreach (var operation in body.Operation.Descendants())
        {
            if (operation is not IParameterReferenceOperation use || !SymbolEqualityComparer.Default.Equals(use.Parameter, arguments))
                continue;

            switch (use.Parent)
            {
                case IPropertyReferenceOperation { Property.Name: "Cancel" } property:
                    if (property.Parent is not IAssignmentOperation assignment || assignment.Target != property
                        || assignment.Value.ConstantValue is { HasValue: true, Value: false })
                    {
                        continue;
                    }

                    if (!FollowsAwait(assignment, body))
                        return CancelAssignment.Set;
                    found = CancelAssignment.AfterAwait;
                    break;

                case IMemberReferenceOperation:
                    break;

                case IArgumentOperation { Parent: IInvocationOperation call, Parameter: { } parameter }
                    when DelegateBody.Of(host, call.TargetMethod) is { } called && parameter.Ordinal < called.Method.Parameters.Length:
                    if (depth == 0 || Of(host, called, called.Method.Parameters[parameter.Ordinal], depth - 1) == CancelAssignment.Set)
                        return CancelAssignment.Set;
                    break;

                default:
                    // Handed on to where it can't be followed.
                    return CancelAssignment.Set;
            }
        }

        return found;
    }

    private static bool FollowsAwait(IOperation assignment, DelegateBody body)
    {
        if (!body.Method.IsAsync)
            return false;

        foreach (var operation in body.Operation.Descendants())
        {
            if (operation is IAwaitOperation awaited
                && awaited.Syntax.SpanStart < assignment.Syntax.SpanStart
                && AlwaysRunsBefore(awaited.Syntax, assignment.Syntax, body.Syntax))
            {
                return true;
            }
        }

        return false;
    }

    // An await in a branch of its own may be skipped on the way to the assignment.
    private static bool AlwaysRunsBefore(SyntaxNode awaited, SyntaxNode assignment, SyntaxNode body)
    {
        for (SyntaxNode child = awaited, node = awaited.Parent!; node is not null && node != body.Parent; child = node, node = node.Parent!)
        {
            if (node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax && node != body)
                return false;

            var isConditional = node switch
            {
                IfStatementSyntax branch => child != branch.Condition,
                ConditionalExpressionSyntax choice => child != choice.Condition,
                ElseClauseSyntax or SwitchSectionSyntax or SwitchExpressionArmSyntax or CatchClauseSyntax => true,
                WhileStatementSyntax loop => child != loop.Condition,
                ForStatementSyntax or CommonForEachStatementSyntax => true,
                _ => false,
            };

            // A branch that holds both is no reason: what is conditional is so for both.
            if (isConditional && !child.Span.Contains(assignment.Span))
                return false;
        }

        return true;
    }
}
