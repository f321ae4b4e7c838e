using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Probes;

/// <summary>
/// SHUT401: a readiness endpoint that goes on saying "ready" while the process stops. The load balancer has no other way to learn of it in time.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadinessIgnoresShutdown() : ShutdownAnalyzer(Gate.WebHosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ReadinessIgnoresShutdown,
        Category.Probes,
        "The readiness endpoint ignores the shutdown",
        "'{0}' answers ready until the port closes: while the process shuts down it is still sent requests, and the last of them are lost",
        "Readiness is how a load balancer learns that a process is leaving. An endpoint that looks at nothing, or runs checks that look at databases alone, stays ready throughout the stop.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var endpoint in host.HealthEndpoints.All)
            {
                if (endpoint.Kind == ProbeKind.Readiness
                    && endpoint.Route.Tree == file.SemanticModel.SyntaxTree
                    && host.HealthEndpoints.IgnoresShutdown(endpoint))
                {
                    file.ReportDiagnostic(ProbeDiagnostic.IgnoresShutdown(Descriptor, endpoint, host));
                }
            }
        });
}
