using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT105: a Ctrl+C handler that asks for a stop and lets the process die under it: without <c>e.Cancel = true</c> the runtime
/// ends the process as soon as the handler returns, or at its first <c>await</c>.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CancelKeyPressKillsProcess() : ShutdownAnalyzer(Gate.Signals, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.CancelKeyPressKillsProcess,
        Category.Lifetime,
        "The Ctrl+C handler asks for a stop and lets the process die",
        "The CancelKeyPress handler asks {0} to stop and {1}: the process dies while it stops, and no finally block runs",
        "After a CancelKeyPress handler the runtime ends the process at once, unless the handler has set Cancel to true before it returned or awaited. What the handler asked to stop never gets to do it.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var hook in host.Signals.CancelKeyPress)
            {
                if (hook.Tree == file.SemanticModel.SyntaxTree
                    && hook.Handler is { } handler
                    && UncancelledStop.Of(host, handler) is { } stop
                    && !host.Running.MayOwnSignals)
                {
                    file.ReportDiagnostic(Diagnostic.Create(
                        Descriptor,
                        hook.Event.Syntax.GetLocation(),
                        additionalLocations: [handler.Syntax.GetLocation()],
                        stop.Target,
                        stop.Failing("e.Cancel")));
                }
            }
        });
}
