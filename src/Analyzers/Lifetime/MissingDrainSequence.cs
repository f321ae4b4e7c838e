using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT101: a web host that stops at the signal itself. The load balancer learns of it seconds later, and what it sends until then is refused.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MissingDrainSequence() : ShutdownAnalyzer(Gate.Executable | Gate.WebHosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.MissingDrainSequence,
        Category.Lifetime,
        "The web host registers no drain sequence",
        "'{0}' builds a web host without a drain sequence: at SIGTERM it closes its port at once, and requests that the load balancer still sends are lost",
        "A load balancer goes on sending requests for seconds after the signal. A host that closes its port at once refuses them; with a drain sequence its readiness turns 503 first and it serves on for a while.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var build in host.Builds.All)
            {
                if (build.Tree == file.SemanticModel.SyntaxTree
                    && build.ServesUntilShutdown
                    && !host.Drain.IsRegistered
                    && !host.Drain.HasEquivalent(build.Tree))
                {
                    file.ReportDiagnostic(HostBuildDiagnostic.Create(Descriptor, build));
                }
            }
        });
}
