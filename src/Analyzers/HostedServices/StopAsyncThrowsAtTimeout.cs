using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT214: a stop that lets the cancellation out when the host's time is over. The process aborts, and no cleanup runs after it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StopAsyncThrowsAtTimeout() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.StopAsyncThrowsAtTimeout,
        Category.HostedServices,
        "StopAsync throws when the host's time is over",
        "'{0}' throws here when the shutdown timeout is over: 'Run' throws in its turn, the process aborts with exit code 134, and the cleanup after it never runs",
        "The token of StopAsync fires when the shutdown timeout is over. An exception that leaves StopAsync leaves Run too, so what comes after the stop (the disposal of the container, the last log lines) doesn't run.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            // A method of a base class can be part of several stops.
            var reported = new HashSet<SyntaxNode>();
            foreach (var stop in host.ServiceStops.All)
            {
                foreach (var thrown in stop.ThrowsAtTimeout)
                {
                    if (thrown.Syntax.SyntaxTree == file.SemanticModel.SyntaxTree && reported.Add(thrown.Syntax))
                        file.ReportDiagnostic(Diagnostic.Create(Descriptor, SquiggleOf(thrown), stop.Name));
                }
            }
        });

    private static Location SquiggleOf(IOperation thrown) => thrown.Syntax switch
    {
        ThrowStatementSyntax statement => statement.ThrowKeyword.GetLocation(),
        ThrowExpressionSyntax expression => expression.ThrowKeyword.GetLocation(),
        _ when thrown is IInvocationOperation call => Squiggle.Of(call),
        var other => other.GetLocation(),
    };
}
