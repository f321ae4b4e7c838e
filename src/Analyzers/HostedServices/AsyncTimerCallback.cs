using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT210: a timer's callback that goes on after it has returned. Disposing the timer doesn't wait for it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AsyncTimerCallback() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.AsyncTimerCallback,
        Category.HostedServices,
        "A hosted service's timer starts asynchronous work that the stop doesn't know of",
        "The callback of this '{0}' goes on after it has returned, and the stop of '{1}' neither awaits nor cancels it",
        "A timer takes callbacks that return nothing, so an asynchronous one is async void: stopping or disposing the timer ends no callback that has begun, and an exception in it ends the process. A loop over a PeriodicTimer in ExecuteAsync is awaited and cancelled.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var method in host.HostedServices.RunningAndConstructors(file.SemanticModel.SyntaxTree))
            {
                foreach (var operation in OperationWalk.All(method.Body))
                {
                    if (Timers.Callback(host, operation) is { } callback && GoesOn(host, method, operation, callback))
                        file.ReportDiagnostic(Diagnostic.Create(Descriptor, PlaceOf(operation), NameOf(operation), method.Services[0].Type.Name));
                }
            }
        });

    private static bool GoesOn(HostFacts host, ServiceMethod method, IOperation start, IOperation callback)
    {
        foreach (var function in Delegates.Resolve(host, callback))
        {
            if ((function.IsAsyncVoid || DropsTask(host, function))
                && !new WorkTracking(host, method).IsSignalled(new BackgroundWork(start, WorkKind.FireAndForget, [function])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool DropsTask(HostFacts host, Function function)
    {
        foreach (var operation in OperationWalk.Own(function.Body))
        {
            if (operation is IInvocationOperation call && StartedWork.IsTask(call.Type, host) && !IsPartOfChain(call, host) && StartedWork.FateOf(call).Fate == Fate.Discarded)
                return true;
        }

        return false;
    }

    // StartAsync().ContinueWith(...): one drop, of the last task.
    private static bool IsPartOfChain(IInvocationOperation call, HostFacts host) => Values.CallOn(call) is { } next && StartedWork.IsTask(next.Type, host);

    private static Location PlaceOf(IOperation operation) => operation.Syntax switch
    {
        ObjectCreationExpressionSyntax creation => creation.Type.GetLocation(),
        AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Name: var name } } => name.GetLocation(),
        AssignmentExpressionSyntax { Left: var left } => left.GetLocation(),
        var other => other.GetLocation(),
    };

    private static string NameOf(IOperation operation) => operation is IEventAssignmentOperation ? "System.Timers.Timer" : "Timer";
}
