using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>How an unbounded wait could be given the host's token.</summary>
internal enum StopWaitForm
{
    /// <summary>It blocks, or stands where the token isn't in reach.</summary>
    Other,

    /// <summary>A task is awaited or returned.</summary>
    Task,

    /// <summary>The base class's stop, which is given no token.</summary>
    Base,

    /// <summary>A loop that asks again and again.</summary>
    Poll,
}

/// <summary>A wait in a service's stop that the end of the host's time doesn't end.</summary>
/// <param name="Operation">The task, the blocking call or the loop.</param>
/// <param name="Form">How it could be given the token.</param>
internal sealed record StopWait(IOperation Operation, StopWaitForm Form);

/// <summary>
/// Finds the waits for work in a service's stop that ignore its token. Work is what the class keeps: its tasks, threads and events. A call that closes or disposes of
/// something is short by nature, and one into other classes can't be judged.
/// </summary>
internal sealed class StopWaits(HostFacts host, ServiceStop stop)
{
    private const int MaxDepth = 4;

    private readonly List<StopWait> _found = [];
    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);

    public IReadOnlyList<StopWait> Find()
    {
        if (!IsBoundedAsAWhole(stop.Body))
            Search(stop.Symbol, stop.Body);
        return _found;
    }

    /// <summary>Whether the end of the time, or a timeout of the service's own, reaches the work itself: <c>cancellationToken.Register(...)</c>, <c>source.CancelAfter(...)</c>.</summary>
    private bool IsBoundedAsAWhole(IOperation body)
    {
        foreach (var operation in OperationWalk.All(body))
        {
            if (operation is IInvocationOperation { TargetMethod.Name: "Register" or "UnsafeRegister", Instance: { } token } && StopTime.Is(token, stop.Symbol, host))
                return true;
            if (operation is IInvocationOperation { TargetMethod: { Name: "CancelAfter", ContainingType: var type } } && host.Types.Is(type, KnownType.CancellationTokenSource))
                return true;
        }

        return false;
    }

    private void Search(IMethodSymbol method, IOperation body)
    {
        if (!_seen.Add(method))
            return;

        foreach (var operation in OperationWalk.Own(body))
        {
            switch (operation)
            {
                case IAwaitOperation { Operation: var awaited }:
                    SearchTask(Values.WalkDown(awaited), method);
                    break;

                case IReturnOperation { ReturnedValue: { } returned } when !method.IsAsync && StartedWork.IsTask(returned.Type, host):
                    SearchTask(Values.WalkDown(returned), method);
                    break;

                case IInvocationOperation call when Blocks(call) && !IsKnownToBeOver(call):
                    Note(call, StopWaitForm.Other);
                    break;

                case IWhileLoopOperation loop when IsPoll(loop, method):
                    Note(loop, IsOfStop(method) ? StopWaitForm.Poll : StopWaitForm.Other);
                    break;
            }
        }
    }

    private void SearchTask(IOperation task, IMethodSymbol method)
    {
        if (IsWork(task, 0))
        {
            if (!IsKnownToBeOver(task) && !IsToldOfTheTime(task, method))
                Note(task, IsOfStop(method) ? StopWaitForm.Task : StopWaitForm.Other);
        }
        else if (task is IInvocationOperation call && stop.CalledOnThis(call) is { } called)
        {
            if (called.Name == "StopAsync" && IsGivenNoToken(call))
                Note(call, IsOfStop(method) ? StopWaitForm.Base : StopWaitForm.Other);
            else if (!StopTime.IsGivenTo(call, method, host) && HostedService.BodyOf(host, called) is { } body)
                Search(called, body);
        }
    }

    private bool IsOfStop(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method, stop.Symbol);

    private void Note(IOperation operation, StopWaitForm form) => _found.Add(new(operation, form));

    /// <summary>Whether the task is work that the class keeps: <c>_loop</c>, <c>_ended.Task</c>, <c>Task.WhenAll(_workers)</c>, <c>_channel.Reader.Completion</c>.</summary>
    private bool IsWork(IOperation task, int depth)
    {
        if (depth > MaxDepth)
            return false;

        task = Values.WalkDown(task);
        switch (task)
        {
            case ICoalesceOperation { Value: var value }:
                return IsWork(value, depth + 1);
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                return IsWork(choice.WhenTrue, depth + 1) || IsWork(otherwise, depth + 1);
            case IFieldReferenceOperation or IPropertyReferenceOperation:
                return IsKept(task);
            case ILocalReferenceOperation { Local: var local }:
                return Texts.Definition(host, task) is { } definition ? IsWork(definition, depth + 1) : IsElementOfKept(local);
            case IInvocationOperation { TargetMethod: { Name: "WhenAll", ContainingType: var type } } all when host.Types.Is(type, KnownType.Task):
                return AreWork(all);
            case IInvocationOperation { TargetMethod: { Name: "Exchange", ContainingType.Name: "Interlocked" }, Arguments: [{ Value: var exchanged }, ..] }:
                return IsKept(exchanged);
            default:
                return false;
        }
    }

    // All of them are the class's own, as they are: Select(worker => worker.StopAsync()) starts something else.
    private bool AreWork(IInvocationOperation all)
    {
        var any = false;
        foreach (var operation in OperationWalk.All(all))
        {
            switch (operation)
            {
                case IAnonymousFunctionOperation or IMethodReferenceOperation:
                case ILocalReferenceOperation when Texts.Definition(host, operation) is not IFieldReferenceOperation and not IPropertyReferenceOperation:
                case IInvocationOperation call when call != all && call.TargetMethod.Name is not ("ToArray" or "ToList"):
                    return false;
                case IFieldReferenceOperation or IPropertyReferenceOperation when IsKept(operation):
                    any = true;
                    break;
            }
        }

        return any;
    }

    // foreach (var worker in _workers) await worker;
    private bool IsElementOfKept(ILocalSymbol local)
    {
        foreach (var declaration in local.DeclaringSyntaxReferences)
        {
            if (declaration.GetSyntax() is ForEachStatementSyntax { Expression: var collection } && host.Index.Operation(collection) is { } kept)
                return Values.WalkDown(kept) is IFieldReferenceOperation or IPropertyReferenceOperation && IsKept(kept);
        }

        return false;
    }

    private bool IsKept(IOperation value) =>
        HostedService.Root(value) is { IsStatic: false } member and (IFieldSymbol or IPropertySymbol) && stop.Services[0].Has(member);

    private bool Blocks(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var type = method.ContainingType;
        return method.Name switch
        {
            "Join" => method.Parameters.IsEmpty && host.Types.Is(type, KnownType.Thread),
            "WaitOne" => method.Parameters.IsEmpty && host.Types.Is(type, KnownType.WaitHandle),
            "Wait" => method.Parameters.IsEmpty
                && (host.Types.Is(type, KnownType.Task) || host.Types.Is(type, KnownType.ManualResetEventSlim) || host.Types.Is(type, KnownType.CountdownEvent)),
            "WaitAll" => method.Parameters.Length == 1 && host.Types.Is(type, KnownType.Task) && AreWork(call),
            "GetAwaiter" => host.Types.Is(type, KnownType.Task) && call.Instance is { } task && IsWork(task, 0),
            _ => false,
        } && (method.IsStatic || (call.Instance is { } waited && IsKept(waited)));
    }

    /// <summary><c>while (_running > 0) await Task.Delay(100);</c>: only the work ends it.</summary>
    private bool IsPoll(IWhileLoopOperation loop, IMethodSymbol method)
    {
        if (loop is not { ConditionIsTop: true, ConditionIsUntil: false, Condition: { ConstantValue.HasValue: false } condition } || Loops.LeavesByItself(loop, host))
            return false;

        var waits = false;
        foreach (var operation in OperationWalk.Own(loop))
        {
            if (host.Tokens.IsTokenOrSource(operation.Type) && !host.Tokens.IsNone(operation))
                return false;
            waits |= operation is IInvocationOperation { TargetMethod: { Name: "Delay" or "Sleep" or "Yield", ContainingType: var type } }
                && (host.Types.Is(type, KnownType.Task) || host.Types.Is(type, KnownType.Thread));
        }

        return waits && !StopTime.IsUsedIn(loop, method, host) && AsksWorkAlone(condition);
    }

    // A local may count the tries, and a clock bounds the wait.
    private bool AsksWorkAlone(IOperation condition)
    {
        var any = false;
        foreach (var operation in OperationWalk.Own(condition))
        {
            switch (operation)
            {
                case ILocalReferenceOperation or IParameterReferenceOperation:
                    return false;
                case IFieldReferenceOperation or IPropertyReferenceOperation or IInvocationOperation:
                    if (operation.Type is { Name: "DateTime" or "DateTimeOffset" or "TimeSpan" or "Stopwatch" })
                        return false;
                    any |= IsKept(operation);
                    break;
            }
        }

        return any;
    }

    private bool IsGivenNoToken(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (host.Tokens.IsToken(argument.Parameter?.Type))
                return host.Tokens.IsNone(argument.Value);
        }

        return false;
    }

    // if (await Task.WhenAny(_loop, timeout) == _loop) await _loop;
    private static bool IsKnownToBeOver(IOperation wait)
    {
        var child = wait;
        for (var current = wait.Parent; current is not null; child = current, current = current.Parent)
        {
            if (current is not IConditionalOperation { Condition: var condition } || condition == child)
                continue;

            foreach (var operation in OperationWalk.Own(condition))
            {
                if (operation is IPropertyReferenceOperation { Property.Name: "IsCompleted" or "IsCompletedSuccessfully" or "IsFaulted" or "IsCanceled" }
                    or IBinaryOperation { LeftOperand.ConstantValue.HasValue: false, RightOperand.ConstantValue.HasValue: false, OperatorKind: BinaryOperatorKind.Equals })
                {
                    return true;
                }
            }
        }

        return false;
    }

    // await _queue.StopAsync(cancellationToken); await _queue.Completion;
    private bool IsToldOfTheTime(IOperation task, IMethodSymbol method)
    {
        if (HostedService.Root(task) is not { } root)
            return false;

        foreach (var operation in OperationWalk.All(stop.Body))
        {
            if (operation is IInvocationOperation call
                && Values.Receiver(call) is { } receiver
                && !StartedWork.IsTask(receiver.Type, host)
                && SymbolEqualityComparer.Default.Equals(HostedService.Root(receiver), root)
                && StopTime.IsGivenTo(call, method, host))
            {
                return true;
            }
        }

        return false;
    }
}
