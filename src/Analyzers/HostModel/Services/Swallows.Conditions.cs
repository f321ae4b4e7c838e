using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What the conditions of filters and branches come to when the stop has cancelled.</summary>
internal sealed partial class Swallows
{
    /// <summary>The value of a condition when the caught exception is the cancellation of the stop; null where it can't be told.</summary>
    private bool? AtStop(IOperation? condition, ICatchClauseOperation clause)
    {
        switch (condition)
        {
            case null:
                return true;
            case { ConstantValue: { HasValue: true, Value: bool value } }:
                return value;
            case IParenthesizedOperation parenthesized:
                return AtStop(parenthesized.Operand, clause);
            case IConversionOperation conversion:
                return AtStop(conversion.Operand, clause);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return !AtStop(not.Operand, clause);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } and:
                var (left, right) = (AtStop(and.LeftOperand, clause), AtStop(and.RightOperand, clause));
                return left is false || right is false ? false : left is true && right is true ? true : null;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } or:
                var (first, second) = (AtStop(or.LeftOperand, clause), AtStop(or.RightOperand, clause));
                return first is true || second is true ? true : first is false && second is false ? false : null;
            case IPropertyReferenceOperation { Property.Name: "IsCancellationRequested" } asked:
                return host.Tokens.MayStop(asked.Instance) ? true : null;
            case IIsTypeOperation typeTest when IsCaught(typeTest.ValueOperand, clause):
                return IsOfType(typeTest.TypeOperand) is { } isType ? isType != typeTest.IsNegated : null;
            case IIsPatternOperation pattern when IsCaught(pattern.Value, clause):
                return Matches(pattern.Pattern);
            default:
                return null;
        }
    }

    private static bool IsCaught(IOperation value, ICatchClauseOperation clause) =>
        Values.WalkDown(value) is ILocalReferenceOperation { Local: var local }
        && clause.ExceptionDeclarationOrExpression is IVariableDeclaratorOperation { Symbol: var caught }
        && SymbolEqualityComparer.Default.Equals(local, caught);

    private bool? Matches(IPatternOperation pattern) => pattern switch
    {
        INegatedPatternOperation negated => !Matches(negated.Pattern),
        ITypePatternOperation type => IsOfType(type.MatchedType),
        IDeclarationPatternOperation { MatchedType: { } type } => IsOfType(type),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } or => (Matches(or.LeftPattern), Matches(or.RightPattern)) switch
        {
            (true, _) or (_, true) => true,
            (false, false) => false,
            _ => null,
        },
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } and => (Matches(and.LeftPattern), Matches(and.RightPattern)) switch
        {
            (false, _) or (_, false) => false,
            (true, true) => true,
            _ => null,
        },
        _ => null,
    };

    private bool? IsOfType(ITypeSymbol type)
    {
        if (host.Types.Is(type, KnownType.OperationCanceledException) || host.Types.Is(type, KnownType.Exception) || type.Name == "SystemException")
            return true;
        return host.Types.Inherits(type, KnownType.OperationCanceledException) ? null : false;
    }

    /// <summary>Whether the conditions around <paramref name="operation"/>, up to <paramref name="outer"/>, let it run at the stop; null where they can't be told.</summary>
    private bool? IsReachedAtStop(IOperation operation, IOperation outer)
    {
        bool? reached = true;
        var clause = outer.Parent as ICatchClauseOperation;
        var child = operation;
        for (var current = operation.Parent; current is not null && child != outer; child = current, current = current.Parent)
        {
            clause ??= current as ICatchClauseOperation;
            bool? here = true;
            if (current is IConditionalOperation branch && branch.Condition != child)
            {
                var condition = clause is null ? AskedAtStop(branch.Condition) : AtStop(branch.Condition, clause);
                here = branch.WhenTrue == child ? condition : !condition;
            }
            else if (current is ISwitchCaseOperation or ISwitchExpressionArmOperation)
            {
                here = null;
            }

            if (here is false)
                return false;
            if (here is null)
                reached = null;
        }

        return reached;
    }

    private bool? AskedAtStop(IOperation condition) => condition switch
    {
        IPropertyReferenceOperation { Property.Name: "IsCancellationRequested" } asked when host.Tokens.MayStop(asked.Instance) => true,
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => !AskedAtStop(not.Operand),
        _ => null,
    };
}
