using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT203: in a loop without a stop condition, a catch that takes the cancellation and goes on. The loop spins hot until the host gives up.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CancellationSwallowed() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.CancellationSwallowed,
        Category.HostedServices,
        "A catch in an endless loop swallows the cancellation",
        "'{0}' in the endless loop of '{1}' takes the cancellation at the stop and goes on: the loop spins until the shutdown timeout kills it",
        "Once the token has fired every wait that gets it throws at once. A catch that takes that exception in a loop without another end makes a hot loop of it, for the whole shutdown timeout.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var method in host.HostedServices.Running(file.SemanticModel.SyntaxTree))
            {
                foreach (var swallow in method.Swallows)
                {
                    if (swallow.IsForEver)
                        file.ReportDiagnostic(SwallowDiagnostic.Create(Descriptor, swallow, method, host));
                }
            }
        });
}
