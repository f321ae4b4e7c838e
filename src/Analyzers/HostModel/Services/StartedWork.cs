using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What becomes of a task (or of another thing that goes on by itself) that a call returns.</summary>
internal enum Fate
{
    /// <summary>Awaited, waited for or returned: the caller goes on when it has ended.</summary>
    Awaited,

    /// <summary>Dropped.</summary>
    Discarded,

    /// <summary>Kept in a local, field or property.</summary>
    Stored,

    /// <summary>Given to another call: a list of tasks, <c>WhenAll</c>.</summary>
    Handed,
}

/// <summary>Work that goes on after the code that starts it.</summary>
internal static class StartedWork
{
    /// <summary>What becomes of the value of <paramref name="started"/>; the symbol that keeps it for <see cref="Fate.Stored"/>.</summary>
    public static (Fate Fate, ISymbol? Store) FateOf(IOperation started)
    {
        var value = started;
        while (true)
        {
            switch (value.Parent)
            {
                case IAwaitOperation or IReturnOperation:
                    // An expression-bodied lambda that returns nothing drops the value.
                    return value.Parent is IReturnOperation { ReturnedValue: null } ? (Fate.Discarded, null) : (Fate.Awaited, null);
                case IConversionOperation or IParenthesizedOperation or IArrayInitializerOperation or IArrayCreationOperation:
                case { Syntax: CollectionExpressionSyntax }:
                case { IsImplicit: true, Parent: IArgumentOperation { ArgumentKind: not ArgumentKind.Explicit } }:
                    // Task.WhenAll(one, two) makes an array or a span of them.
                    value = value.Parent;
                    break;
                case IConditionalAccessOperation access when access.WhenNotNull == value:
                    value = access;
                    break;
                case IExpressionStatementOperation:
                    return (Fate.Discarded, null);
                // In a lambda whose parameter is named so, "_ = ..." assigns to it.
                case ISimpleAssignmentOperation { Target: IDiscardOperation or IParameterReferenceOperation { Parameter.Name: "_" } } assignment when assignment.Value == value:
                    return (Fate.Discarded, null);
                case IAssignmentOperation assignment when assignment.Value == value:
                    return (Fate.Stored, Values.SymbolOf(assignment.Target)?.OriginalDefinition);
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                    return (Fate.Stored, local);
                case IInvocationOperation call when call.Instance == value:
                    if (IsWait(call))
                        return (Fate.Awaited, null);
                    value = call;
                    break;
                case IPropertyReferenceOperation { Property.Name: "Result" }:
                    return (Fate.Awaited, null);
                case IArgumentOperation { Parameter.Ordinal: 0, Parent: IInvocationOperation { TargetMethod.IsExtensionMethod: true } call }:
                    // task.Forget(), task.Unwrap(), task.SafeFireAndForget(...)
                    value = call;
                    break;
                case IArgumentOperation { Parent: IInvocationOperation call } when call.TargetMethod.Name is "WhenAll" or "WaitAll" or "WhenAny" or "WaitAny" or "Wait":
                    value = call;
                    if (call.TargetMethod.Name is "WaitAll" or "WaitAny" or "Wait")
                        return (Fate.Awaited, null);
                    break;
                case null:
                    return (Fate.Awaited, null);
                default:
                    return (Fate.Handed, null);
            }
        }
    }

    /// <summary>
    /// Whether the code that <paramref name="use"/> stands for (a call, a method group, a lambda or a local function) goes on after the code around it:
    /// the task that it makes is neither awaited nor returned.
    /// </summary>
    public static bool GoesOn(IOperation use, HostFacts host)
    {
        switch (use)
        {
            case IInvocationOperation call:
                return (IsTask(call.Type, host) && FateOf(call).Fate != Fate.Awaited)
                    || IsInsideOngoingFunction(call, host);

            case ILocalFunctionOperation local:
                foreach (var operation in OperationWalk.All(BodyAround(local)))
                {
                    if ((operation is IInvocationOperation { TargetMethod: var called } && SymbolEqualityComparer.Default.Equals(called.OriginalDefinition, local.Symbol)
                            || operation is IMethodReferenceOperation { Method: var referenced } && SymbolEqualityComparer.Default.Equals(referenced.OriginalDefinition, local.Symbol))
                        && !OperationWalk.Contains(local, operation)
                        && GoesOn(operation, host))
                    {
                        return true;
                    }
                }

                return false;

            default:
                return ReceiverOfDelegate(use) switch
                {
                    IInvocationOperation { TargetMethod: { Name: "Register" or "UnsafeRegister" } } => false,
                    IInvocationOperation starter => (IsTask(starter.Type, host) && FateOf(starter).Fate != Fate.Awaited)
                        || host.Types.Is(starter.TargetMethod.ContainingType, KnownType.ThreadPool)
                        || IsInsideOngoingFunction(starter, host),
                    IObjectCreationOperation creation => host.Types.Is(creation.Type, KnownType.Thread)
                        || host.Types.Is(creation.Type, KnownType.Timer)
                        || IsInsideOngoingFunction(creation, host),
                    IEventAssignmentOperation => true,
                    _ => false,
                };
        }
    }

    public static bool IsTask(ITypeSymbol? type, HostFacts host) =>
        host.Types.Is(type, KnownType.Task) || host.Types.Is(type, KnownType.Task1) || host.Types.Is(type, KnownType.ValueTask) || host.Types.Is(type, KnownType.ValueTask1);

    /// <summary>The call, object creation or event that a lambda or method group is given to.</summary>
    public static IOperation? ReceiverOfDelegate(IOperation function)
    {
        for (var current = function.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IConversionOperation or IDelegateCreationOperation or IParenthesizedOperation or IArgumentOperation:
                    continue;
                case IInvocationOperation or IObjectCreationOperation or IEventAssignmentOperation:
                    return current;
                default:
                    return null;
            }
        }

        return null;
    }

    private static bool IsInsideOngoingFunction(IOperation operation, HostFacts host) =>
        OperationWalk.FunctionAround(operation) is { } function && GoesOn(function, host);

    private static IOperation BodyAround(IOperation operation)
    {
        while (operation.Parent is { } parent)
            operation = parent;
        return operation;
    }

    private static bool IsWait(IInvocationOperation call) => call.TargetMethod.Name is "Wait" or "GetAwaiter" or "RunSynchronously";
}
