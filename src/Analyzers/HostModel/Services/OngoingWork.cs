using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Tells work that goes on for a while from a call that is soon over.</summary>
internal static class OngoingWork
{
    private const int DeepestCall = 3;

    /// <summary>A delay up to this is a pause.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether an awaited call goes on: its code loops around something awaited, or waits; a call into a package does by what its name says.
    /// </summary>
    public static bool IsLong(HostFacts host, IInvocationOperation call) => IsLong(host, call, DeepestCall, []);

    private static bool IsLong(HostFacts host, IInvocationOperation call, int depth, HashSet<Place> seen)
    {
        if (IsDelay(host, call))
            return call.Arguments is [{ Value: var time }, ..] && TimeSpans.ConstantOf(time, host) is not { } known || known < TimeSpan.Zero || known > Pause;

        if (Function.Of(host, call.TargetMethod) is not { } function)
            return Waits.FormOf(call, host) != WaitForm.None || (Waits.TokenFormOf(call, host) != WaitForm.None && SpeaksOfWaiting(call.TargetMethod.Name));

        if (depth == 0 || function.Body is not { } body || !seen.Add(function.Place))
            return false;

        foreach (var operation in OperationWalk.Own(body))
        {
            if (operation is IWhileLoopOperation or IForEachLoopOperation { IsAsynchronous: true } or IForLoopOperation { Condition: null } && Awaits((ILoopOperation)operation)
                || (operation is IInvocationOperation inner && (IsLong(host, inner, depth - 1, seen) || IsRepeatedPause(host, inner))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A delay in a loop: short, but many times.</summary>
    public static bool IsRepeatedPause(HostFacts host, IInvocationOperation call) => IsDelay(host, call) && OperationWalk.LoopsAround(call).Any();

    private static bool IsDelay(HostFacts host, IInvocationOperation call) =>
        call.TargetMethod.Name is "Delay" or "Sleep" && (host.Types.Is(call.TargetMethod.ContainingType, KnownType.Task) || host.Types.Is(call.TargetMethod.ContainingType, KnownType.Thread));

    private static bool Awaits(ILoopOperation loop)
    {
        if (loop is IForEachLoopOperation { IsAsynchronous: true })
            return true;

        foreach (var operation in OperationWalk.Own(loop))
        {
            if (operation is IAwaitOperation or IInvocationOperation { TargetMethod.Name: "Sleep" })
                return true;
        }

        return false;
    }

    private static bool SpeaksOfWaiting(string name)
    {
        foreach (var word in (string[])["Wait", "Run", "Listen", "Consume", "Receive", "Process", "Serve"])
        {
            if (name.StartsWith(word, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
