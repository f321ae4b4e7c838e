using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A delay that the host pays for from its shutdown timeout.</summary>
/// <param name="Call">The call that waits: <c>Thread.Sleep</c>, <c>Task.Delay</c>, <c>WaitOne</c>.</param>
/// <param name="Where">What it stands in, for a message.</param>
/// <param name="Time">How long it is, where that is constant and it stands in no loop.</param>
internal sealed record StopDelay(IInvocationOperation Call, string Where, TimeSpan? Time);

/// <summary>Finds delays in callbacks on <c>ApplicationStopping</c> and in <c>StoppingAsync</c>: both run when the shutdown timeout already counts.</summary>
internal sealed class StopDelays
{
    private const int DeepestCall = 3;

    /// <summary>Shorter than this it is no time for a load balancer, but some care for a callback's own work.</summary>
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(1);

    private readonly HostFacts _host;
    private readonly List<StopDelay> _all = [];
    private readonly HashSet<SyntaxNode> _seen = [];

    public StopDelays(HostFacts host)
    {
        _host = host;
        foreach (var callback in host.StopCallbacks.All)
        {
            if (callback.Event != StopEvent.ApplicationStopping)
                continue;

            // What an async callback awaits, nobody waits for: SHUT108's.
            foreach (var function in callback.Functions)
                Search(function.Body, "the callback on ApplicationStopping", awaits: false, DeepestCall);
        }

        foreach (var stop in host.ServiceStops.All)
        {
            if (stop.IsStopping)
                Search(stop.Body, stop.Name, awaits: true, DeepestCall);
        }
    }

    public IReadOnlyList<StopDelay> All => _all;

    private void Search(IOperation? body, string where, bool awaits, int depth)
    {
        if (body is null || !_seen.Add(body.Syntax))
            return;

        foreach (var operation in OperationWalk.Own(body))
        {
            if (operation is not IInvocationOperation call)
                continue;

            if (IsDelay(call, awaits))
                Note(call, where);
            else if (depth > 0 && (awaits || !call.TargetMethod.IsAsync) && Function.Of(_host, call.TargetMethod) is { } called)
                Search(called.Body, where, awaits, depth - 1);
        }
    }

    private bool IsDelay(IInvocationOperation call, bool awaits)
    {
        var types = _host.Types;
        var type = call.TargetMethod.ContainingType;
        return call.TargetMethod.Name switch
        {
            "Sleep" => types.Is(type, KnownType.Thread),
            "Delay" => types.Is(type, KnownType.Task) && (awaits ? StartedWork.FateOf(call).Fate == Fate.Awaited : Blocks(call)),
            "WaitOne" => types.Is(type, KnownType.WaitHandle),
            "Wait" => types.Is(type, KnownType.ManualResetEventSlim) || types.Is(type, KnownType.CountdownEvent),
            _ => false,
        };
    }

    private static bool Blocks(IInvocationOperation delay) =>
        delay.Parent is IInvocationOperation { TargetMethod.Name: "Wait" or "GetAwaiter" } waits && waits.Instance == delay;

    private void Note(IInvocationOperation call, string where)
    {
        var time = TimeOf(call);
        var isInLoop = OperationWalk.LoopsAround(call).Any();
        if (!isInLoop && time is { } known && known < Noticeable && known != TimeSpans.Infinite)
            return;

        _all.Add(new(call, where, isInLoop || time == TimeSpans.Infinite || call.TargetMethod.Name is not ("Sleep" or "Delay") ? null : time));
    }

    private TimeSpan? TimeOf(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Type is { } type && (type.SpecialType == SpecialType.System_Int32 || _host.Types.Is(type, KnownType.TimeSpan)))
                return TimeSpans.ConstantOf(argument.Value, _host);
        }

        return null;
    }
}
