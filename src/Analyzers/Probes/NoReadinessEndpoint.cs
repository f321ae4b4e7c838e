using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Probes;

/// <summary>SHUT404: a web program without any health endpoint, so that no load balancer can learn that it is leaving.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoReadinessEndpoint() : ShutdownAnalyzer(Gate.WebHosting | Gate.Executable, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.NoReadinessEndpoint,
        Category.Probes,
        "The web program maps no health endpoint",
        "'{0}' builds a web host that maps no health endpoint: at shutdown no load balancer can learn that it is leaving",
        "A load balancer stops sending requests to a process that answers its readiness probe with 503. A program without a readiness endpoint is found out by its refused connections.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var build in host.Builds.All)
            {
                if (build.Tree == file.SemanticModel.SyntaxTree
                    && build.ServesUntilShutdown
                    && host.HealthEndpoints.All.Count == 0
                    && !host.HealthEndpoints.HasConfiguredPaths
                    && !host.ProbesElsewhere.MayBeMapped)
                {
                    file.ReportDiagnostic(ProbeDiagnostic.NoEndpoint(Descriptor, build, host));
                }
            }
        });
}
