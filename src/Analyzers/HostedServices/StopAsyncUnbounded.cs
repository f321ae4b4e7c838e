using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT208: a stop that waits for work and ignores its token. However long the work takes, the host waits, and the other services with it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StopAsyncUnbounded() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    /// <summary>The property that holds the wait's <see cref="StopWaitForm"/>.</summary>
    internal const string Form = "form";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.StopAsyncUnbounded,
        Category.HostedServices,
        "StopAsync waits without its token",
        "'{0}' waits here however long it takes: the shutdown timeout doesn't end the wait, and the services that stop after this one get what time is left",
        "The shutdown timeout only cancels the token that StopAsync is given; the host itself waits for ever. The services are stopped one after the other and share one timeout.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            // A method of a base class can be part of several stops.
            var reported = new HashSet<SyntaxNode>();
            foreach (var stop in host.ServiceStops.All)
            {
                foreach (var wait in stop.UnboundedWaits)
                {
                    if (wait.Operation.Syntax.SyntaxTree == file.SemanticModel.SyntaxTree && reported.Add(wait.Operation.Syntax))
                        file.ReportDiagnostic(Diagnostic.Create(Descriptor, SquiggleOf(wait.Operation), ImmutableDictionary<string, string?>.Empty.Add(Form, wait.Form.ToString()), stop.Name));
                }
            }
        });

    private static Location SquiggleOf(IOperation wait) => wait.Syntax switch
    {
        WhileStatementSyntax loop => Location.Create(loop.SyntaxTree, TextSpan.FromBounds(loop.WhileKeyword.SpanStart, loop.CloseParenToken.Span.End)),
        InvocationExpressionSyntax when wait is IInvocationOperation call => Squiggle.Of(call),
        var other => other.GetLocation(),
    };
}
