using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A call of the entry point that starts a host and returns while it runs.</summary>
/// <param name="Call"><c>RunAsync()</c>, <c>StartAsync()</c> or <c>Start()</c>.</param>
/// <param name="Host">The local that holds the host, or null where it is started without one.</param>
/// <param name="Stop">The call that stops the host, or null where there is none.</param>
/// <param name="IsWaitedFor">Whether some code runs the host to its end or waits for it.</param>
/// <param name="Escapes">Whether the host goes where its end can't be seen: a field, a return, a call.</param>
internal sealed record HostStart(IInvocationOperation Call, ILocalSymbol? Host, IInvocationOperation? Stop, bool IsWaitedFor, bool Escapes)
{
    public SyntaxTree Tree => Call.Syntax.SyntaxTree;

    /// <summary><c>RunAsync()</c>: its task ends with the host. A start's task ends when the host has started.</summary>
    public bool IsRun => Call.TargetMethod.Name == "RunAsync";
}

/// <summary>The hosts that the entry point starts by hand.</summary>
internal sealed class HostStarts
{
    private readonly HostFacts _host;

    public HostStarts(HostFacts host)
    {
        _host = host;
        var all = new List<HostStart>();
        foreach (var name in IndexedNames.Start)
        {
            foreach (var syntax in host.Index.Invocations(name))
            {
                if (host.EntryPoint is { } entryPoint
                    && host.Index.Operation(syntax) is IInvocationOperation call
                    && OperationWalk.FunctionAround(call) is null
                    && SymbolEqualityComparer.Default.Equals(host.Index.EnclosingMethod(syntax), entryPoint)
                    && Recognize(call) is { } start)
                {
                    all.Add(start);
                }
            }
        }

        All = all;
    }

    public IReadOnlyList<HostStart> All { get; }

    private HostStart? Recognize(IInvocationOperation call)
    {
        var receiver = Values.Receiver(call);
        if (_host.Types.IsHost(receiver?.Type))
        {
            return receiver switch
            {
                ILocalReferenceOperation { Local: var local } => Follow(call, local),
                // builder.Build().StartAsync(): what Build or a helper returned, and nobody has any more.
                IInvocationOperation => new(call, null, null, IsWaitedFor: false, Escapes: false),
                _ => null,
            };
        }

        // On a builder: builds and starts.
        if (call.TargetMethod.Name == "RunAsync" || !_host.Types.IsHostBuilder(receiver?.Type))
            return null;

        var started = Values.WalkUp(call);
        return started.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => Follow(call, local),
            IExpressionStatementOperation => new(call, null, null, IsWaitedFor: false, Escapes: false),
            _ => null,
        };
    }

    private HostStart Follow(IInvocationOperation start, ILocalSymbol local)
    {
        IInvocationOperation? stop = null;
        var (isWaitedFor, escapes) = (false, false);
        foreach (var use in _host.Index.UsesOfLocal(local))
        {
            var value = Values.WalkUp(use);
            if (CallOn(value) is { } call)
            {
                if (call.Syntax == start.Syntax)
                    continue;

                if (call.TargetMethod.Name == "StopAsync")
                    stop ??= call;
                else if (SpeaksOfTheEnd(call.TargetMethod.Name))
                    isWaitedFor = true;
                else if (call.TargetMethod.IsExtensionMethod && !IsFrameworks(call.TargetMethod))
                    escapes = true;
            }
            else if (value.Parent is IUsingOperation or IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: ILocalSymbol { IsUsing: true } } })
            {
                // The old web host stops when it is disposed of; the generic one doesn't.
                isWaitedFor |= _host.Types.Inherits(local.Type, KnownType.IWebHost);
            }
            else if (value.Parent is not (IPropertyReferenceOperation or IConditionalAccessOperation or IExpressionStatementOperation or IBinaryOperation or IIsPatternOperation or INameOfOperation)
                && !(value.Parent is IAssignmentOperation assignment && assignment.Target == value))
            {
                escapes = true;
            }
        }

        isWaitedFor |= local.IsUsing && _host.Types.Inherits(local.Type, KnownType.IWebHost);
        return new(start, local, stop, isWaitedFor || WatchesStop(start), escapes);
    }

    private static IInvocationOperation? CallOn(IOperation value) =>
        Values.CallOn(value) ?? (value.Parent is IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } access && access.Operation == value ? call : null);

    // Run and its kin, and what others add: WaitForExitAsync, RunJobsAsync, DisposeAfterShutdown.
    private static bool SpeaksOfTheEnd(string name) => name.Contains("Run") || name.Contains("Wait") || name.Contains("Stop") || name.Contains("Shutdown");

    private static bool IsFrameworks(IMethodSymbol method) =>
        method.ContainingAssembly?.Name is { } name
        && (name.StartsWith("Microsoft.", StringComparison.Ordinal) || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith(DrainRegistrations.RuntimeAssembly, StringComparison.Ordinal));

    /// <summary>Whether the entry point asks the lifetime itself: for its token, not for a callback on it.</summary>
    private bool WatchesStop(IInvocationOperation start)
    {
        foreach (var name in (string[])["ApplicationStopping", "ApplicationStopped"])
        {
            foreach (var use in _host.Index.Uses(name))
            {
                if (use.SyntaxTree == start.Syntax.SyntaxTree
                    && use.Parent is not MemberAccessExpressionSyntax { Parent: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Register" } })
                {
                    return true;
                }
            }
        }

        return false;
    }
}
