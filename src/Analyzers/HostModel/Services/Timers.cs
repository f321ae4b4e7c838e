using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The timers that call back: <c>System.Threading.Timer</c> and <c>System.Timers.Timer</c>.</summary>
internal static class Timers
{
    /// <summary>The callback of a new timer, or the handler of <c>Elapsed</c>.</summary>
    public static IOperation? Callback(HostFacts host, IOperation operation) => operation switch
    {
        IObjectCreationOperation { Arguments: [{ Value: var callback }, ..] } creation when host.Types.Is(creation.Type, KnownType.Timer) => callback,
        IEventAssignmentOperation { Adds: true, EventReference: IEventReferenceOperation { Event: { Name: "Elapsed", ContainingType: var type } }, HandlerValue: var handler }
            when host.Types.Is(type, KnownType.TimersTimer) => handler,
        _ => null,
    };

    /// <summary>The functions that the timers of <paramref name="methods"/> call.</summary>
    public static HashSet<Place> Callbacks(HostFacts host, IEnumerable<ServiceMethod> methods)
    {
        var callbacks = new HashSet<Place>();
        foreach (var method in methods)
        {
            foreach (var operation in OperationWalk.All(method.Body))
            {
                if (Callback(host, operation) is not { } callback)
                    continue;

                foreach (var function in Delegates.Resolve(host, callback))
                    callbacks.Add(function.Place);
            }
        }

        return callbacks;
    }
}
