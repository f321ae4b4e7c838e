using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Small questions about operations that many rules ask.</summary>
internal static class Values
{
    /// <summary>The object that a method is called on: the instance, or the first argument of an extension method; without conversions.</summary>
    public static IOperation? Receiver(IInvocationOperation call)
    {
        if (call.Instance is { } instance)
            return WalkDown(instance);

        if (!call.TargetMethod.IsExtensionMethod)
            return null;

        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Ordinal == 0)
                return WalkDown(argument.Value);
        }

        return null;
    }

    /// <summary>The receiver before <c>?.</c></summary>
    public static IOperation? Unconditional(IOperation? receiver)
    {
        if (receiver is not IConditionalAccessInstanceOperation)
            return receiver;

        var child = receiver;
        for (var current = receiver.Parent; current is not null; child = current, current = current.Parent)
        {
            if (current is IConditionalAccessOperation access && access.WhenNotNull == child)
                return WalkDown(access.Operation);
        }

        return receiver;
    }

    /// <summary>The call that <paramref name="value"/> is the receiver of, or null where it is used in another way.</summary>
    public static IInvocationOperation? CallOn(IOperation value) => value.Parent switch
    {
        IInvocationOperation call when call.Instance == value => call,
        IArgumentOperation { Parameter.Ordinal: 0, Parent: IInvocationOperation { TargetMethod.IsExtensionMethod: true } call } => call,
        _ => null,
    };

    /// <summary>The same, also behind <c>?.</c></summary>
    public static IInvocationOperation? ConditionalCallOn(IOperation value) =>
        value.Parent is IConditionalAccessOperation access && access.Operation == value ? access.WhenNotNull as IInvocationOperation : CallOn(value);

    /// <summary>Whether a use of a variable gives it another value, or lets others do so.</summary>
    public static bool IsWritten(IOperation use) => use.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == use,
        IIncrementOrDecrementOperation or IAddressOfOperation or IArgumentOperation { Parameter.RefKind: not RefKind.None } => true,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } } => true,

        // (a, b) = ...
        ITupleOperation tuple => IsWritten(tuple),
        _ => false,
    };

    /// <summary>The value inside conversions, parentheses and awaits (also <c>ConfigureAwait</c>).</summary>
    public static IOperation WalkDown(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    value = parenthesized.Operand;
                    break;
                case IAwaitOperation awaited:
                    value = awaited.Operation;
                    break;
                case IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task }:
                    value = task;
                    break;
                default:
                    return value;
            }
        }
    }

    /// <summary>The outermost operation that has the same value as <paramref name="value"/>: the counterpart of <see cref="WalkDown"/>.</summary>
    public static IOperation WalkUp(IOperation value)
    {
        while (true)
        {
            switch (value.Parent)
            {
                case IConversionOperation or IParenthesizedOperation or IAwaitOperation:
                    value = value.Parent;
                    break;
                case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } call when call.Instance == value:
                    value = call;
                    break;
                case IConditionalAccessOperation access when access.WhenNotNull == value:
                    value = access;
                    break;
                default:
                    return value;
            }
        }
    }

    /// <summary>The local, parameter, field or property that <paramref name="value"/> names, or null.</summary>
    public static ISymbol? SymbolOf(IOperation? value) => value is null ? null : WalkDown(value) switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        _ => null,
    };

    /// <summary>Whether a property keeps what it is given: its accessors have no code of their own.</summary>
    public static bool IsStored(IPropertySymbol property)
    {
        foreach (var member in property.ContainingType.GetMembers())
        {
            if (member is IFieldSymbol { AssociatedSymbol: { } stored } && SymbolEqualityComparer.Default.Equals(stored, property))
                return true;
        }

        return false;
    }

    /// <summary>The compile-time constant of <paramref name="value"/> as a string, also through const fields and locals, or null.</summary>
    public static string? ConstantString(IOperation? value) => value?.ConstantValue is { HasValue: true, Value: string text } ? text : null;
}

/// <summary>A fluent chain of calls, from its last call down to what it starts from.</summary>
internal sealed class Chain
{
    private readonly List<IInvocationOperation> _calls = [];

    /// <summary>The local, parameter, field or property that the chain starts from, or null where it starts from a call.</summary>
    public ISymbol? Root { get; private set; }

    /// <summary>The source methods called in the chain, also the one that it starts from.</summary>
    public IEnumerable<IMethodSymbol> Methods
    {
        get
        {
            foreach (var call in _calls)
                yield return (call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition;
        }
    }

    public IReadOnlyList<IInvocationOperation> Calls => _calls;

    public static Chain Of(IInvocationOperation last)
    {
        var chain = new Chain();
        for (IOperation? current = last; current is not null;)
        {
            if (current is IInvocationOperation call)
            {
                chain._calls.Add(call);
                current = Values.Receiver(call);
            }
            else
            {
                chain.Root = Values.SymbolOf(current);
                break;
            }
        }

        return chain;
    }

    /// <summary>Whether the chain holds that very call; operations of one piece of syntax can be different objects.</summary>
    public bool Contains(IInvocationOperation call)
    {
        foreach (var own in _calls)
        {
            if (own.Syntax == call.Syntax)
                return true;
        }

        return false;
    }
}
