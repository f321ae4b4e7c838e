using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT204: the catch of SHUT203 in a loop that does end, which logs each stop as an error.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CancellationLoggedAsError() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.CancellationLoggedAsError,
        Category.HostedServices,
        "A catch in a loop logs the cancellation as an error",
        "'{0}' in the loop of '{1}' takes the cancellation too: every stop is logged as a failure",
        "A stop is no failure. Logged as one at every deployment, it hides the real failures, or wakes somebody up.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var method in host.HostedServices.Running(file.SemanticModel.SyntaxTree))
            {
                foreach (var swallow in method.Swallows)
                {
                    if (swallow is { IsForEver: false, LogsAsError: true })
                        file.ReportDiagnostic(SwallowDiagnostic.Create(Descriptor, swallow, method, host));
                }
            }
        });
}
