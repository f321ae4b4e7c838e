using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>How work is set going.</summary>
internal enum WorkKind
{
    /// <summary><c>Task.Run</c>, <c>StartNew</c>, or an asynchronous method of the class: there is a task.</summary>
    Task,

    /// <summary>An async void method, or an item of the thread pool: there is nothing to wait for.</summary>
    FireAndForget,

    /// <summary>A <c>Thread</c>.</summary>
    Thread,

    /// <summary>A <c>System.Threading.Timer</c> or <c>System.Timers.Timer</c>.</summary>
    Timer,

    /// <summary>A handler that is given to a broker or another source of messages.</summary>
    Subscription,
}

/// <summary>Something that a hosted service sets going.</summary>
/// <param name="Start">The call or creation that does it.</param>
/// <param name="Kind">How.</param>
/// <param name="Code">The functions of this compilation that run, as far as they are known.</param>
internal sealed record BackgroundWork(IOperation Start, WorkKind Kind, IReadOnlyList<Function> Code)
{
    /// <summary>What <paramref name="method"/> sets going, also in the lambdas and local functions in it.</summary>
    public static IEnumerable<BackgroundWork> In(HostFacts host, ServiceMethod method)
    {
        foreach (var operation in OperationWalk.All(method.Body))
        {
            var work = operation switch
            {
                IInvocationOperation call => OfCall(host, method, call),
                IObjectCreationOperation creation => OfCreation(host, creation),
                _ => null,
            };
            if (work is not null)
                yield return work;
        }
    }

    /// <summary>Whether <paramref name="call"/> gives a handler to something that calls it for each message.</summary>
    public static bool IsSubscription(IInvocationOperation call) =>
        call.TargetMethod.Name is var name
        && (name.StartsWith("Subscribe", StringComparison.Ordinal) || name.StartsWith("BasicConsume", StringComparison.Ordinal))
        && Values.Receiver(call) is not null;

    private static BackgroundWork? OfCall(HostFacts host, ServiceMethod method, IInvocationOperation call)
    {
        var target = call.TargetMethod;
        if (IsTaskStart(host, target))
            return new(call, WorkKind.Task, CodeOf(host, call.Arguments));

        if (target.Name is "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" && host.Types.Is(target.ContainingType, KnownType.ThreadPool))
            return new(call, WorkKind.FireAndForget, CodeOf(host, call.Arguments));

        if (IsSubscription(call))
            return new(call, WorkKind.Subscription, CodeOf(host, call.Arguments));

        if (OwnFunction(host, method, target) is { } own)
        {
            if (StartedWork.IsTask(call.Type, host))
                return new(call, WorkKind.Task, [own]);
            if (own.IsAsyncVoid)
                return new(call, WorkKind.FireAndForget, [own]);
        }

        return null;
    }

    private static BackgroundWork? OfCreation(HostFacts host, IObjectCreationOperation creation)
    {
        if (host.Types.Is(creation.Type, KnownType.Thread))
            return new(creation, WorkKind.Thread, CodeOf(host, creation.Arguments));

        // A System.Timers.Timer gets its handler later, by an event.
        return host.Types.Is(creation.Type, KnownType.Timer) || host.Types.Is(creation.Type, KnownType.TimersTimer)
            ? new(creation, WorkKind.Timer, CodeOf(host, creation.Arguments))
            : null;
    }

    private static bool IsTaskStart(HostFacts host, IMethodSymbol method) => method.Name switch
    {
        "Run" => host.Types.Is(method.ContainingType, KnownType.Task),
        "StartNew" => host.Types.Inherits(method.ContainingType, KnownType.TaskFactory),
        _ => false,
    };

    /// <summary>A method of the service or a local function, with its source.</summary>
    private static Function? OwnFunction(HostFacts host, ServiceMethod method, IMethodSymbol called)
    {
        if (called.MethodKind == MethodKind.LocalFunction)
            return Function.Of(host, called);

        foreach (var service in method.Services)
        {
            if (service.Has(called))
                return Function.Of(host, service.Resolve(called));
        }

        return null;
    }

    private static List<Function> CodeOf(HostFacts host, IEnumerable<IArgumentOperation> arguments)
    {
        var code = new List<Function>();
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Type.TypeKind == TypeKind.Delegate)
                code.AddRange(Delegates.Resolve(host, argument.Value));
        }

        return code;
    }
}
