using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Probes;

/// <summary>SHUT405: health endpoints that exist on the developer's machine alone. The templates of service defaults do it, to keep them from the public.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ProbesOnlyInDevelopment() : ShutdownAnalyzer(Gate.WebHosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.ProbesOnlyInDevelopment,
        Category.Probes,
        "Health endpoints are mapped in development only",
        "'{0}' is mapped in development only: in production no load balancer can learn that the process is shutting down",
        "Readiness matters where load balancers ask for it. What is mapped under IsDevelopment() isn't there.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            if (First(file.SemanticModel.SyntaxTree, host) is { } endpoint && (!host.IsExecutable || !host.ProbesElsewhere.IsAppHandedOver))
                file.ReportDiagnostic(ProbeDiagnostic.OnlyInDevelopment(Descriptor, endpoint, host));
        });

    /// <summary>The first health endpoint of the file; null where any is there in production. One is enough: the condition is the same.</summary>
    private static HealthEndpoint? First(SyntaxTree tree, HostFacts host)
    {
        HealthEndpoint? first = null;
        foreach (var endpoint in host.HealthEndpoints.All)
        {
            if (!endpoint.IsOutsideProduction)
                return null;

            if (endpoint.Route.Tree == tree && (first is null || endpoint.Route.Place.SourceSpan.Start < first.Route.Place.SourceSpan.Start))
                first = endpoint;
        }

        return first;
    }
}
