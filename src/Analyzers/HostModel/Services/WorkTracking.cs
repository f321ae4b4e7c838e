using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Whether the stop of a service knows of the work that one of its methods sets going.</summary>
internal sealed class WorkTracking(HostFacts host, ServiceMethod method)
{
    private const int MaxDepth = 4;

    /// <summary>Whether the stop neither signals nor awaits the work. In doubt it does one of them.</summary>
    public bool IsUntracked(BackgroundWork work) =>
        HasKnownStop()
        && !(work.Kind == WorkKind.Subscription ? IsEndedSubscription((IInvocationOperation)work.Start) : IsKept(work.Start, 0))
        && !IsSignalled(work);

    /// <summary>Whether the work can learn of the stop: by a token that fires after the start, or by something that <c>StopAsync</c> acts on.</summary>
    public bool IsSignalled(BackgroundWork work)
    {
        // A disposal alone comes too late for a task: the pools that it uses may be closed already. A timer is ended by it.
        var byDisposal = work.Kind is WorkKind.Timer or WorkKind.Subscription;
        foreach (var function in CodeOf(work))
        {
            foreach (var operation in OperationWalk.All(function.Body))
            {
                if (IsLifetime(operation) || (SymbolOf(operation) is { } symbol && IsEnded(symbol, byDisposal) && !IsTarget(operation) && !IsTimer(operation.Type)))
                    return true;
            }

            // What code of another class does with a token is seen where it is given one.
            if (!IsOwn(function.Symbol))
                continue;

            foreach (var service in method.Services)
            {
                foreach (var observation in new Observations(host, method, service.StartTokens.AfterStart).In(function.Body!))
                {
                    if (observation.Kind is not (ObservationKind.Wake or ObservationKind.Call))
                        return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether the work is over as soon as it begins: all of it is in sight, and it waits for nothing, repeats nothing and calls nothing but loggers.</summary>
    public bool IsTrivial(BackgroundWork work)
    {
        if (work.Code.Count == 0 || work.Code.Any(function => function.Body is null) || work.Kind is not (WorkKind.Task or WorkKind.FireAndForget))
            return false;

        foreach (var function in CodeOf(work))
        {
            foreach (var operation in OperationWalk.All(function.Body))
            {
                if (operation is ILoopOperation or IAwaitOperation or IEventAssignmentOperation or IObjectCreationOperation { Type.IsValueType: false }
                    || operation is IInvocationOperation call && !IsLog(call) && Function.Of(host, call.TargetMethod) is not { Body: not null })
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether no loop in the work can go on for as long as the process lives.</summary>
    public bool EndsByItself(BackgroundWork work)
    {
        foreach (var function in CodeOf(work))
        {
            foreach (var operation in OperationWalk.All(function.Body))
            {
                if (operation is IWhileLoopOperation or IForEachLoopOperation { IsAsynchronous: true } or IForLoopOperation { Condition: null })
                    return false;
            }
        }

        return work.Code.Count > 0;
    }

    /// <summary>The functions of the work, and those of this compilation that they call.</summary>
    public IEnumerable<Function> CodeOf(BackgroundWork work)
    {
        var seen = new HashSet<Place>();
        var pending = new Queue<Function>();
        foreach (var function in work.Code)
            Enqueue(function.Symbol, function);

        while (pending.Count > 0)
        {
            var function = pending.Dequeue();
            if (function.Body is null || !seen.Add(function.Place))
                continue;

            yield return function;
            foreach (var operation in OperationWalk.All(function.Body))
            {
                var called = operation switch
                {
                    IInvocationOperation call => call.TargetMethod,
                    IMethodReferenceOperation reference => reference.Method,
                    _ => null,
                };
                if (called is not null)
                    Enqueue(called, null);
            }
        }

        // What runs for a virtual method is each class's own.
        void Enqueue(IMethodSymbol called, Function? known)
        {
            if (known is { Body: not null } || !called.IsAbstract && !called.IsVirtual && !called.IsOverride)
            {
                if ((known ?? Function.Of(host, called)) is { } next)
                    pending.Enqueue(next);
                return;
            }

            foreach (var service in method.Services)
            {
                if (service.Has(called) && Function.Of(host, service.Resolve(called)) is { } own)
                    pending.Enqueue(own);
            }
        }
    }

    private bool IsOwn(IMethodSymbol function) =>
        function.MethodKind is MethodKind.AnonymousFunction or MethodKind.LocalFunction || method.Services.Any(service => service.Has(function));

    private static bool IsLog(IInvocationOperation call) => Values.Receiver(call)?.Type is { Name: "ILogger" or "Logger" or "ILog" };

    /// <summary>Whether all that the stop runs is in sight: a base class of a package may end anything.</summary>
    private bool HasKnownStop()
    {
        foreach (var service in method.Services)
        {
            for (var type = service.Type.BaseType; type is { SpecialType: not SpecialType.System_Object }; type = type.BaseType)
            {
                if (!host.IsInSource(type) && !host.Types.Is(type, KnownType.BackgroundService))
                    return false;
            }
        }

        return true;
    }

    private bool IsEnded(ISymbol symbol, bool byDisposal)
    {
        foreach (var service in method.Services)
        {
            if ((byDisposal ? service.EndedAtStop : service.EndedByStopAsync).Contains(symbol))
                return true;
        }

        return false;
    }

    /// <summary>Whether something waits for the value, ends it, or can't be followed.</summary>
    private bool IsKept(IOperation value, int depth)
    {
        if (depth > MaxDepth)
            return true;

        var (fate, store) = StartedWork.FateOf(value);
        return fate switch
        {
            Fate.Awaited => true,
            Fate.Discarded => false,
            Fate.Handed => IsKeptByReceiver(value),
            _ => store switch
            {
                ILocalSymbol local => IsUsing(local) || host.Index.UsesOfLocal(local).Any(use => IsKeptUse(use, depth + 1)),
                IFieldSymbol or IPropertySymbol => method.IsEndedAtStop(store) || host.Index.UsesOfMember(store).Any(use => IsKeptUse(use, depth + 1)),
                _ => true,
            },
        };
    }

    private bool IsKeptUse(IOperation use, int depth)
    {
        var value = use;
        while (value.Parent is IConversionOperation or IParenthesizedOperation || value.Parent is IConditionalAccessOperation access && access.WhenNotNull == value)
            value = value.Parent;

        switch (value.Parent)
        {
            case IAssignmentOperation assignment when assignment.Target == value:
            case IPropertyReferenceOperation { Property.Name: not "Result" } member when member.Instance == value:
            case IBinaryOperation or IIsPatternOperation or IExpressionStatementOperation:
                return false;
            case IConditionalAccessOperation { WhenNotNull: IInvocationOperation { TargetMethod.Name: var name } }:
                return Ends(name);
            case IInvocationOperation { TargetMethod.Name: var name } call when call.Instance == value:
                return Ends(name) || name is "Wait" or "GetAwaiter" || IsKept(call, depth);
            default:
                return IsKept(use, depth);
        }
    }

    private static bool Ends(string name) => name is "Join" or "Dispose" or "DisposeAsync" or "Stop" or "Close";

    /// <summary>What is put into a collection or a field of the class is kept where the stop acts on that.</summary>
    private bool IsKeptByReceiver(IOperation value)
    {
        for (var current = value.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Add" or "TryAdd" or "Enqueue" or "Push" } add }:
                    return Values.Receiver(add) is not { } receiver || HostedService.Root(receiver) is not IFieldSymbol field || method.IsEndedAtStop(field);

                case IArgumentOperation or IReturnOperation or IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return true;

                case IAssignmentOperation assignment:
                    return HostedService.Root(assignment.Target) is not IFieldSymbol target || method.IsEndedAtStop(target);
            }
        }

        return true;
    }

    /// <summary>Whether the stop ends a subscription: by what it returns, by what it is made on, or by a token.</summary>
    private bool IsEndedSubscription(IInvocationOperation call)
    {
        if (Values.Receiver(call) is not { } receiver || HostedService.Root(receiver) is not { } root || method.IsEndedAtStop(root))
            return true;

        // Handlers of the program's own events run on their publisher's time, and end with it.
        if (receiver.Type is null || host.IsInSource(receiver.Type.OriginalDefinition) || !HasHandler(call))
            return true;

        foreach (var argument in call.Arguments)
        {
            if (host.Tokens.IsToken(argument.Value.Type) && method.Services.Any(service => service.StartTokens.AfterStart.MayStop(argument.Value)))
                return true;
        }

        if (root is ILocalSymbol local && (IsUsing(local) || host.Index.UsesOfLocal(local).Any(use => IsKeptUse(use, 1))))
            return true;

        var result = Values.WalkUp(call);
        var isHandle = host.Types.Inherits(result.Type, KnownType.IDisposable) || host.Types.Inherits(result.Type, KnownType.IAsyncDisposable);
        return isHandle && !StartedWork.IsTask(result.Type, host) && IsKept(result, 0);
    }

    private static bool HasHandler(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Type is { } type && (type.TypeKind == TypeKind.Delegate || type.Name == "IObserver" || type.Name.EndsWith("Consumer", StringComparison.Ordinal)))
                return true;
        }

        return false;
    }

    // A callback that sets its timer again learns nothing from it.
    private bool IsTimer(ITypeSymbol? type) => host.Types.Is(type, KnownType.Timer) || host.Types.Is(type, KnownType.TimersTimer);

    private bool IsLifetime(IOperation operation) =>
        operation is IPropertyReferenceOperation { Property: { Name: "ApplicationStopping" or "ApplicationStopped" or "Draining" or "GraceOver", Type: var type } } && host.Tokens.IsToken(type);

    private static ISymbol? SymbolOf(IOperation operation) => operation switch
    {
        IFieldReferenceOperation field => field.Field.OriginalDefinition,
        IPropertyReferenceOperation property => property.Property.OriginalDefinition,
        _ => null,
    };

    private static bool IsTarget(IOperation reference) => reference.Parent is IAssignmentOperation assignment && assignment.Target == reference;

    private static bool IsUsing(ILocalSymbol local)
    {
        foreach (var reference in local.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax().Parent?.Parent is UsingStatementSyntax or LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 })
                return true;
        }

        return false;
    }
}
