using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A place where a program waits or serves until something stops it.</summary>
/// <param name="Operation">The loop, or the call or the task that is waited for.</param>
/// <param name="WaitEnd">What ends it: nothing, or Ctrl+C alone.</param>
internal sealed record ProgramWait(IOperation Operation, WaitEnd WaitEnd)
{
    public SyntaxTree Tree => Operation.Syntax.SyntaxTree;
}

/// <summary>
/// Finds where a program waits for ever of its own accord: in its entry point and in what that calls and waits for, then in the threads that it starts.
/// </summary>
internal sealed class ProgramWaits
{
    private const int DeepestCall = 6;

    private readonly HostFacts _host;
    private readonly WaitEnds _endings;
    private readonly HashSet<Place> _visited = [];
    private readonly List<Function> _threads = [];
    private ProgramWait? _loop;
    private ProgramWait? _wait;
    private bool _readsConsole;

    public ProgramWaits(HostFacts host)
    {
        _host = host;
        _endings = new(host);
        if (host.EntryPoint is not { } entryPoint || EntryBody(entryPoint) is not { } body)
            return;

        Walk(body, DeepestCall);

        // A thread keeps the process alive when Main has ended; one beside a prompt ends with the user.
        if (_loop is null && _wait is null && !_readsConsole)
        {
            foreach (var thread in _threads)
            {
                if (thread.Body is { } work && _visited.Add(thread.Place))
                    Walk(work, DeepestCall);
            }

            _wait = null;
        }

        Endless = _loop ?? _wait;
    }

    /// <summary>The first loop, else the first wait, that only Ctrl+C or nothing ends; null in a program that ends by itself.</summary>
    public ProgramWait? Endless { get; }

    // Top-level statements have no declaration with a body: it is the whole file.
    private IOperation? EntryBody(IMethodSymbol entryPoint) =>
        entryPoint.DeclaringSyntaxReferences is [var declaration]
            ? declaration.GetSyntax() is var syntax && Bodies.Of(_host, syntax) is { } body ? body
                : _host.Index.Operation(syntax) is IMethodBodyOperation program ? program.BlockBody : _host.Index.Operation(syntax)
            : null;

    private void Walk(IOperation body, int depth)
    {
        foreach (var operation in OperationWalk.Own(body))
        {
            switch (operation)
            {
                case ILoopOperation loop when _loop is null:
                    if (EndingOf(loop) is { By: not EndedBy.Other } ending)
                        _loop = new(loop, ending);
                    break;

                case IInvocationOperation call:
                    Read(call, depth);
                    break;

                case IAwaitOperation { Operation: var awaited } when _wait is null
                    && Values.WalkDown(awaited) is IPropertyReferenceOperation { Property: { Name: "Task", ContainingType.Name: "TaskCompletionSource" } } task:
                    NoteWait(task, _endings.Of(task));
                    break;

                case IObjectCreationOperation { Arguments: [{ Value: var start }, ..] } creation when _host.Types.Is(creation.Type, KnownType.Thread) && !IsBackground(creation):
                    _threads.AddRange(Delegates.Resolve(_host, start));
                    break;
            }
        }
    }

    private void Read(IInvocationOperation call, int depth)
    {
        if (ReadsConsole(call))
        {
            _readsConsole = true;
            return;
        }

        if (IsEndlessWait(call) && IsWaitedFor(call))
        {
            NoteWait(call, EndingOf(call));
            return;
        }

        if (depth == 0 || (StartedWork.IsTask(call.Type, _host) && StartedWork.FateOf(call).Fate == Fate.Discarded))
            return;

        if (Function.Of(_host, call.TargetMethod) is { Body: { } body } called)
        {
            if (_visited.Add(called.Place))
            {
                _endings.Enter(call);
                Walk(body, depth - 1);
            }
        }
        else if (IsTaskStart(call) && StartedWork.FateOf(call).Fate is Fate.Awaited)
        {
            foreach (var work in Delegates.Resolve(_host, call.Arguments[0].Value))
            {
                if (work.Body is { } code && _visited.Add(work.Place))
                    Walk(code, depth - 1);
            }
        }
    }

    private void NoteWait(IOperation wait, WaitEnd ending)
    {
        if (_wait is null && ending.By != EndedBy.Other)
            _wait = new(wait, ending);
    }

    /// <summary>What ends a loop: its condition, a way out in its body, a token that something in it throws for, or an exception that is expected around it.</summary>
    private WaitEnd EndingOf(ILoopOperation loop)
    {
        var ending = loop switch
        {
            IWhileLoopOperation { ConditionIsUntil: false } head => _endings.OfCondition(head.Condition, value: false),
            IForLoopOperation { Condition: var condition } => _endings.OfCondition(condition, value: false),
            _ => WaitEnd.Other,
        };

        foreach (var operation in OperationWalk.Own(loop.Body))
        {
            if (ending.By == EndedBy.Other)
                return ending;

            if (Loops.Leaves(operation, loop, _host))
                ending = ending.Or(EndingOfExit(operation, loop));
            else if (operation is IArgumentOperation { Value: var given } && _host.Tokens.IsToken(given.Type) && !_host.Tokens.IsNone(given))
                ending = ending.Or(_endings.Of(given));
            else if (operation is IInvocationOperation call && EndsProgram(call, depth: 3, []))
                return WaitEnd.Other;
        }

        return IsInTryForItsEnd(loop) ? WaitEnd.Other : ending;
    }

    /// <summary>A way out of the loop: <c>if (token.IsCancellationRequested) break;</c>, or a catch that takes the cancellation alone, is the token's; another one is the loop's own.</summary>
    private WaitEnd EndingOfExit(IOperation exit, ILoopOperation loop)
    {
        IOperation child = exit;
        for (var current = exit.Parent; current is not null && current != loop; child = current, current = current.Parent)
        {
            if (current is IConditionalOperation branch && branch.Condition != child)
                return _endings.OfCondition(branch.Condition, value: branch.WhenTrue == child);

            // What was cancelled is known by the tokens in the loop.
            if (current is ICatchClauseOperation { ExceptionType: { } caught } && _host.Types.Inherits(caught, KnownType.OperationCanceledException))
                return WaitEnd.Nothing;
        }

        return WaitEnd.Other;
    }

    /// <summary>Whether an exception of a certain kind is awaited around the loop: the end of a stream, a collection that is complete.</summary>
    private bool IsInTryForItsEnd(ILoopOperation loop)
    {
        IOperation child = loop;
        for (var current = loop.Parent; current is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); child = current, current = current.Parent)
        {
            if (current is not ITryOperation attempt || attempt.Body != child)
                continue;

            foreach (var handler in attempt.Catches)
            {
                if (handler.ExceptionType is { SpecialType: not SpecialType.System_Object } caught
                    && !_host.Types.Is(caught, KnownType.Exception)
                    && !_host.Types.Inherits(caught, KnownType.OperationCanceledException))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether the call, or a method of the program that it calls, reads the console or ends the process: the user decides when the loop ends.</summary>
    private bool EndsProgram(IInvocationOperation call, int depth, HashSet<Place> seen)
    {
        if (ReadsConsole(call) || (call.TargetMethod.Name is "Exit" or "FailFast" && _host.Types.Is(call.TargetMethod.ContainingType, KnownType.Environment)))
            return true;

        if (depth == 0 || Function.Of(_host, call.TargetMethod) is not { Body: { } body } called || !seen.Add(called.Place))
            return false;

        foreach (var operation in OperationWalk.Own(body))
        {
            if (operation is IInvocationOperation inner && EndsProgram(inner, depth - 1, seen))
                return true;
        }

        return false;
    }

    private bool ReadsConsole(IInvocationOperation call) =>
        (call.TargetMethod.Name is "ReadLine" or "ReadKey" or "Read" or "OpenStandardInput" && _host.Types.Is(call.TargetMethod.ContainingType, KnownType.Console))
        || call.Instance is IPropertyReferenceOperation { Property: { Name: "In", IsStatic: true } property } && _host.Types.Is(property.ContainingType, KnownType.Console);

    /// <summary>A wait that no time bounds.</summary>
    private bool IsEndlessWait(IInvocationOperation call)
    {
        var types = _host.Types;
        var type = call.TargetMethod.ContainingType;
        switch (call.TargetMethod.Name)
        {
            case "Sleep":
                return types.Is(type, KnownType.Thread) && IsInfinite(call);
            case "Delay":
                return types.Is(type, KnownType.Task) && IsInfinite(call);
            case "WaitOne":
                return types.Is(type, KnownType.WaitHandle) && (call.Arguments.IsEmpty || IsInfinite(call));
            case "Wait" or "WaitAsync":
                return (types.Is(type, KnownType.ManualResetEventSlim) || types.Is(type, KnownType.SemaphoreSlim) || types.Is(type, KnownType.CountdownEvent))
                    && (!HasTime(call) || IsInfinite(call));
            case "Join":
                return types.Is(type, KnownType.Thread) && call.Arguments.IsEmpty && call.Instance is IPropertyReferenceOperation { Property.Name: "CurrentThread" };
            default:
                return false;
        }
    }

    private bool IsInfinite(IInvocationOperation call) =>
        call.Arguments is [{ Value: var time }, ..] && TimeSpans.ConstantOf(time, _host) == TimeSpans.Infinite;

    private bool HasTime(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Type is { SpecialType: SpecialType.System_Int32 } || _host.Types.Is(argument.Parameter?.Type, KnownType.TimeSpan))
                return true;
        }

        return false;
    }

    private WaitEnd EndingOf(IInvocationOperation wait)
    {
        var ending = wait.Instance is { } awaited && wait.TargetMethod.Name != "Join" ? _endings.Of(awaited) : WaitEnd.Nothing;
        foreach (var argument in wait.Arguments)
        {
            if (_host.Tokens.IsToken(argument.Value.Type) && argument.ArgumentKind == ArgumentKind.Explicit)
                ending = ending.Or(_endings.Of(argument.Value));
        }

        return ending;
    }

    /// <summary>Whether the program goes on only when the call has ended; a delay among others in a <c>WhenAny</c> is a timeout.</summary>
    private bool IsWaitedFor(IInvocationOperation call) =>
        !StartedWork.IsTask(call.Type, _host)
        || Values.WalkUp(call) is IAwaitOperation or { Parent: IAwaitOperation or IReturnOperation }
        || call.Parent is IInvocationOperation { TargetMethod.Name: "Wait" or "GetAwaiter" };

    private bool IsTaskStart(IInvocationOperation call) =>
        (call.TargetMethod.Name is "Run" && _host.Types.Is(call.TargetMethod.ContainingType, KnownType.Task))
        || (call.TargetMethod.Name is "StartNew" && _host.Types.Is(call.TargetMethod.ContainingType, KnownType.TaskFactory));

    private bool IsBackground(IObjectCreationOperation thread)
    {
        foreach (var operation in OperationWalk.Own(thread.Initializer))
        {
            if (operation is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "IsBackground" }, Value.ConstantValue: { HasValue: true, Value: true } })
                return true;
        }

        // var thread = new Thread(...); thread.IsBackground = true;
        if (Values.WalkUp(thread).Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } })
        {
            foreach (var use in _host.Index.UsesOfLocal(local))
            {
                if (use.Parent is IPropertyReferenceOperation { Property.Name: "IsBackground", Parent: ISimpleAssignmentOperation { Value.ConstantValue: { HasValue: true, Value: true } } })
                    return true;
            }
        }

        return false;
    }
}
