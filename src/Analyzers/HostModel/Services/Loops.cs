using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Which loops go on for ever.</summary>
internal static class Loops
{
    /// <summary>Whether nothing in the loop's own head ends it: a constant condition, or a variable that nobody ever changes.</summary>
    public static bool HasNoCondition(ILoopOperation loop, HostFacts host) => loop switch
    {
        IWhileLoopOperation { Condition: var condition, ConditionIsUntil: false } => IsAlwaysTrue(condition, host),
        IForLoopOperation { Condition: var condition } => condition is null || IsAlwaysTrue(condition, host),
        _ => false,
    };

    /// <summary>Whether the loop's body has a way out of its own: return, break, goto, an exception that nothing in the loop catches, or the end of the process.</summary>
    public static bool LeavesByItself(ILoopOperation loop, HostFacts host)
    {
        foreach (var operation in OperationWalk.Own(loop.Body))
        {
            if (Leaves(operation, loop, host))
                return true;
        }

        return false;
    }

    /// <summary>Whether <paramref name="operation"/> ends the loop, or hands control to who enumerates (<c>yield return</c>).</summary>
    public static bool Leaves(IOperation operation, ILoopOperation loop, HostFacts host)
    {
        switch (operation)
        {
            case IBranchOperation { BranchKind: BranchKind.Break } branch:
                return IsExitOfOrAround(branch.Target, loop);
            case IBranchOperation { BranchKind: BranchKind.GoTo } branch:
                return !HasLabel(loop.Body, branch.Target);
            case IBranchOperation { BranchKind: BranchKind.Continue } branch:
                return IsContinueAround(branch.Target, loop);
            case IReturnOperation:
                return true;
            case IThrowOperation thrown:
                return !IsCaughtInside(thrown, loop, host);
            case IInvocationOperation { TargetMethod: { Name: "Exit" or "FailFast" } method }:
                return host.Types.Is(method.ContainingType, KnownType.Environment);
            default:
                return false;
        }
    }

    private static bool IsExitOfOrAround(ILabelSymbol target, ILoopOperation loop)
    {
        for (IOperation? current = loop; current is not null; current = current.Parent)
        {
            if (current is ILoopOperation outer && SymbolEqualityComparer.Default.Equals(outer.ExitLabel, target)
                || current is ISwitchOperation around && SymbolEqualityComparer.Default.Equals(around.ExitLabel, target))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsContinueAround(ILabelSymbol target, ILoopOperation loop)
    {
        for (var current = loop.Parent; current is not null; current = current.Parent)
        {
            if (current is ILoopOperation outer && SymbolEqualityComparer.Default.Equals(outer.ContinueLabel, target))
                return true;
        }

        return false;
    }

    private static bool HasLabel(IOperation body, ILabelSymbol label)
    {
        foreach (var operation in OperationWalk.Own(body))
        {
            if (operation is ILabeledOperation labeled && SymbolEqualityComparer.Default.Equals(labeled.Label, label))
                return true;
        }

        return false;
    }

    private static bool IsCaughtInside(IThrowOperation thrown, ILoopOperation loop, HostFacts host)
    {
        var type = thrown.Exception is null ? TypeOfRethrown(thrown) : Values.WalkDown(thrown.Exception).Type;
        IOperation child = thrown;
        for (var current = thrown.Parent; current is not null && current != loop; child = current, current = current.Parent)
        {
            if (current is ITryOperation attempt && attempt.Body == child)
            {
                foreach (var handler in attempt.Catches)
                {
                    if (handler.Filter is null && Catches(handler, type, host))
                        return true;
                }
            }
        }

        return false;
    }

    private static ITypeSymbol? TypeOfRethrown(IOperation rethrow)
    {
        for (var current = rethrow.Parent; current is not null; current = current.Parent)
        {
            if (current is ICatchClauseOperation handler)
                return handler.ExceptionType;
        }

        return null;
    }

    private static bool Catches(ICatchClauseOperation handler, ITypeSymbol? thrown, HostFacts host)
    {
        if (handler.ExceptionType is not { SpecialType: not SpecialType.System_Object } caught || host.Types.Is(caught, KnownType.Exception))
            return true;

        for (var current = thrown; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, caught))
                return true;
        }

        return false;
    }

    private static bool IsAlwaysTrue(IOperation? condition, HostFacts host)
    {
        switch (condition)
        {
            case null:
                return false;
            case { ConstantValue: { HasValue: true, Value: bool value } }:
                return value;
            case IParenthesizedOperation parenthesized:
                return IsAlwaysTrue(parenthesized.Operand, host);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: var operand }:
                return NeverChanges(operand, host) is false;
            default:
                return NeverChanges(condition, host) is true;
        }
    }

    /// <summary>The value of a local or private field that is set once, where it is declared; null where it isn't that.</summary>
    private static bool? NeverChanges(IOperation variable, HostFacts host)
    {
        switch (variable)
        {
            case ILocalReferenceOperation { Local: { IsRef: false } local }:
                return local.DeclaringSyntaxReferences is [var declared]
                    && declared.GetSyntax() is Microsoft.CodeAnalysis.CSharp.Syntax.VariableDeclaratorSyntax { Initializer.Value: { } initial }
                    && Constant(initial, host) is { } value
                    && !host.Index.IsWritten(local)
                        ? value
                        : null;

            case IFieldReferenceOperation { Field: { DeclaredAccessibility: Accessibility.Private, IsVolatile: false } field }:
                if (field.DeclaringSyntaxReferences is not [var fieldDeclared]
                    || fieldDeclared.GetSyntax() is not Microsoft.CodeAnalysis.CSharp.Syntax.VariableDeclaratorSyntax declarator
                    || host.Index.UsesOfMember(field).Any(Values.IsWritten))
                {
                    return null;
                }

                return declarator.Initializer is { } initializer ? Constant(initializer.Value, host) : false;

            default:
                return null;
        }
    }

    private static bool? Constant(SyntaxNode initial, HostFacts host) =>
        host.Index.Model(initial.SyntaxTree).GetConstantValue(initial) is { HasValue: true, Value: bool value } ? value : null;
}
