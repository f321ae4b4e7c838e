using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT113: a <c>ProcessExit</c> handler that blocks until the host has stopped. Where a request or a service ends the process, the host waits for that code,
/// and that code for the handler.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ProcessExitWaitsForHost() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ProcessExitWaitsForHost,
        Category.Lifetime,
        "A ProcessExit handler waits for the host",
        "'{0}' in a handler of '{1}' blocks until the host has stopped: when code that the host runs ends the process, both wait for each other and the process hangs",
        "At SIGTERM the host has stopped before ProcessExit is raised, so the wait is of no use. At Environment.Exit in a request it never ends: the host waits for the request, the request for the handler.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var callback in host.StopCallbacks.All)
            {
                if (callback.Event is not (StopEvent.ProcessExit or StopEvent.Unloading))
                    continue;

                foreach (var function in callback.Functions)
                {
                    // The handler may stand in another file than its subscription: the diagnostic belongs to the wait's file.
                    if (function.Syntax.SyntaxTree == file.SemanticModel.SyntaxTree && HostWaits.In(host, function) is { } wait)
                    {
                        var subscription = callback.Registration.Syntax;
                        IEnumerable<Location> places = IsWhole(function, wait) && subscription.SyntaxTree == function.Syntax.SyntaxTree && subscription.Span.Contains(function.Syntax.Span)
                            ? [subscription.GetLocation()]
                            : [];
                        file.ReportDiagnostic(Diagnostic.Create(Descriptor, Squiggle.Of(wait), places, wait.TargetMethod.Name, callback.Event.ToString()));
                    }
                }
            }
        });

    /// <summary>Whether the handler does nothing else, so that it can go with its subscription.</summary>
    private static bool IsWhole(Function handler, IInvocationOperation wait) => handler.Syntax switch
    {
        AnonymousFunctionExpressionSyntax { ExpressionBody: { } body } => body.Span.Contains(wait.Syntax.Span),
        AnonymousFunctionExpressionSyntax { Block.Statements: [ExpressionStatementSyntax only] } => only.Expression.Span.Contains(wait.Syntax.Span),
        _ => false,
    };
}
