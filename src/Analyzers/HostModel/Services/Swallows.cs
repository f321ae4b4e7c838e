using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A catch in a loop that takes the cancellation at the stop and goes on.</summary>
/// <param name="Catch">The catch clause.</param>
/// <param name="LoopOf">The method of the loop, as a message names it.</param>
/// <param name="IsForEver">Whether nothing else ends the loop.</param>
/// <param name="LogsAsError">Whether it logs what it took at warning or above.</param>
/// <param name="Exit">The statement in the clause that would leave the loop that goes on.</param>
internal sealed record Swallow(ICatchClauseOperation Catch, string LoopOf, bool IsForEver, bool LogsAsError, LoopExit Exit);

/// <summary>How a catch clause leaves a loop.</summary>
internal enum LoopExit
{
    Break,
    Return,

    /// <summary>The loop is a caller's: the cancellation has to go on to it.</summary>
    Throw,
}

/// <summary>Finds catches that swallow the cancellation in the loops of one service method.</summary>
internal sealed partial class Swallows(HostFacts host, ServiceMethod method)
{
    public IReadOnlyList<Swallow> Find()
    {
        var found = new List<Swallow>();
        foreach (var operation in OperationWalk.All(method.Body))
        {
            if (operation is ITryOperation { Catches.IsEmpty: false } attempt && Judge(attempt) is { } swallow)
                found.Add(swallow);
        }

        return [.. found];
    }

    private Swallow? Judge(ITryOperation attempt)
    {
        ILoopOperation? innermost = null, endless = null;
        foreach (var loop in OperationWalk.LoopsAround(attempt))
        {
            innermost ??= loop;
            if (endless is null && Loops.HasNoCondition(loop, host))
                endless = loop;
        }

        if (!method.RunsAsWork(attempt))
            return null;
        if (innermost is null)
            return JudgeCalled(attempt);

        var thrown = Cancellations(attempt.Body);
        if (thrown.Count == 0 || TakenBy(attempt, thrown) is not { } taken || LeavesAtStop(taken.Handler, innermost))
            return null;

        var throwsOn = Cancellations(taken.Handler).Count > 0;
        var isForEver = endless is not null && !throwsOn && !EndsOtherwise(endless, attempt, taken, thrown[0]);
        return new(taken, method.Name, isForEver, LogsAsError(taken), CanBreak(attempt, isForEver ? endless! : innermost) ? LoopExit.Break : LoopExit.Return);
    }

    /// <summary>A method without a loop that lets no cancellation out, and that an endless loop of the service calls.</summary>
    private Swallow? JudgeCalled(ITryOperation attempt)
    {
        if (OperationWalk.FunctionAround(attempt) is not null)
            return null;

        var thrown = Cancellations(attempt.Body);
        if (thrown.Count == 0
            || TakenBy(attempt, thrown) is not { } taken
            || ThrowsAtStop(taken.Handler)
            || Cancellations(method.Body).Count > 0)
        {
            return null;
        }

        foreach (var service in method.Services)
        {
            foreach (var reached in service.Running)
            {
                if (!SymbolEqualityComparer.Default.Equals(reached.Symbol, method.Symbol)
                    && host.HostedServices.Running(reached.Symbol) is { } caller
                    && new Swallows(host, caller).CallsForEver(service, method.Symbol))
                {
                    return new(taken, caller.Name, IsForEver: true, LogsAsError: false, LoopExit.Throw);
                }
            }
        }

        return null;
    }

    /// <summary>Whether an endless loop awaits <paramref name="called"/>, and nothing else in it ends it at the stop.</summary>
    private bool CallsForEver(HostedService service, IMethodSymbol called)
    {
        foreach (var operation in OperationWalk.All(method.Body))
        {
            if (operation is not IInvocationOperation call
                || !service.Has(call.TargetMethod)
                || !SymbolEqualityComparer.Default.Equals(service.Resolve(call.TargetMethod), called)
                || !method.RunsAsWork(call)
                || (StartedWork.IsTask(call.Type, host) && StartedWork.FateOf(call).Fate != Fate.Awaited))
            {
                continue;
            }

            foreach (var loop in OperationWalk.LoopsAround(call))
            {
                if (Loops.HasNoCondition(loop, host) && !EndsBeside(loop, call))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether anything in the loop but the call may end it at the stop.</summary>
    private bool EndsBeside(ILoopOperation loop, IInvocationOperation call)
    {
        foreach (var operation in Cancellations(loop.Body))
        {
            if (!OperationWalk.Contains(call, operation))
                return true;
        }

        foreach (var operation in OperationWalk.Own(loop.Body))
        {
            if (Loops.Leaves(operation, loop, host) && IsReachedAtStop(operation, loop.Body) is not false)
                return true;
        }

        return false;
    }

    private bool ThrowsAtStop(IOperation handler)
    {
        foreach (var operation in OperationWalk.Own(handler))
        {
            if (operation is IThrowOperation && IsReachedAtStop(operation, handler) is not false)
                return true;
        }

        return false;
    }

    /// <summary>What throws a cancellation at the stop in <paramref name="code"/> and lets it out.</summary>
    private List<IOperation> Cancellations(IOperation code)
    {
        var found = new List<IOperation>();
        foreach (var observation in new Observations(host, method).In(code))
        {
            if (observation.Throws && observation.Kind != ObservationKind.Wake && IsCancelled(observation) && !IsTakenInside(observation.Operation, code))
                found.Add(observation.Operation);
        }

        return found;
    }

    // A token in a linked source or in an object's constructor throws nothing there.
    private bool IsCancelled(Observation observation)
    {
        if (observation.Kind != ObservationKind.Pass)
            return true;

        for (var current = observation.Operation.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IInvocationOperation call:
                    return call.TargetMethod.Name is not ("CreateLinkedTokenSource" or "Register" or "UnsafeRegister")
                        && !(StartedWork.IsTask(call.Type, host) && StartedWork.FateOf(call).Fate is Fate.Discarded or Fate.Stored);
                case IObjectCreationOperation or IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return false;
            }
        }

        return false;
    }

    private bool IsTakenInside(IOperation operation, IOperation code)
    {
        var child = operation;
        for (var current = operation.Parent; current is not null && child != code; child = current, current = current.Parent)
        {
            if (current is ITryOperation attempt && attempt.Body == child && TakenBy(attempt, [operation]) is not null)
                return true;
        }

        return false;
    }

    /// <summary>The clause that the cancellation arrives in; null where it passes, or where that can't be known.</summary>
    private ICatchClauseOperation? TakenBy(ITryOperation attempt, List<IOperation> thrown)
    {
        foreach (var clause in attempt.Catches)
        {
            if (!MayTake(clause.ExceptionType, thrown))
                continue;

            switch (AtStop(clause.Filter, clause))
            {
                case true:
                    return clause;
                case null:
                    return null;
            }
        }

        return null;
    }

    private bool MayTake(ITypeSymbol? type, List<IOperation> thrown)
    {
        if (type is null || type.SpecialType == SpecialType.System_Object || type.Name == "SystemException" || host.Types.Is(type, KnownType.Exception) || host.Types.Is(type, KnownType.OperationCanceledException))
            return true;
        if (!host.Types.Is(type, KnownType.TaskCanceledException))
            return false;

        // Task.Delay throws the derived type; most others throw the base type, which this clause lets pass.
        foreach (var operation in thrown)
        {
            if (!IsDelay(operation))
                return false;
        }

        return true;
    }

    private bool IsDelay(IOperation operation)
    {
        for (var current = operation; current is not null; current = current.Parent!)
        {
            if (current is IInvocationOperation call)
                return call.TargetMethod.Name == "Delay" && host.Types.Is(call.TargetMethod.ContainingType, KnownType.Task);
        }

        return false;
    }

    /// <summary>Whether the clause leaves the loop when it has taken the cancellation.</summary>
    private bool LeavesAtStop(IOperation handler, ILoopOperation loop)
    {
        foreach (var operation in OperationWalk.Own(handler))
        {
            if (Loops.Leaves(operation, loop, host) && IsReachedAtStop(operation, handler) is not false)
                return true;
        }

        return false;
    }

    /// <summary>Whether something else ends the endless loop at the stop: a wait with the token outside of the try, an exit that is reached.</summary>
    private bool EndsOtherwise(ILoopOperation loop, ITryOperation attempt, ICatchClauseOperation taken, IOperation firstThrow)
    {
        foreach (var operation in Cancellations(loop.Body))
        {
            if (!OperationWalk.Contains(attempt, operation))
                return true;
        }

        foreach (var operation in OperationWalk.Own(loop.Body))
        {
            if (!Loops.Leaves(operation, loop, host) || OperationWalk.Contains(taken, operation))
                continue;

            if (OperationWalk.Contains(attempt.Body, operation))
            {
                if (operation.Syntax.SpanStart < firstThrow.Syntax.SpanStart && IsReachedAtStop(operation, loop.Body) is not false)
                    return true;
            }
            else if (!IsInClauseOf(attempt, operation) && IsReachedAtStop(operation, loop.Body) is not false)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsInClauseOf(ITryOperation attempt, IOperation operation)
    {
        foreach (var clause in attempt.Catches)
        {
            if (OperationWalk.Contains(clause, operation))
                return true;
        }

        return false;
    }

    private bool LogsAsError(ICatchClauseOperation clause)
    {
        foreach (var operation in OperationWalk.Own(clause.Handler))
        {
            if (operation is IInvocationOperation call && Logs.IsWarningOrAbove(call) && IsReachedAtStop(call, clause.Handler) is true)
                return true;
        }

        return false;
    }

    private static bool CanBreak(ITryOperation attempt, ILoopOperation loop)
    {
        for (var current = attempt.Parent; current is not null; current = current.Parent)
        {
            if (current == loop)
                return true;
            if (current is ILoopOperation or ISwitchOperation)
                return false;
        }

        return false;
    }
}
