using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Where code sets a property of an options class.</summary>
internal static class OptionSettings
{
    /// <summary>The assignment that a use of a property's name is the target of, where the property is one of <paramref name="options"/>.</summary>
    public static ISimpleAssignmentOperation? At(HostFacts host, SimpleNameSyntax use, KnownType options)
    {
        var target = SourceIndex.ExpressionOf(use);
        return target.Parent is AssignmentExpressionSyntax assignment
            && assignment.Left == target
            && host.Index.Operation(assignment) is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.ContainingType: var type } } setting
            && host.Types.Is(type, options)
                ? setting
                : null;
    }
}
