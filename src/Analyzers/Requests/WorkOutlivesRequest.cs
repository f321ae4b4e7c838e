using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Requests;

/// <summary>SHUT502: work that a handler starts and doesn't wait for. The stop waits for requests and not for it: every deploy loses what is under way.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WorkOutlivesRequest() : ShutdownAnalyzer(Gate.WebHosting, Descriptor)
{
    /// <summary>The property that says where a fix may take the service from.</summary>
    internal const string Service = "service";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.WorkOutlivesRequest,
        Category.Requests,
        "Work outlives its request and nobody waits for it",
        "'{0}' goes on after the request and nobody waits for it: a stop loses it in the middle, without a word in the log",
        "The host waits for requests and for hosted services. A task that a handler discards is neither: the process ends when they have, whatever the task is doing.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host)
    {
        var works = new RequestWorks(host);
        context.RegisterOperationAction(
            operation =>
            {
                if (works.Of((IInvocationOperation)operation.Operation) is not { } work)
                    return;

                var method = work.Started.TargetMethod;
                var name = method.ContainingType is { Name: "Task" or "ThreadPool" or "TaskFactory" } type ? $"{type.Name}.{method.Name}" : method.Name;
                operation.ReportDiagnostic(Diagnostic.Create(
                    Descriptor,
                    Squiggle.Of(work.Started),
                    [work.Started.Syntax.GetLocation(), work.Site.Root.GetLocation()],
                    ImmutableDictionary<string, string?>.Empty.Add(Service, ServiceFor(work.Site)),
                    name));
            },
            OperationKind.Invocation);
    }

    private static string ServiceFor(RunSite site) => site.Handler switch
    {
        HandlerKind.Endpoint => "parameter",
        HandlerKind.Action or HandlerKind.Page or HandlerKind.Hub or HandlerKind.Grpc or HandlerKind.HealthCheck or HandlerKind.EndpointClass or HandlerKind.Middleware => "constructor",
        _ => "reach",
    };
}
