using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Walks over operations.</summary>
internal static class OperationWalk
{
    /// <summary>The operation itself and all inside it, also the bodies of lambdas and local functions.</summary>
    public static IEnumerable<IOperation> All(IOperation? root)
    {
        if (root is null)
            yield break;

        var pending = new Stack<IOperation>();
        pending.Push(root);
        while (pending.Count > 0)
        {
            var current = pending.Pop();
            yield return current;
            PushChildren(pending, current);
        }
    }

    /// <summary>The same, without the bodies of lambdas and local functions: what runs when <paramref name="root"/> does.</summary>
    public static IEnumerable<IOperation> Own(IOperation? root)
    {
        if (root is null)
            yield break;

        var pending = new Stack<IOperation>();
        pending.Push(root);
        while (pending.Count > 0)
        {
            var current = pending.Pop();
            yield return current;
            if (current is not (IAnonymousFunctionOperation or ILocalFunctionOperation) || current == root)
                PushChildren(pending, current);
        }
    }

    /// <summary>The lambda or local function that <paramref name="operation"/> runs in, or null where it runs in the method itself.</summary>
    public static IOperation? FunctionAround(IOperation operation)
    {
        for (var current = operation.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation)
                return current;
        }

        return null;
    }

    /// <summary>The loops around <paramref name="operation"/> in the function that it runs in, from the inside out; an operation in a loop's collection or first statement isn't in that loop.</summary>
    public static IEnumerable<ILoopOperation> LoopsAround(IOperation operation)
    {
        var child = operation;
        for (var current = operation.Parent; current is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); child = current, current = current.Parent)
        {
            if (current is ILoopOperation loop && !RunsOnce(loop, child))
                yield return loop;
        }
    }

    public static bool Contains(IOperation outer, IOperation inner)
    {
        for (var current = inner; current is not null; current = current.Parent!)
        {
            if (current == outer)
                return true;
        }

        return false;
    }

    private static bool RunsOnce(ILoopOperation loop, IOperation child) => loop switch
    {
        // The collection of an 'await foreach' is waited for at each turn.
        IForEachLoopOperation each => each.Collection == child && !each.IsAsynchronous && !IsBlockingEnumerable(each.Collection),
        IForLoopOperation counted => counted.Before.Contains(child),
        _ => false,
    };

    private static bool IsBlockingEnumerable(IOperation collection) =>
        Values.WalkDown(collection) is IInvocationOperation { TargetMethod.Name: "GetConsumingEnumerable" };

    // In reverse, so that they come off the stack in the order of the source.
    private static void PushChildren(Stack<IOperation> pending, IOperation operation)
    {
        foreach (var child in operation.ChildOperations.Reverse())
            pending.Push(child);
    }
}
