using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What becomes of a new <c>Thread</c>.</summary>
internal static class Threads
{
    /// <summary>Whether <c>IsBackground</c> is set: in the initializer, or on the variable that holds the thread.</summary>
    public static bool IsBackground(HostFacts host, IObjectCreationOperation creation)
    {
        if (creation.Initializer is { } initializer)
        {
            foreach (var operation in OperationWalk.Own(initializer))
            {
                if (SetsBackground(operation))
                    return true;
            }
        }

        foreach (var use in UsesOf(host, creation))
        {
            if (use.Parent?.Parent is { } assignment && SetsBackground(assignment))
                return true;
        }

        return false;
    }

    /// <summary>Whether the thread is started where that can be seen: at once, or through the variable that holds it.</summary>
    public static bool IsStarted(HostFacts host, IObjectCreationOperation creation)
    {
        if (IsStart(Values.WalkUp(creation).Parent))
            return true;

        foreach (var use in UsesOf(host, creation))
        {
            if (IsStart(use.Parent) || use.Parent is IConditionalAccessOperation { WhenNotNull: var call } && IsStart(call))
                return true;
        }

        return false;
    }

    private static IEnumerable<IOperation> UsesOf(HostFacts host, IObjectCreationOperation creation) => StartedWork.FateOf(creation).Store switch
    {
        ILocalSymbol local => host.Index.UsesOfLocal(local),
        { } member => host.Index.UsesOfMember(member),
        null => [],
    };

    private static bool IsStart(IOperation? operation) => operation is IInvocationOperation { TargetMethod.Name: "Start" or "UnsafeStart" };

    // Set to a value that isn't constant, it may be either: no rule speaks then.
    private static bool SetsBackground(IOperation operation) =>
        operation is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "IsBackground" }, Value.ConstantValue: not { HasValue: true, Value: false } };
}
