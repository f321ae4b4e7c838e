using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT206: work that a hosted service sets going and then knows nothing of. The process ends in the middle of it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UntrackedWork() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    /// <summary>The property that is there where the task can be kept and waited for: it is dropped by a statement of <c>StartAsync</c>, and it ends by itself.</summary>
    internal const string CanAwait = "await";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.UntrackedWork,
        Category.HostedServices,
        "A hosted service starts work that its stop knows nothing of",
        "'{0}' goes on after '{1}', and the stop of '{2}' neither signals nor awaits it: the process ends in the middle of it",
        "The host waits for what StopAsync returns, and for ExecuteAsync. Work that is neither kept nor signalled runs on while the services that it uses are closed, and is cut off when the process ends; its exceptions are lost too.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var method in host.HostedServices.Running(file.SemanticModel.SyntaxTree))
            {
                var tracking = new WorkTracking(host, method);
                IOperation? reported = null;
                foreach (var work in BackgroundWork.In(host, method))
                {
                    // What untracked work starts itself is part of it.
                    if ((reported is not null && OperationWalk.Contains(reported, work.Start)) || IsLeftBehind(host, tracking, work) || IsInTimerCallback(host, work.Start) || tracking.IsTrivial(work) || !tracking.IsUntracked(work))
                        continue;

                    reported = work.Start;
                    file.ReportDiagnostic(Diagnostic.Create(Descriptor, HeadOf(work.Start), Facts(method, tracking, work), NameOf(work.Start), method.Name, method.Services[0].Type.Name));
                }
            }
        });

    private static ImmutableDictionary<string, string?> Facts(ServiceMethod method, WorkTracking tracking, BackgroundWork work)
    {
        var isOnce = method.IsStart && OperationWalk.FunctionAround(work.Start) is null && !OperationWalk.LoopsAround(work.Start).Any();
        return work.Kind == WorkKind.Task && isOnce && StartedWork.FateOf(work.Start).Fate == Fate.Discarded && tracking.EndsByItself(work)
            ? ImmutableDictionary<string, string?>.Empty.Add(CanAwait, work.Start.Type?.Name)
            : ImmutableDictionary<string, string?>.Empty;
    }

    // A foreground thread does the opposite and keeps the process alive; a background thread that ends by itself was made to be left behind.
    private static bool IsLeftBehind(HostFacts host, WorkTracking tracking, BackgroundWork work) =>
        work.Kind == WorkKind.Thread && (!Threads.IsBackground(host, (IObjectCreationOperation)work.Start) || tracking.EndsByItself(work));

    // That is SHUT210's.
    private static bool IsInTimerCallback(HostFacts host, IOperation start)
    {
        foreach (var function in Function.Around(start.Syntax))
        {
            if (host.HostedServices.TimerCallbacks.Contains(Place.Of(function)))
                return true;
        }

        return false;
    }

    private static Location HeadOf(IOperation start) => start switch
    {
        IInvocationOperation call => Squiggle.Of(call),
        { Syntax: ObjectCreationExpressionSyntax creation } => creation.Type.GetLocation(),
        _ => start.Syntax.GetLocation(),
    };

    private static string NameOf(IOperation start) => start switch
    {
        IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } function } => function.Name,
        IInvocationOperation { TargetMethod: var method } => $"{method.ContainingType.Name}.{method.Name}",
        _ => start.Type?.Name ?? "",
    };
}
