using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What ends a loop or a wait.</summary>
internal enum EndedBy
{
    Nothing,

    /// <summary>A <c>CancelKeyPress</c> handler, and nothing else.</summary>
    CtrlC,

    /// <summary>Anything else, or it can't be told.</summary>
    Other,
}

/// <summary>What ends a loop or a wait, and for Ctrl+C the code in the handler that does it (<c>cts.Cancel()</c>).</summary>
internal readonly record struct WaitEnd(EndedBy By, IOperation? Code = null)
{
    public static readonly WaitEnd Nothing = new(EndedBy.Nothing);

    public static readonly WaitEnd Other = new(EndedBy.Other);

    /// <summary>The ending of what ends when either does.</summary>
    public WaitEnd Or(WaitEnd other) => other.By > By ? other : this;
}

/// <summary>Tells for a token, an event, a flag or a listener whether anything but Ctrl+C ends what waits for it.</summary>
internal sealed class WaitEnds(HostFacts host)
{
    private const string PeriodicTimer = "PeriodicTimer";
    private const int MaxDepth = 6;

    // The arguments of the calls that were followed: a token parameter is what its caller gave.
    private readonly Dictionary<IParameterSymbol, IOperation> _arguments = new(SymbolEqualityComparer.Default);

    /// <summary>Notes what the parameters of a called method stand for.</summary>
    public void Enter(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter)
                _arguments[parameter.OriginalDefinition] = argument.Value;
        }
    }

    /// <summary>What makes <paramref name="condition"/> <paramref name="value"/>, by which a loop ends.</summary>
    public WaitEnd OfCondition(IOperation? condition, bool value) => condition switch
    {
        null => WaitEnd.Nothing,
        { ConstantValue: { HasValue: true, Value: bool constant } } => constant == value ? WaitEnd.Other : WaitEnd.Nothing,
        IParenthesizedOperation { Operand: var inner } => OfCondition(inner, value),
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: var operand } => OfCondition(operand, !value),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both when !value => OfCondition(both.LeftOperand, false).Or(OfCondition(both.RightOperand, false)),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either when value => OfCondition(either.LeftOperand, true).Or(OfCondition(either.RightOperand, true)),
        IPropertyReferenceOperation { Property.Name: "IsCancellationRequested", Instance: { } token } when value => Of(token),
        IPropertyReferenceOperation { Property.Name: "IsListening", Instance: { } listener } when !value => Of(listener),
        IInvocationOperation { TargetMethod.Name: "WaitOne" or "Wait", Instance: { } awaited } when value => Of(awaited),
        IAwaitOperation { Operation: var tick } when !value && TickOf(tick) is { } call => OfTick(call),
        ILocalReferenceOperation or IFieldReferenceOperation when condition.Type?.SpecialType == SpecialType.System_Boolean => OfFlag(condition, value),
        _ => WaitEnd.Other,
    };

    /// <summary><c>timer.WaitForNextTickAsync()</c>, also with <c>ConfigureAwait</c>.</summary>
    private static IInvocationOperation? TickOf(IOperation awaited) => Values.WalkDown(awaited) switch
    {
        IInvocationOperation { TargetMethod: { Name: "WaitForNextTickAsync", ContainingType.Name: PeriodicTimer } } tick => tick,
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } => TickOf(task),
        _ => null,
    };

    // A tick ends with its token, or when another part of the program disposes the timer.
    private WaitEnd OfTick(IInvocationOperation tick)
    {
        var ending = Of(tick.Instance);
        foreach (var argument in tick.Arguments)
        {
            if (argument.ArgumentKind == ArgumentKind.Explicit)
                ending = ending.Or(Of(argument.Value));
        }

        return ending;
    }

    /// <summary>What ends a wait for a token, a source of one, an event or a completion source.</summary>
    public WaitEnd Of(IOperation? awaited) => Of(awaited, 0);

    private WaitEnd Of(IOperation? awaited, int depth)
    {
        if (awaited is null || depth > MaxDepth)
            return WaitEnd.Other;

        var value = Values.WalkDown(awaited);
        if (host.Tokens.IsToken(value.Type) && host.Tokens.IsNone(value))
            return WaitEnd.Nothing;

        switch (value)
        {
            // source.Token, token.WaitHandle, completion.Task
            case IPropertyReferenceOperation { Property: { Name: "Token" or "WaitHandle" or "Task", ContainingType.Name: "CancellationTokenSource" or "CancellationToken" or "TaskCompletionSource" }, Instance: { } owner }:
                return Of(owner, depth + 1);

            case IParameterReferenceOperation { Parameter: var parameter }:
                return _arguments.TryGetValue(parameter.OriginalDefinition, out var argument) ? Of(argument, depth + 1) : WaitEnd.Other;

            case ILocalReferenceOperation { Local: var local } when host.Tokens.IsToken(local.Type):
                return OfCopy(local, depth);

            case IFieldReferenceOperation { Field: var field } when host.Tokens.IsToken(field.Type):
                return OfCopy(field, depth);

            case ILocalReferenceOperation { Local: var local }:
                return OfObject(local, value.Syntax);

            case IFieldReferenceOperation { Field: var field } when host.IsInSource(field):
                return OfObject(field, value.Syntax);

            default:
                return WaitEnd.Other;
        }
    }

    /// <summary>A variable that holds a token: it ends as what it was given does, once.</summary>
    private WaitEnd OfCopy(ISymbol variable, int depth)
    {
        if (InitialOf(variable) is not { } initial)
            return WaitEnd.Other;

        foreach (var use in host.Ownership.ReferencesTo(variable))
        {
            if (Values.IsWritten(use))
                return WaitEnd.Other;
        }

        return Of(initial, depth + 1);
    }

    private WaitEnd OfObject(ISymbol variable, SyntaxNode place)
    {
        var ending = WaitEnd.Nothing;
        if (InitialOf(variable) is { } initial)
        {
            if (!IsFresh(initial))
                return WaitEnd.Other;
        }
        else if (variable is ILocalSymbol)
        {
            return WaitEnd.Other;
        }

        foreach (var use in host.Ownership.ReferencesTo(variable))
        {
            ending = ending.Or(OfUse(use, place));
            if (ending.By == EndedBy.Other)
                break;
        }

        return ending;
    }

    private WaitEnd OfUse(IOperation use, SyntaxNode place)
    {
        var value = use;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
            value = value.Parent;

        switch (value.Parent)
        {
            case IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } access when access.Operation == value:
                return OfCall(call, place);
            case IInvocationOperation call when call.Instance == value:
                return OfCall(call, place);
            case IPropertyReferenceOperation or IConditionalAccessOperation or IUsingOperation or IExpressionStatementOperation:
                return WaitEnd.Nothing;
            case ISimpleAssignmentOperation assignment when assignment.Target == value:
                return IsFresh(assignment.Value) ? WaitEnd.Nothing : WaitEnd.Other;
            default:
                return WaitEnd.Other;
        }
    }

    private WaitEnd OfCall(IInvocationOperation call, SyntaxNode place)
    {
        switch (call.TargetMethod.Name)
        {
            case "Cancel" or "CancelAsync" or "Set" or "Release" or "Signal" or "SetResult" or "TrySetResult" or "SetCanceled" or "TrySetCanceled" or "SetException" or "TrySetException":
                return At(call);

            // A listener that is closed where the program itself waits for it: after the wait.
            case "Stop" or "Close" or "Abort":
            case "Dispose" when call.TargetMethod.ContainingType.Name == PeriodicTimer:
                return IsInSameFunction(call, place) ? WaitEnd.Nothing : At(call);

            case "CancelAfter" or "TryReset":
                return WaitEnd.Other;

            default:
                return WaitEnd.Nothing;
        }
    }

    private WaitEnd OfFlag(IOperation flag, bool endingValue)
    {
        if (Values.SymbolOf(flag) is not { } variable || !host.IsInSource(variable))
            return WaitEnd.Other;

        var ending = WaitEnd.Nothing;
        foreach (var use in host.Ownership.ReferencesTo(variable))
        {
            if (use.Parent is ISimpleAssignmentOperation assignment && assignment.Target == use)
            {
                if (assignment.Value.ConstantValue is not { HasValue: true, Value: bool written })
                    return WaitEnd.Other;
                if (written == endingValue)
                    ending = ending.Or(At(assignment));
            }
            else if (Values.IsWritten(use))
            {
                return WaitEnd.Other;
            }
        }

        var initial = InitialOf(variable)?.ConstantValue is { HasValue: true, Value: bool value } ? value : variable is IFieldSymbol ? false : (bool?)null;
        return initial == !endingValue ? ending : WaitEnd.Other;
    }

    private WaitEnd At(IOperation code) => IsInHandler(code) ? new(EndedBy.CtrlC, code) : WaitEnd.Other;

    private bool IsInHandler(IOperation code) => host.RunSites.Of(code.Syntax)?.Callback is { Event: StopEvent.CancelKeyPress };

    private bool IsInSameFunction(IOperation code, SyntaxNode place) =>
        OperationWalk.FunctionAround(code) is null
        && SymbolEqualityComparer.Default.Equals(host.Index.EnclosingMethod(code.Syntax), host.Index.EnclosingMethod(place));

    private IOperation? InitialOf(ISymbol variable) =>
        variable.DeclaringSyntaxReferences is [var declaration]
        && declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } initial }
            ? host.Index.Operation(initial)
            : null;

    /// <summary>An object of the program's own that is not set, and that no time sets.</summary>
    private static bool IsFresh(IOperation value) => Values.WalkDown(value) is IObjectCreationOperation { Type.Name: var type } creation && type switch
    {
        "CancellationTokenSource" => creation.Arguments.IsEmpty,
        "TaskCompletionSource" or "HttpListener" or "TcpListener" or "CountdownEvent" or PeriodicTimer => true,
        "ManualResetEvent" or "ManualResetEventSlim" or "AutoResetEvent" or "EventWaitHandle" => creation.Arguments is [] or [{ Value.ConstantValue: { HasValue: true, Value: false } }, ..],
        "SemaphoreSlim" or "Semaphore" => creation.Arguments is [{ Value.ConstantValue: { HasValue: true, Value: 0 } }, ..],
        _ => false,
    };
}
