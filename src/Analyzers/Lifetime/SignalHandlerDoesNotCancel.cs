using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT107: a handler of SIGTERM, SIGINT or SIGQUIT that asks for a stop and leaves the signal's default in place, which kills the
/// process when the handler returns or first awaits. Where a host runs, the host's own handler cancels the default for all.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SignalHandlerDoesNotCancel() : ShutdownAnalyzer(Gate.Signals, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.SignalHandlerDoesNotCancel,
        Category.Lifetime,
        "The signal handler asks for a stop and lets the signal kill the process",
        "The {0} handler asks {1} to stop and {2}: the signal kills the process while it stops, and no finally block runs",
        "When a handler of PosixSignalRegistration returns or awaits without having set Cancel to true, the signal does what it does by default and kills the process. What the handler asked to stop never gets to do it.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var registration in host.Signals.Registrations)
            {
                if (registration.Tree == file.SemanticModel.SyntaxTree
                    && registration is { IsStopSignal: true, Handler: { } handler }
                    && UncancelledStop.Of(host, handler) is { } stop
                    && !host.Running.MayOwnSignals)
                {
                    file.ReportDiagnostic(Diagnostic.Create(
                        Descriptor,
                        Squiggle.Of(registration.Call),
                        additionalLocations: [handler.Syntax.GetLocation()],
                        registration.Signal,
                        stop.Target,
                        stop.Failing("context.Cancel")));
                }
            }
        });
}
