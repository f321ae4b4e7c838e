using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Probes;

/// <summary>SHUT402: the one health endpoint of a program, which then has to serve as its readiness, and doesn't turn at the stop.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HealthIgnoresShutdown() : ShutdownAnalyzer(Gate.WebHosting | Gate.Executable, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.HealthIgnoresShutdown,
        Category.Probes,
        "The only health endpoint ignores the shutdown",
        "'{0}' is the only endpoint that can serve as readiness, and it answers healthy until the port closes: while the process shuts down it is still sent requests",
        "Where a program has one health endpoint of a general name, the platform asks that one whether to send requests. If it stays healthy throughout the stop, nobody learns that the process is leaving.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var endpoint in host.HealthEndpoints.All)
            {
                if (endpoint.Kind == ProbeKind.General
                    && endpoint.Route.Tree == file.SemanticModel.SyntaxTree
                    && host.HealthEndpoints.IgnoresShutdown(endpoint)
                    && IsOnly(endpoint, host)
                    && !host.ProbesElsewhere.IsAppHandedOver)
                {
                    file.ReportDiagnostic(ProbeDiagnostic.IgnoresShutdown(Descriptor, endpoint, host));
                }
            }
        });

    /// <summary>Liveness beside it is no readiness; the same path in two branches of the program is one endpoint.</summary>
    private static bool IsOnly(HealthEndpoint endpoint, HostFacts host)
    {
        foreach (var other in host.HealthEndpoints.All)
        {
            if (other.Kind != ProbeKind.Liveness && !string.Equals(other.Route.Path, endpoint.Route.Path, StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }
}
