using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Finds what lets a cancellation out of a service's stop when the host's time is over. Only what is sure to throw then counts: what another call does with
/// the token that it is given isn't known.
/// </summary>
internal sealed class StopThrows(HostFacts host, ServiceStop stop)
{
    private readonly List<IOperation> _found = [];
    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);

    /// <summary>The waits, <c>ThrowIfCancellationRequested</c> calls and throws whose exception reaches the host.</summary>
    public IReadOnlyList<IOperation> Find()
    {
        Search(stop.Symbol, stop.Body);
        return _found;
    }

    private void Search(IMethodSymbol method, IOperation body)
    {
        if (!_seen.Add(method))
            return;

        foreach (var operation in OperationWalk.Own(body))
        {
            switch (operation)
            {
                case IInvocationOperation { TargetMethod.Name: "ThrowIfCancellationRequested", Instance: { } token } call when StopTime.Is(token, method, host):
                    if (Escapes(call, isDerived: false))
                        Note(call);
                    break;

                case IInvocationOperation call when IsWait(call.TargetMethod) && StopTime.IsGivenTo(call, method, host):
                    if (!IsDelayBeforeTheStop(call) && Arrival(call) is { } arrives && Escapes(arrives, IsOfTask(call.TargetMethod)))
                        Note(call);
                    break;

                case IInvocationOperation call when stop.CalledOnThis(call) is { } called && StopTime.IsGivenTo(call, method, host):
                    if (Arrival(call) is { } arrived && Escapes(arrived, isDerived: false) && HostedService.BodyOf(host, called) is { } inner)
                        Search(called, inner);
                    break;

                case IThrowOperation { Exception: null } rethrow when ClauseAround(rethrow) is { } clause:
                    if (IsCancellation(clause.ExceptionType) && StopTime.IsUsedIn(((ITryOperation)clause.Parent!).Body, method, host) && Escapes(clause.Parent!, isDerived: false))
                        Note(rethrow);
                    break;

                case IThrowOperation { Exception: { } thrown } when Values.WalkDown(thrown) is IObjectCreationOperation creation && IsCancellation(creation.Type):
                    if (Escapes(operation, host.Types.Is(creation.Type, KnownType.TaskCanceledException)))
                        Note(operation);
                    break;
            }
        }
    }

    private void Note(IOperation operation)
    {
        foreach (var known in _found)
        {
            if (known.Syntax == operation.Syntax)
                return;
        }

        _found.Add(operation);
    }

    /// <summary>A wait of the framework's own that throws as soon as its token fires.</summary>
    private bool IsWait(IMethodSymbol method) =>
        (method.Name.StartsWith("Wait", StringComparison.Ordinal) || method.Name is "Delay" or "ReadAsync" or "ReadAllAsync" or "WriteAsync" or "Take")
        && (IsOfTask(method)
            || host.Types.Is(method.ContainingType, KnownType.SemaphoreSlim)
            || host.Types.Is(method.ContainingType, KnownType.ManualResetEventSlim)
            || host.Types.Is(method.ContainingType, KnownType.CountdownEvent)
            || host.Types.Is(method.ContainingType, KnownType.PeriodicTimer)
            || host.Types.Inherits(method.ContainingType, KnownType.ChannelReader)
            || host.Types.Inherits(method.ContainingType, KnownType.ChannelWriter)
            || host.Types.Inherits(method.ContainingType, KnownType.BlockingCollection));

    private bool IsOfTask(IMethodSymbol method) => host.Types.Is(method.ContainingType, KnownType.Task) || host.Types.Is(method.ContainingType, KnownType.Task1);

    // SHUT110's: a drain delay in StoppingAsync has no place there, with or without the token.
    private bool IsDelayBeforeTheStop(IInvocationOperation call) => !stop.IsStopAsync && call.TargetMethod.Name == "Delay";

    private bool IsCancellation(ITypeSymbol? type) => host.Types.Is(type, KnownType.OperationCanceledException) || host.Types.Is(type, KnownType.TaskCanceledException);

    /// <summary>Where the exception of a call comes out: the call itself, or the await, return or loop that takes its task; null where nobody takes it.</summary>
    private IOperation? Arrival(IInvocationOperation call)
    {
        if (!StartedWork.IsTask(call.Type, host))
            return IsAsyncStream(call) ? LoopOver(call) : call;

        IOperation value = call;
        while (true)
        {
            switch (value.Parent)
            {
                case IAwaitOperation or IReturnOperation:
                    return value.Parent;
                case IConversionOperation or IParenthesizedOperation:
                    value = value.Parent;
                    break;
                case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } configure when configure.Instance == value && !Suppresses(configure):
                case IInvocationOperation { TargetMethod.Name: "GetAwaiter" or "AsTask" } taken when taken.Instance == value:
                    value = value.Parent;
                    break;
                case IInvocationOperation { TargetMethod.Name: "GetResult" or "Wait" } taken when taken.Instance == value:
                    return taken;
                case { } parent when AllOf(parent) is { } all:
                    value = all;
                    break;
                default:
                    return null;
            }
        }
    }

    // Task.WhenAll(a, b): between the task and the call stands the array or span of the params parameter.
    private static IInvocationOperation? AllOf(IOperation parent)
    {
        for (var current = parent; current is not null and not (IInvocationOperation or IAnonymousFunctionOperation or IBlockOperation); current = current.Parent)
        {
            if (current is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "WhenAll" } all })
                return all;
        }

        return null;
    }

    private static bool IsAsyncStream(IInvocationOperation call) => call.TargetMethod.Name == "ReadAllAsync";

    private static IOperation? LoopOver(IOperation stream)
    {
        for (var current = stream.Parent; current is IConversionOperation or IParenthesizedOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } or IForEachLoopOperation or IArgumentOperation; current = current.Parent)
        {
            if (current is IForEachLoopOperation)
                return current;
        }

        return null;
    }

    // ConfigureAwaitOptions.SuppressThrowing
    private static bool Suppresses(IInvocationOperation configure) =>
        configure.Arguments is [{ Value: { Type.TypeKind: TypeKind.Enum, ConstantValue: { HasValue: true, Value: int options } } }] && (options & 2) != 0;

    /// <summary>Whether no try around <paramref name="operation"/> keeps its cancellation in.</summary>
    /// <param name="operation">Where the exception comes out.</param>
    /// <param name="isDerived">Whether it is a <c>TaskCanceledException</c>.</param>
    private bool Escapes(IOperation operation, bool isDerived)
    {
        // A task that is returned as it is throws in the hands of the caller, out of reach of any try around it.
        if (operation is IReturnOperation)
            return true;

        var child = operation;
        for (var current = operation.Parent; current is not null; child = current, current = current.Parent)
        {
            if (current is ITryOperation attempt && attempt.Body == child && IsKept(attempt, isDerived))
                return false;
        }

        return true;
    }

    private bool IsKept(ITryOperation attempt, bool isDerived)
    {
        foreach (var clause in attempt.Catches)
        {
            if (Takes(clause, isDerived))
                return IsCancellation(clause.ExceptionType) || !RethrowsAlways(clause);
        }

        return false;
    }

    // In doubt (a filter that calls something) it takes it.
    private bool Takes(ICatchClauseOperation clause, bool isDerived)
    {
        var type = clause.ExceptionType;
        var takesType = type is null or { SpecialType: SpecialType.System_Object }
            || host.Types.Is(type, KnownType.Exception)
            || host.Types.Is(type, KnownType.OperationCanceledException)
            || (isDerived && host.Types.Is(type, KnownType.TaskCanceledException));
        return takesType && !ExcludesCancellation(clause.Filter);
    }

    // when (ex is not OperationCanceledException), when (!cancellationToken.IsCancellationRequested)
    private bool ExcludesCancellation(IOperation? filter)
    {
        foreach (var operation in OperationWalk.Own(filter))
        {
            switch (operation)
            {
                case INegatedPatternOperation { Pattern: ITypePatternOperation { MatchedType: var type } } when IsCancellation(type):
                case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: var negated } when Asks(negated):
                    return true;
            }
        }

        return false;

        bool Asks(IOperation condition) => Values.WalkDown(condition) switch
        {
            IIsTypeOperation { TypeOperand: var type } => IsCancellation(type),
            IPropertyReferenceOperation { Property.Name: "IsCancellationRequested" } => true,
            _ => false,
        };
    }

    private static bool RethrowsAlways(ICatchClauseOperation clause)
    {
        foreach (var statement in clause.Handler.Operations)
        {
            if (statement is IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation })
                return true;
        }

        return false;
    }

    private static ICatchClauseOperation? ClauseAround(IOperation rethrow)
    {
        for (var current = rethrow.Parent; current is not null; current = current.Parent)
        {
            if (current is ICatchClauseOperation clause)
                return clause;
        }

        return null;
    }
}
