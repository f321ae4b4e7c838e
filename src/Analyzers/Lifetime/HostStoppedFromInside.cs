using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT111: <c>IHost.StopAsync</c> called by code that the host runs, or beside a <c>Run</c> that waits. The stop waits for its caller until the timeout, or the
/// whole stop sequence runs twice.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HostStoppedFromInside() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    /// <summary>The property that is there where a host that is asked to stop would fail to start.</summary>
    internal const string Starting = "starting";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.HostStoppedFromInside,
        Category.Lifetime,
        "The host is stopped by code that it runs",
        "'{0}' in {1} stops the host from inside: {2}",
        "StopAsync is for the code that started the host. Code that the host runs, or that runs beside Run, asks for the stop with IHostApplicationLifetime.StopApplication and goes on.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        RegisterCalls(context, host, [IndexedNames.StopAsync], (file, call) => Analyze(file, host, call));

    private static void Analyze(SemanticModelAnalysisContext context, HostFacts host, IInvocationOperation call)
    {
        if (Values.Receiver(call) is not { } receiver
            || !host.Types.IsHost(receiver.Type)
            || (host.RunSites.Of(call.Syntax) is { } site ? ReasonIn(host, site, receiver) : ReasonBeside(host, call, receiver)) is not { } reason)
        {
            return;
        }

        var facts = ImmutableDictionary<string, string?>.Empty;
        var places = new List<Location>();
        if (host.RunSites.Of(call.Syntax) is { } caller)
        {
            facts = facts.Add(LifetimeSource.Property, LifetimeSource.For(caller));
            places.Add(caller.Root.GetLocation());
            if (caller is { By: RunBy.HostedService, Symbol.Name: "StartAsync" or "StartingAsync" or "StartedAsync" })
                facts = facts.Add(Starting, "");
        }

        context.ReportDiagnostic(Diagnostic.Create(Descriptor, Squiggle.Of(call), places, facts, HostBuildDiagnostic.Describe(call), reason.Place, reason.Consequence));
    }

    private static (string Place, string Consequence)? ReasonIn(HostFacts host, RunSite site, IOperation receiver) => site switch
    {
        // A hook on the process's end that waits for the host is SHUT113's.
        { Callback.Event: StopEvent.ProcessExit or StopEvent.Unloading } => null,
        { Callback: { } callback } => RunningHost.IsWaitedFor(host, receiver)
            ? (callback.Event == StopEvent.Signal ? "a signal handler" : $"a callback on '{callback.Event}'", "the stop sequence runs twice")
            : null,
        _ when !RunningHost.Runs(host, receiver, site) => null,
        { By: RunBy.HostedService } => ($"the hosted service '{site.Symbol.ContainingType.Name}'", "the stop waits for the service that waits for the stop, until the shutdown timeout"),
        _ => ("a request handler", "the stop waits for the request that waits for the stop, until the shutdown timeout"),
    };

    /// <summary>Work of the program's own that goes on while the host runs: a task, a timer, a thread, an event.</summary>
    private static (string Place, string Consequence)? ReasonBeside(HostFacts host, IInvocationOperation call, IOperation receiver) =>
        OperationWalk.FunctionAround(call) is { } function && StartedWork.GoesOn(function, host) && RunningHost.IsWaitedFor(host, receiver)
            ? ("work beside its run", "the stop sequence runs twice")
            : null;
}
