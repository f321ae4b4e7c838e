using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Which code production never runs, because a condition on the environment stands before it.</summary>
internal static class EnvironmentChecks
{
    private const int MaxDepth = 4;

    // Of syntax alone; a file of many routes asks about the same block for each of them.
    private static readonly ConditionalWeakTable<SyntaxNode, IfStatementSyntax[]> KnownGuards = new();

    /// <summary>Whether <paramref name="call"/>, or every call of the method that it stands in, is left out in production.</summary>
    public static bool IsOutsideProduction(HostFacts host, IInvocationOperation call) => IsOutside(host, call.Syntax, 0);

    /// <summary>The <c>if</c> that keeps <paramref name="node"/> from production, in its own method; null where it is another method's, or an early return.</summary>
    public static IfStatementSyntax? ConditionOf(HostFacts host, SyntaxNode node)
    {
        foreach (var ancestor in node.Ancestors())
        {
            if (ancestor is IfStatementSyntax branch && Excludes(host, branch, node))
                return branch;
            if (ancestor is MemberDeclarationSyntax or LocalFunctionStatementSyntax && ancestor is not GlobalStatementSyntax)
                return null;
        }

        return null;
    }

    private static bool IsOutside(HostFacts host, SyntaxNode node, int depth)
    {
        SyntaxNode? holder = null;
        var below = node;
        foreach (var ancestor in node.Ancestors())
        {
            switch (ancestor)
            {
                case IfStatementSyntax branch when Excludes(host, branch, node):
                    return true;

                case BlockSyntax block when ReturnsBefore(host, block, below):
                    return true;

                case CompilationUnitSyntax unit when below is GlobalStatementSyntax && ReturnsBefore(host, unit, below):
                    return true;
            }

            if (ancestor is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax)
            {
                holder = ancestor;
                break;
            }

            below = ancestor;
        }

        return holder is not null && depth < MaxDepth && host.Index.Model(holder.SyntaxTree).GetDeclaredSymbol(holder) is IMethodSymbol method && IsOnlyCalledOutside(host, method, depth);
    }

    private static bool IsOnlyCalledOutside(HostFacts host, IMethodSymbol method, int depth)
    {
        var isCalled = false;
        foreach (var use in host.Index.Uses(method.Name))
        {
            if (!MayBeUseOf(method, use)
                || host.Index.Symbol(use) is not IMethodSymbol called
                || !SymbolEqualityComparer.Default.Equals((called.ReducedFrom ?? called).OriginalDefinition, method.OriginalDefinition))
            {
                continue;
            }

            isCalled = true;
            if (!IsOutside(host, use, depth + 1))
                return false;
        }

        return isCalled;
    }

    // Names as Configure are common: what is called with type arguments, or with more than the method takes, is another method.
    private static bool MayBeUseOf(IMethodSymbol method, SimpleNameSyntax use)
    {
        if (use is GenericNameSyntax && !method.IsGenericMethod)
            return false;

        if (SourceIndex.InvocationOf(use) is not { ArgumentList.Arguments.Count: var given })
            return true;

        // An extension method's first is left of the dot.
        var needed = method.Parameters.Count(parameter => !parameter.IsOptional && !parameter.IsParams) - (method.IsExtensionMethod ? 1 : 0);
        return given >= needed && (given <= method.Parameters.Length || method.Parameters.Any(parameter => parameter.IsParams));
    }

    private static bool Excludes(HostFacts host, IfStatementSyntax branch, SyntaxNode node)
    {
        if (branch.Condition.Span.Contains(node.Span))
            return false;

        var runsWhen = branch.Else is null || !branch.Else.Span.Contains(node.Span);
        return host.Index.Operation(branch.Condition) is { } condition && InProduction(host, condition, 0) == !runsWhen;
    }

    /// <summary><c>if (!env.IsDevelopment()) return app;</c> before it.</summary>
    private static bool ReturnsBefore(HostFacts host, SyntaxNode block, SyntaxNode below)
    {
        foreach (var guard in KnownGuards.GetValue(block, Guards))
        {
            if (guard.SpanStart >= below.SpanStart)
                return false;

            if (host.Index.Operation(guard.Condition) is { } condition && InProduction(host, condition, 0) == true)
                return true;
        }

        return false;
    }

    /// <summary>The statements of a block, or of a file, that leave it on a condition.</summary>
    private static IfStatementSyntax[] Guards(SyntaxNode block)
    {
        var guards = new List<IfStatementSyntax>();
        foreach (var child in block.ChildNodes())
        {
            if ((child is GlobalStatementSyntax global ? global.Statement : child) is IfStatementSyntax { Else: null } branch
                && (branch.Statement is BlockSyntax body ? body.Statements.LastOrDefault() : branch.Statement) is ReturnStatementSyntax or ThrowStatementSyntax)
            {
                guards.Add(branch);
            }
        }

        return [.. guards];
    }

    /// <summary>What a condition is in production; null where it doesn't depend on the environment alone.</summary>
    private static bool? InProduction(HostFacts host, IOperation condition, int depth)
    {
        condition = Values.WalkDown(condition);
        if (depth > 8)
            return null;

        switch (condition)
        {
            case IInvocationOperation { TargetMethod.Name: "IsDevelopment" }:
                return false;

            case IInvocationOperation { TargetMethod.Name: "IsProduction" }:
                return true;

            case IInvocationOperation { TargetMethod.Name: "IsEnvironment", Arguments: [.., var name] }:
                return IsProductionName(Texts.Of(host, name.Value));

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equals:
                return Named(host, equals);

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } different:
                return !Named(host, different);

            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return !InProduction(host, not.Operand, depth + 1);

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } and:
                var (left, right) = (InProduction(host, and.LeftOperand, depth + 1), InProduction(host, and.RightOperand, depth + 1));
                return left == false || right == false ? false : left is null || right is null ? null : true;

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } or:
                var (first, second) = (InProduction(host, or.LeftOperand, depth + 1), InProduction(host, or.RightOperand, depth + 1));
                return first == true || second == true ? true : first is null || second is null ? null : false;

            default:
                return Texts.Definition(host, condition) is { } definition ? InProduction(host, definition, depth + 1) : null;
        }
    }

    private static bool? Named(HostFacts host, IBinaryOperation comparison) =>
        Values.WalkDown(comparison.LeftOperand) is IPropertyReferenceOperation { Property.Name: "EnvironmentName" }
            ? IsProductionName(Texts.Of(host, comparison.RightOperand) ?? (Values.SymbolOf(comparison.RightOperand) is { ContainingType.Name: "Environments" } known ? known.Name : null))
            : null;

    // Any other name ("Live", "prod-eu") may be what production is called.
    private static bool? IsProductionName(string? name) => name switch
    {
        _ when string.Equals(name, "Development", StringComparison.OrdinalIgnoreCase) => false,
        _ when string.Equals(name, "Production", StringComparison.OrdinalIgnoreCase) => true,
        _ => null,
    };
}
