using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT103: <c>Environment.Exit</c>, or killing the own process, in code that the host runs. The requests in flight get no answer, no hosted service is stopped,
/// and the container disposes nothing.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ExitInHandler() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    /// <summary>The property that is there where the code's function returns to the host, or to nobody: a return in place of the exit goes no further.</summary>
    internal const string Returns = "returns";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ExitInHandler,
        Category.Lifetime,
        "The process ends itself in code that the host runs",
        "'{0}' in {1} ends the process at once: requests in flight get no answer, hosted services aren't stopped and nothing is disposed",
        "Environment.Exit and Process.Kill pass the host by. The host stops in order when it is asked to by StopApplication, and Environment.ExitCode says how it ended.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        RegisterUses(context, IndexedNames.Exits, (file, use) =>
        {
            if (host.Index.Operation(SourceIndex.InvocationOf(use) ?? SourceIndex.ExpressionOf(use)) is { } exit && NameOf(host, exit) is { } name)
                Report(file, host, exit, name);
        });

    private static string? NameOf(HostFacts host, IOperation exit) => exit switch
    {
        IInvocationOperation { TargetMethod: { Name: "Exit", ContainingType: var type } } when host.Types.Is(type, KnownType.Environment) => "Environment.Exit",
        IMethodReferenceOperation { Method: { Name: "Exit", ContainingType: var type } } when host.Types.Is(type, KnownType.Environment) => "Environment.Exit",
        IInvocationOperation { TargetMethod: { Name: "Kill", ContainingType: var type } } kill when host.Types.Is(type, KnownType.Process) && IsOwnProcess(host, kill.Instance, depth: 0) => "Process.Kill",
        _ => null,
    };

    private static void Report(SemanticModelAnalysisContext context, HostFacts host, IOperation exit, string name)
    {
        if (host.RunSites.Of(exit.Syntax) is not { } site || IsWithoutHost(host, site) || IsSecondSignal(host, exit, site, depth: 0) || IsWatchdog(exit, site))
            return;

        var facts = ImmutableDictionary<string, string?>.Empty.Add(LifetimeSource.Property, LifetimeSource.For(site));
        if (exit is IInvocationOperation && site.IsDirect && EndsTheFunction(exit, site))
            facts = facts.Add(Returns, "");

        context.ReportDiagnostic(Diagnostic.Create(Descriptor, exit.Syntax.GetLocation(), [site.Root.GetLocation()], facts, name, Describe(site)));
    }

    private static bool IsOwnProcess(HostFacts host, IOperation? process, int depth)
    {
        if (process is null || depth > 2)
            return false;

        switch (Values.WalkDown(process))
        {
            case IInvocationOperation { TargetMethod.Name: "GetCurrentProcess" }:
                return true;

            case IInvocationOperation { TargetMethod.Name: "GetProcessById", Arguments: [{ Value: var id }, ..] }:
                return Values.WalkDown(id) is IPropertyReferenceOperation property
                    && (property.Property.Name == "ProcessId" || (property.Property.Name == "Id" && IsOwnProcess(host, property.Instance, depth + 1)));

            case ILocalReferenceOperation { Local: var local }:
                return local.DeclaringSyntaxReferences is [var declaration]
                    && declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: var value }
                    && IsOwnProcess(host, host.Index.Operation(value), depth + 1);

            case IFieldReferenceOperation { Field: { IsReadOnly: true } field }:
                return field.DeclaringSyntaxReferences is [var fieldDeclaration]
                    && fieldDeclaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: var initial }
                    && IsOwnProcess(host, host.Index.Operation(initial), depth + 1);

            default:
                return false;
        }
    }

    /// <summary>Signals and <c>ProcessExit</c> are a matter of the host only where this program builds one.</summary>
    private static bool IsWithoutHost(HostFacts host, RunSite site) =>
        site.Callback is { IsOfHost: false } && host.Builds.All.Count == 0;

    /// <summary>
    /// The forced exit at the second Ctrl+C: in a signal's handler, on a condition that looks at more than the signal itself (a flag, a counter, a token).
    /// </summary>
    private static bool IsSecondSignal(HostFacts host, IOperation exit, RunSite site, int depth)
    {
        if (site.Callback is not { Event: StopEvent.CancelKeyPress or StopEvent.Signal })
            return false;

        // In a method of its own: on the condition on which that is called.
        if (!site.IsDirect && depth < 3 && IsOnlyCalledBySecondSignal(host, exit, site, depth))
            return true;

        for (var current = exit; current.Parent is { } parent; current = parent)
        {
            switch (parent)
            {
                case IConditionalOperation branch when branch.Condition != current && LooksAtState(host, branch.Condition, site):
                case ISwitchCaseOperation { Parent: ISwitchOperation choice } when LooksAtState(host, choice.Value, site):
                    return true;

                // if (!stopping) { ...; return; }  Environment.Exit(1);
                case IBlockOperation block:
                    foreach (var statement in block.Operations)
                    {
                        if (statement == current)
                            break;
                        if (statement is IConditionalOperation earlier && LooksAtState(host, earlier.Condition, site) && Leaves(earlier.WhenTrue))
                            return true;
                    }

                    break;
            }
        }

        return false;
    }

    private static bool IsOnlyCalledBySecondSignal(HostFacts host, IOperation exit, RunSite site, int depth)
    {
        foreach (var function in Function.Around(exit.Syntax))
        {
            if (function is not MethodDeclarationSyntax)
                continue;

            var isCalled = false;
            foreach (var call in Function.SymbolOf(host, function) is { } method ? host.Index.CallsInType(method) : [])
            {
                isCalled = true;
                if (!IsSecondSignal(host, call, site with { IsDirect = host.RunSites.Of(call.Syntax)?.IsDirect == true }, depth + 1))
                    return false;
            }

            return isCalled;
        }

        return false;
    }

    private static bool Leaves(IOperation branch) => branch is IReturnOperation || (branch is IBlockOperation { Operations: [.., IReturnOperation] });

    private static bool LooksAtState(HostFacts host, IOperation condition, RunSite site)
    {
        foreach (var operation in condition.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IFieldReferenceOperation { Field.HasConstantValue: false, Field.ContainingType.TypeKind: not TypeKind.Enum }:
                case IInvocationOperation:
                case IPropertyReferenceOperation { Property.IsStatic: true }:
                case IPropertyReferenceOperation { Instance: IInstanceReferenceOperation }:
                case ILocalReferenceOperation { Local: var local } when !site.Root.Span.Contains(local.Locations[0].SourceSpan) || local.Locations[0].SourceTree != site.Root.SyntaxTree:
                case ILocalReferenceOperation { Local: var copy } when TakesState(host, copy):
                case IParameterReferenceOperation { Parameter: var parameter } when !SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, site.Symbol)
                    && !site.Root.Span.Contains(parameter.Locations[0].SourceSpan):
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether the handler has set its local from a field, as it does where that is read under a lock.</summary>
    private static bool TakesState(HostFacts host, ILocalSymbol local)
    {
        foreach (var value in host.Ownership.ValuesOf(local))
        {
            if (value is IFieldReferenceOperation { Field.HasConstantValue: false })
                return true;
        }

        return false;
    }

    /// <summary>An exit that the stop arms for the case that it takes too long: on another thread or after a wait, never at once.</summary>
    private static bool IsWatchdog(IOperation exit, RunSite site)
    {
        if (site.Callback is not { Event: StopEvent.ApplicationStopping } && !(site.By == RunBy.HostedService && site.Symbol.Name is "StopAsync" or "StoppingAsync"))
            return false;

        for (var current = exit; current is not null && current.Syntax != site.Root; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation && current.Syntax != site.Root && (GivenTo(current) is "Timer" or "ContinueWith" or "Register" or "Delay"))
                return true;
        }

        for (var current = exit; current.Parent is { } parent; current = parent)
        {
            if (parent is IBlockOperation block && (parent.Syntax.Parent != site.Root || site.Symbol.IsAsync))
            {
                foreach (var statement in block.Operations)
                {
                    if (statement.Syntax.SpanStart >= exit.Syntax.SpanStart)
                        break;
                    if (Waits(statement))
                        return true;
                }
            }

            if (parent.Syntax == site.Root)
                break;
        }

        return false;
    }

    private static bool Waits(IOperation statement)
    {
        foreach (var operation in statement.DescendantsAndSelf())
        {
            if (operation is IInvocationOperation { TargetMethod.Name: "Delay" or "Sleep" or "WaitOne" or "Wait" or "WaitAsync" or "Join" })
                return true;
        }

        return false;
    }

    /// <summary>The method or the type that a lambda is an argument of.</summary>
    private static string? GivenTo(IOperation lambda)
    {
        var parent = lambda.Parent;
        while (parent is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
            parent = parent.Parent;
        return parent is IArgumentOperation { Parent: var call }
            ? call switch
            {
                IInvocationOperation invocation => invocation.TargetMethod.Name,
                IObjectCreationOperation creation => creation.Type?.Name,
                _ => null,
            }
            : parent is IEventAssignmentOperation { EventReference: IEventReferenceOperation { Event.Name: var name } } ? name : null;
    }

    /// <summary>Whether the function that the exit stands in returns to the host, or runs on its own with nobody waiting for it.</summary>
    private static bool EndsTheFunction(IOperation exit, RunSite site)
    {
        foreach (var function in Function.Around(exit.Syntax))
        {
            if (function == site.Root)
            {
                return site.By switch
                {
                    RunBy.Request => site.Handler != HandlerKind.Helper,
                    // A host that is asked to stop while it starts fails to start, and dies with 134 once Kestrel sees the cancelled token.
                    RunBy.HostedService => site.Symbol.Name is "ExecuteAsync" or "StopAsync" or "StoppingAsync" or "StoppedAsync",
                    _ => true,
                };
            }

            return function is AnonymousFunctionExpressionSyntax && RunsAlone(exit, function);
        }

        return false;
    }

    private static bool RunsAlone(IOperation exit, SyntaxNode lambda)
    {
        for (var current = exit.Parent; current is not null; current = current.Parent)
        {
            if (current is not IAnonymousFunctionOperation || current.Syntax != lambda)
                continue;

            switch (GivenTo(current))
            {
                case "Timer" or "Thread" or "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" or "Elapsed" or "OnCompleted" or "OnStarting" or "Register":
                    return true;

                case "Run" or "StartNew" or "ContinueWith":
                    for (var outer = current.Parent; outer is not null; outer = outer.Parent)
                    {
                        if (outer is IInvocationOperation call)
                        {
                            return call.Parent is IExpressionStatementOperation
                                or ISimpleAssignmentOperation { Target: IDiscardOperation };
                        }
                    }

                    return false;

                default:
                    return false;
            }
        }

        return false;
    }

    private static string Describe(RunSite site)
    {
        if (site.Callback is { } callback)
            return callback.Event switch
            {
                StopEvent.Signal => "a signal handler",
                var stop => $"a callback on '{stop}'",
            };

        if (site.By.HasFlag(RunBy.HostedService) && site.Handler is null)
            return $"the hosted service '{site.Symbol.ContainingType.Name}'";

        return site.Symbol.MethodKind == MethodKind.AnonymousFunction ? "a request handler" : site.Handler switch
        {
            HandlerKind.Action => $"the action '{Name(site)}'",
            HandlerKind.Middleware => $"the middleware '{site.Symbol.ContainingType.Name}'",
            HandlerKind.HealthCheck => $"the health check '{site.Symbol.ContainingType.Name}'",
            _ => $"the request handler '{Name(site)}'",
        };
    }

    private static string Name(RunSite site) =>
        site.Symbol.MethodKind == MethodKind.LocalFunction ? site.Symbol.Name : $"{site.Symbol.ContainingType.Name}.{site.Symbol.Name}";
}
