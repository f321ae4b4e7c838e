using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT205: a background service's <c>StopAsync</c> that never calls the base class: the work is neither told to stop nor waited for.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StopAsyncSkipsBase() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.StopAsyncSkipsBase,
        Category.HostedServices,
        "StopAsync of a background service doesn't call the base class",
        "'{0}' never calls 'base.StopAsync': the stopping token doesn't fire and nobody waits for 'ExecuteAsync', so the process ends in the middle of its work",
        "BackgroundService.StopAsync cancels the stopping token and waits for ExecuteAsync. An override that leaves it out lets the host go on at once: the process exits with code 0 while the work still runs.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var stop in host.ServiceStops.All)
            {
                if (stop.Body.Syntax.SyntaxTree == file.SemanticModel.SyntaxTree
                    && stop.IsStopAsync
                    && host.Types.Inherits(stop.Symbol.ContainingType, KnownType.BackgroundService)
                    && HasWork(stop, host)
                    && !stop.CallsBase
                    && !stop.WaitsForWork)
                {
                    file.ReportDiagnostic(Diagnostic.Create(Descriptor, stop.Symbol.Locations[0], stop.Name));
                }
            }
        });

    /// <summary>Whether any of the services still runs when it is stopped. In doubt (abstract, or <c>ExecuteAsync</c> out of sight) it does.</summary>
    private static bool HasWork(ServiceStop stop, HostFacts host)
    {
        foreach (var service in stop.Services)
        {
            if (service.Execute is not { } execute || HostedService.BodyOf(host, execute) is not { } body || !IsOverAtOnce(body, execute))
                return true;
        }

        return false;
    }

    /// <summary>Returns a completed task on every path, and keeps nothing that the stopping token could still end.</summary>
    private static bool IsOverAtOnce(IOperation body, IMethodSymbol execute)
    {
        foreach (var operation in OperationWalk.All(body))
        {
            switch (operation)
            {
                case IParameterReferenceOperation { Parameter: var parameter } when SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, execute):
                case ILoopOperation or IAwaitOperation when OperationWalk.FunctionAround(operation) is null:
                case IReturnOperation { ReturnedValue: { } value } when OperationWalk.FunctionAround(operation) is null && !IsCompletedTask(value):
                    return false;
            }
        }

        return true;
    }

    private static bool IsCompletedTask(IOperation value) => Values.WalkDown(value) switch
    {
        IPropertyReferenceOperation { Property.Name: "CompletedTask" } => true,
        IInvocationOperation { TargetMethod: { Name: "FromResult", ContainingType.Name: "Task" } } => true,
        IThrowOperation => true,
        _ => false,
    };
}
