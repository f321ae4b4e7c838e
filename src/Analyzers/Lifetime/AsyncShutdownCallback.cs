using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT108: a stop callback that starts asynchronous work. Nobody waits for it, and the process ends in the midst of it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AsyncShutdownCallback() : ShutdownAnalyzer(Gate.None, Descriptor)
{
    /// <summary>The property that is there where the drain is registered, or can be, so that its service can be asked for.</summary>
    internal const string Drain = "drain";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.AsyncShutdownCallback,
        Category.Lifetime,
        "Nobody waits for the stop callback's asynchronous work",
        "Nobody waits for the asynchronous work of this callback on '{0}': the process ends while it still runs, and an exception in it kills the process",
        "The delegates of ApplicationStopping, ApplicationStopped, ProcessExit and Unloading return nothing, so an async lambda is async void there: the stop goes on at its first await.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var callback in host.StopCallbacks.All)
            {
                if (callback.Tree == file.SemanticModel.SyntaxTree
                    && callback.Event is StopEvent.ApplicationStopping or StopEvent.ApplicationStopped or StopEvent.ProcessExit or StopEvent.Unloading
                    && LeavesWorkBehind(callback))
                {
                    file.ReportDiagnostic(Create(host, callback));
                }
            }
        });

    private static Diagnostic Create(HostFacts host, StopCallback callback)
    {
        var facts = ImmutableDictionary<string, string?>.Empty;
        Location[] places = [];
        if (callback.IsOfHost && host.Drain.IsRegistered)
        {
            facts = facts.Add(Drain, "");
        }
        else if (callback.IsOfHost && host.Builds.All is [var build])
        {
            facts = facts.Add(Drain, "").Add(HostBuildDiagnostic.Form, build.Form.ToString());
            places = build.WebConfiguration is { } web ? [build.Call.Syntax.GetLocation(), web.Syntax.GetLocation()] : [build.Call.Syntax.GetLocation()];
        }

        return Diagnostic.Create(Descriptor, Squiggle.Of(callback), places, facts, callback.Event.ToString());
    }

    private static bool LeavesWorkBehind(StopCallback callback)
    {
        foreach (var function in callback.Functions)
        {
            if (function.Body is { } body && (DiscardsTask(body) || (function.IsAsyncVoid && Awaits(body))))
                return true;
        }

        return false;
    }

    /// <summary>Without an await an async function runs to its end, as any other.</summary>
    private static bool Awaits(IOperation body)
    {
        foreach (var operation in body.DescendantsAndSelf())
        {
            if (operation is IAwaitOperation or IForEachLoopOperation { IsAsynchronous: true } or IUsingOperation { IsAsynchronous: true } or IUsingDeclarationOperation { IsAsynchronous: true }
                && !IsInNestedFunction(operation, body)
                && !EndsProcess(body))
            {
                return true;
            }
        }

        return false;
    }

    private static bool DiscardsTask(IOperation body)
    {
        foreach (var operation in body.Descendants())
        {
            var discarded = operation switch
            {
                IExpressionStatementOperation { Operation: IInvocationOperation call } => call,
                IExpressionStatementOperation { Operation: IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } } => call,
                IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Target: IDiscardOperation, Value: var value } } => Values.WalkDown(value) as IInvocationOperation,
                _ => null,
            };
            if (discarded is not null && IsTask(discarded.Type) && !IsAwaited(operation) && !IsInNestedFunction(operation, body) && !EndsProcess(discarded))
                return true;
        }

        return false;
    }

    // _ = await FlushAsync() discards the result, not the work.
    private static bool IsAwaited(IOperation statement) =>
        statement is IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Value: IAwaitOperation } };

    private static bool IsTask(ITypeSymbol? type) =>
        type is { Name: "Task" or "ValueTask", ContainingNamespace: { Name: "Tasks", ContainingNamespace.Name: "Threading" } };

    private static bool IsInNestedFunction(IOperation operation, IOperation body)
    {
        for (var current = operation.Parent; current is not null && current != body; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation)
                return true;
        }

        return false;
    }

    /// <summary>A watchdog that ends a stop which takes too long is not waited for by its nature.</summary>
    private static bool EndsProcess(IOperation work)
    {
        foreach (var operation in work.Descendants())
        {
            if (operation is IInvocationOperation { TargetMethod: { Name: "Exit" or "FailFast", ContainingType.Name: "Environment" } })
                return true;
        }

        return false;
    }
}
