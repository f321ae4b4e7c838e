using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>How a wait can be made to end at the stop.</summary>
internal enum WaitForm
{
    /// <summary>Not a wait that knows tokens.</summary>
    None,

    /// <summary>It can take a token and has none.</summary>
    TakesToken,

    /// <summary>It is given <c>None</c> or <c>default</c>.</summary>
    GivenNone,

    /// <summary><c>Thread.Sleep</c>.</summary>
    Sleep,

    /// <summary><c>WaitHandle.WaitOne</c>.</summary>
    Handle,
}

/// <summary>Recognizes calls that wait.</summary>
internal static class Waits
{
    /// <summary>Shorter than this nobody notices the wait at a stop.</summary>
    private static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(50);

    // Receives of queues and listeners, in whatever package: they count where the method can take a token.
    private static readonly string[] Receives = ["Receive", "Dequeue", "Consume", "Accept", "Pull", "Poll"];

    /// <summary>How <paramref name="call"/> waits without a stopping token.</summary>
    public static WaitForm FormOf(IInvocationOperation call, HostFacts host)
    {
        var method = call.TargetMethod;
        if (!HasWaitingName(method.Name))
            return WaitForm.None;

        var type = method.ContainingType;
        if (method.Name == "Sleep")
            return host.Types.Is(type, KnownType.Thread) && !IsShort(call, host) ? WaitForm.Sleep : WaitForm.None;
        if (method.Name == "WaitOne")
            return host.Types.Is(type, KnownType.WaitHandle) && !IsOfToken(call, host) && !IsShort(call, host) ? WaitForm.Handle : WaitForm.None;

        return !IsWait(method, host) || IsShort(call, host) ? WaitForm.None : TokenFormOf(call, host);
    }

    /// <summary>Whether any call can take a token, and has none: <see cref="WaitForm.TakesToken"/>, <see cref="WaitForm.GivenNone"/> or <see cref="WaitForm.None"/>.</summary>
    public static WaitForm TokenFormOf(IInvocationOperation call, HostFacts host)
    {
        foreach (var argument in call.Arguments)
        {
            if (host.Tokens.IsToken(argument.Parameter?.Type))
                return argument.ArgumentKind == ArgumentKind.DefaultValue ? WaitForm.TakesToken : host.Tokens.IsNone(argument.Value) ? WaitForm.GivenNone : WaitForm.None;
        }

        return HasOverloadWithToken(call.TargetMethod, host) ? WaitForm.TakesToken : WaitForm.None;
    }

    /// <summary>Whether <paramref name="call"/> may wait for long in a way that no token ends: an accept or a receive, of whatever package, that is given none.</summary>
    public static bool MayBlock(IInvocationOperation call, HostFacts host)
    {
        if (!IsReceive(call.TargetMethod.Name) && call.TargetMethod.Name is not ("GetContext" or "GetContextAsync" or "Take" or "Join" or "WaitForExit" or "WaitForExitAsync"))
            return false;

        foreach (var argument in call.Arguments)
        {
            if (host.Tokens.IsToken(argument.Parameter?.Type))
                return false;
        }

        return !IsShort(call, host);
    }

    // stoppingToken.WaitHandle.WaitOne(...) is the wait that ends at the stop.
    private static bool IsOfToken(IInvocationOperation call, HostFacts host) =>
        call.Instance is IPropertyReferenceOperation { Instance: { } owner } && host.Tokens.IsToken(owner.Type);

    private static bool HasWaitingName(string name) =>
        name is "Delay" or "Sleep" or "WaitOne" or "Wait" or "WaitAsync" or "WaitForNextTickAsync" or "ReadAsync" or "WaitToReadAsync" or "ReadAllAsync" or "WriteAsync" or "WaitToWriteAsync"
            or "Take" or "TryTake" or "GetConsumingEnumerable"
        || IsReceive(name);

    private static bool IsReceive(string name)
    {
        foreach (var receive in Receives)
        {
            if (name.StartsWith(receive, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static bool IsWait(IMethodSymbol method, HostFacts host)
    {
        var types = host.Types;
        var type = method.ContainingType;
        return method.Name switch
        {
            "Delay" => types.Is(type, KnownType.Task),
            "Wait" => types.Is(type, KnownType.SemaphoreSlim) || types.Is(type, KnownType.ManualResetEventSlim) || types.Is(type, KnownType.CountdownEvent),
            "WaitAsync" => types.Is(type, KnownType.SemaphoreSlim),
            "WaitForNextTickAsync" => types.Is(type, KnownType.PeriodicTimer),
            "ReadAsync" or "WaitToReadAsync" or "ReadAllAsync" => types.Inherits(type, KnownType.ChannelReader),
            "WriteAsync" or "WaitToWriteAsync" => types.Inherits(type, KnownType.ChannelWriter),
            "Take" or "GetConsumingEnumerable" => types.Inherits(type, KnownType.BlockingCollection),
            "TryTake" => types.Inherits(type, KnownType.BlockingCollection) && method.Parameters.Length > 1,
            _ => IsReceive(method.Name) && (StartedWork.IsTask(method.ReturnType, host) || !method.ReturnsVoid),
        };
    }

    /// <summary>A constant time that is over before anybody notices, zero included (a question, not a wait).</summary>
    private static bool IsShort(IInvocationOperation call, HostFacts host)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { Type: var type }
                && ((type.SpecialType == SpecialType.System_Int32 && !IsReceive(call.TargetMethod.Name)) || host.Types.Is(type, KnownType.TimeSpan))
                && argument.ArgumentKind == ArgumentKind.Explicit
                && TimeSpans.ConstantOf(argument.Value, host) is { } time)
            {
                return time >= TimeSpan.Zero && time < Noticeable;
            }
        }

        return false;
    }

    private static bool HasOverloadWithToken(IMethodSymbol method, HostFacts host)
    {
        var definition = method.ReducedFrom ?? method;
        foreach (var member in definition.ContainingType.GetMembers(method.Name))
        {
            if (member is not IMethodSymbol other || other.IsStatic != definition.IsStatic || other.Parameters.Length != definition.Parameters.Length + 1
                || !host.Tokens.IsToken(other.Parameters[other.Parameters.Length - 1].Type))
            {
                continue;
            }

            var same = true;
            for (var i = 0; i < definition.Parameters.Length && same; i++)
                same = SymbolEqualityComparer.Default.Equals(other.Parameters[i].OriginalDefinition.Type, definition.Parameters[i].OriginalDefinition.Type);
            if (same)
                return true;
        }

        return false;
    }
}
