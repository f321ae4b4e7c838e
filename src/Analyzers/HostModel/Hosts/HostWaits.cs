using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Finds calls that block until the host has stopped.</summary>
internal static class HostWaits
{
    /// <summary>The first one in a function's own code, or null.</summary>
    public static IInvocationOperation? In(HostFacts host, Function function)
    {
        foreach (var operation in OperationWalk.Own(function.Body))
        {
            if (operation is IInvocationOperation call && (IsWaitForShutdown(host, call) || (IsBlocking(call) && WaitsForHost(host, call))))
                return call;
        }

        return null;
    }

    private static bool IsBlocking(IInvocationOperation call) => call.TargetMethod.Name is "Wait" or "WaitOne" or "GetResult" or "WaitAll" or "WaitAny";

    private static bool IsWaitForShutdown(HostFacts host, IInvocationOperation call) =>
        call.TargetMethod.Name == "WaitForShutdown" && host.Types.IsHost(Values.Receiver(call)?.Type);

    private static bool WaitsForHost(HostFacts host, IInvocationOperation wait)
    {
        foreach (var operation in OperationWalk.All(wait))
        {
            switch (operation)
            {
                case IInvocationOperation call when IsEndOfHost(host, call):
                case IPropertyReferenceOperation when StopCallbacks.TokenOf(host, operation) is not null:
                    return true;

                case ILocalReferenceOperation { Local: var local } when IsTaskOfHost(host, local) || IsSetAtEnd(host, local):
                    return true;

                case IFieldReferenceOperation { Field: var field } when host.IsInSource(field) && (IsTaskOfHost(host, field) || IsSetAtEnd(host, field)):
                    return true;
            }
        }

        return false;
    }

    private static bool IsEndOfHost(HostFacts host, IInvocationOperation call) =>
        call.TargetMethod.Name is "StopAsync" or "RunAsync" or "WaitForShutdownAsync" && host.Types.IsHost(Values.Receiver(call)?.Type);

    /// <summary><c>var run = host.RunAsync();</c></summary>
    private static bool IsTaskOfHost(HostFacts host, ISymbol variable)
    {
        if (variable.DeclaringSyntaxReferences is [var declaration]
            && declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: var initial }
            && host.Index.Operation(initial) is { } value
            && Values.WalkDown(value) is IInvocationOperation call
            && IsEndOfHost(host, call))
        {
            return true;
        }

        foreach (var use in host.Ownership.ReferencesTo(variable))
        {
            if (use.Parent is ISimpleAssignmentOperation assignment && assignment.Target == use && Values.WalkDown(assignment.Value) is IInvocationOperation assigned && IsEndOfHost(host, assigned))
                return true;
        }

        return false;
    }

    /// <summary>An event that is set when the host has stopped: in a callback on its lifetime, in the stop of a hosted service, or behind <c>Run</c>.</summary>
    private static bool IsSetAtEnd(HostFacts host, ISymbol variable)
    {
        foreach (var use in host.Ownership.ReferencesTo(variable))
        {
            if (Values.CallOn(use) is not { TargetMethod.Name: "Set" or "Release" or "Signal" or "SetResult" or "TrySetResult" } set)
                continue;

            if (host.RunSites.Of(set.Syntax) is { } site
                ? site.Callback is { IsOfHost: true } || site is { By: RunBy.HostedService, Symbol.Name: "StopAsync" or "StoppedAsync" }
                : FollowsRun(host, set))
            {
                return true;
            }
        }

        return false;
    }

    private static bool FollowsRun(HostFacts host, IInvocationOperation set)
    {
        IOperation body = set;
        while (body.Parent is { } parent)
            body = parent;

        foreach (var operation in OperationWalk.Own(body))
        {
            if (operation is IInvocationOperation { TargetMethod.Name: "Run" or "RunAsync" or "WaitForShutdown" or "WaitForShutdownAsync" } run
                && run.Syntax.Span.End < set.Syntax.SpanStart
                && host.Types.IsHost(Values.Receiver(run)?.Type))
            {
                return true;
            }
        }

        return false;
    }
}
