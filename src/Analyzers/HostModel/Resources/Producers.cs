using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Messages that are only put into a producer's buffer: nobody waits until the broker has them.</summary>
internal static class Producers
{
    /// <summary>The names of what puts a message into the buffer.</summary>
    public static readonly string[] Names = ["Produce", "ProduceAsync"];

    // What a delivery handler tells somebody who waits for it by.
    private static readonly string[] Signals =
        ["SetResult", "TrySetResult", "SetException", "TrySetException", "SetFromTask", "TrySetFromTask", "Signal", "Set", "Release", "Complete", "TryWrite", "WriteAsync", "Add"];

    /// <summary>The producer that <paramref name="call"/> leaves a message with; null where it is another call, or somebody waits for the delivery.</summary>
    public static IOperation? LeftWith(HostFacts host, IInvocationOperation call)
    {
        if (Array.IndexOf(Names, call.TargetMethod.Name) < 0
            || Values.Unconditional(Values.Receiver(call)) is not { } producer
            || host.Resources.Find(producer.Type, call.Syntax.SyntaxTree) is not { Kind: ResourceKind.Producer })
        {
            return null;
        }

        return call.TargetMethod.Name == "Produce" ? (TellsOfDelivery(host, call) ? null : producer) : IsDropped(call) ? producer : null;
    }

    /// <summary>The first call that leaves a message with the producer in <paramref name="variable"/>.</summary>
    public static IInvocationOperation? FirstLeftWith(HostFacts host, ISymbol variable)
    {
        foreach (var reference in host.Ownership.ReferencesTo(variable))
        {
            if (Values.ConditionalCallOn(reference) is { } call && LeftWith(host, call) is not null)
                return call;
        }

        return null;
    }

    private static bool IsDropped(IInvocationOperation call) => call.Parent switch
    {
        IExpressionStatementOperation => true,
        ISimpleAssignmentOperation { Target: IDiscardOperation } => true,
        _ => false,
    };

    /// <summary>Whether the call is given a delivery handler that completes or counts something.</summary>
    private static bool TellsOfDelivery(HostFacts host, IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.IsImplicit || argument.Parameter?.Type.TypeKind != TypeKind.Delegate)
                continue;

            var functions = Delegates.Resolve(host, argument.Value);
            if (functions.Count == 0 && Values.WalkDown(argument.Value).ConstantValue is not { HasValue: true, Value: null })
                return true;

            foreach (var function in functions)
            {
                foreach (var operation in OperationWalk.All(function.Body))
                {
                    if (operation is IInvocationOperation { TargetMethod.Name: var name } && Array.IndexOf(Signals, name) >= 0)
                        return true;
                }
            }
        }

        return false;
    }
}
