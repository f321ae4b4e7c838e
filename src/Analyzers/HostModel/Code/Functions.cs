using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Where a function is declared. Stands for the function in sets: nodes and symbols of one lambda can be different objects.</summary>
internal readonly record struct Place(SyntaxTree Tree, TextSpan Span)
{
    public static Place Of(SyntaxNode node) => new(node.SyntaxTree, node.Span);
}

/// <summary>A lambda, anonymous method, local function or method of this compilation.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Syntax">Its declaration.</param>
/// <param name="Body">What it does; null for a method without a body.</param>
internal sealed record Function(IMethodSymbol Symbol, SyntaxNode Syntax, IOperation? Body)
{
    public Place Place => Place.Of(Syntax);

    /// <summary>Whether nobody can wait for it: <c>async void</c>, also as a lambda given to a delegate that returns nothing.</summary>
    public bool IsAsyncVoid => Symbol is { IsAsync: true, ReturnsVoid: true };

    /// <summary>The source of <paramref name="method"/>, or null where it lies in another assembly.</summary>
    public static Function? Of(HostFacts host, IMethodSymbol method)
    {
        var declared = (method.ReducedFrom ?? method).OriginalDefinition;
        declared = declared.PartialImplementationPart ?? declared;
        if (declared.DeclaringSyntaxReferences is not [var reference, ..])
            return null;

        var syntax = reference.GetSyntax();
        if (!host.Compilation.ContainsSyntaxTree(syntax.SyntaxTree))
            return null;

        var body = host.Index.Operation(syntax) switch
        {
            IMethodBodyBaseOperation { BlockBody: { } block } => block,
            IMethodBodyBaseOperation { ExpressionBody: { } expression } => expression,
            ILocalFunctionOperation local => local.Body,
            IAnonymousFunctionOperation lambda => lambda.Body,
            var other => other,
        };
        return new(declared, syntax, body);
    }

    /// <summary>The method itself where it lies in this compilation, or the methods here that stand behind an interface's or an abstract one.</summary>
    public static IEnumerable<IMethodSymbol> Behind(HostFacts host, IMethodSymbol method)
    {
        var declared = (method.ReducedFrom ?? method).OriginalDefinition;
        if (!declared.IsAbstract)
        {
            if (host.IsInSource(declared))
                yield return declared;
            yield break;
        }

        foreach (var symbol in host.Compilation.GetSymbolsWithName(declared.Name, SymbolFilter.Member))
        {
            if (symbol is IMethodSymbol { IsAbstract: false } candidate
                && (SymbolEqualityComparer.Default.Equals(candidate.OverriddenMethod, declared)
                    || SymbolEqualityComparer.Default.Equals(candidate.ContainingType.FindImplementationForInterfaceMember(declared), candidate)))
            {
                yield return candidate;
            }
        }
    }

    /// <summary>The functions that <paramref name="node"/> stands in, the innermost first, up to the member.</summary>
    public static IEnumerable<SyntaxNode> Around(SyntaxNode node)
    {
        foreach (var ancestor in node.Ancestors())
        {
            switch (ancestor)
            {
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax:
                    yield return ancestor;
                    break;

                case BaseMethodDeclarationSyntax or AccessorDeclarationSyntax:
                    yield return ancestor;
                    yield break;

                case TypeDeclarationSyntax:
                    yield break;
            }
        }
    }

    /// <summary>The symbol of a function's declaration.</summary>
    public static IMethodSymbol? SymbolOf(HostFacts host, SyntaxNode function)
    {
        var model = host.Index.Model(function.SyntaxTree);
        return (function is AnonymousFunctionExpressionSyntax ? model.GetSymbolInfo(function).Symbol : model.GetDeclaredSymbol(function)) as IMethodSymbol;
    }
}

/// <summary>What a delegate value runs.</summary>
internal static class Delegates
{
    /// <summary>The functions of this compilation that <paramref name="value"/> can be: through conversions, locals, fields and properties.</summary>
    public static IReadOnlyList<Function> Resolve(HostFacts host, IOperation value)
    {
        var found = new List<Function>();
        Resolve(host, value, found, depth: 0);
        return found;
    }

    /// <summary>The value inside conversions and delegate creations.</summary>
    public static IOperation Unwrap(IOperation value)
    {
        value = Values.WalkDown(value);
        while (value is IDelegateCreationOperation creation)
            value = Values.WalkDown(creation.Target);
        return value;
    }

    private static void Resolve(HostFacts host, IOperation value, List<Function> found, int depth)
    {
        if (depth > 4)
            return;

        switch (Unwrap(value))
        {
            case IAnonymousFunctionOperation lambda:
                found.Add(new(lambda.Symbol, lambda.Syntax, lambda.Body));
                break;

            case IMethodReferenceOperation { Method: var method } when Function.Of(host, method) is { } function:
                found.Add(function);
                break;

            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                Resolve(host, choice.WhenTrue, found, depth + 1);
                Resolve(host, otherwise, found, depth + 1);
                break;

            case ILocalReferenceOperation { Local: var local }:
                ResolveInitializer(host, local, found, depth);
                foreach (var use in host.Index.UsesOfLocal(local))
                {
                    if (use.Parent is ISimpleAssignmentOperation assignment && assignment.Target == use)
                        Resolve(host, assignment.Value, found, depth + 1);
                }

                break;

            case IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } reference:
                ResolveInitializer(host, reference.Member, found, depth);
                foreach (var assigned in Assignments(host, reference.Member))
                    Resolve(host, assigned, found, depth + 1);
                break;
        }
    }

    private static void ResolveInitializer(HostFacts host, ISymbol variable, List<Function> found, int depth)
    {
        foreach (var declaration in variable.DeclaringSyntaxReferences)
        {
            var initializer = declaration.GetSyntax() switch
            {
                VariableDeclaratorSyntax { Initializer.Value: var value } => value,
                PropertyDeclarationSyntax { Initializer.Value: var value } => value,
                PropertyDeclarationSyntax { ExpressionBody.Expression: var value } => value,
                _ => null,
            };
            if (initializer is not null && host.Compilation.ContainsSyntaxTree(initializer.SyntaxTree) && OperationOf(host, initializer) is { } operation)
                Resolve(host, operation, found, depth + 1);
        }
    }

    // A method group has no operation of its own: its delegate creation carries it.
    private static IOperation? OperationOf(HostFacts host, ExpressionSyntax value) =>
        host.Index.Operation(value) ?? (value.Parent is { } parent ? host.Index.Operation(parent) switch
        {
            IVariableInitializerOperation initializer => initializer.Value,
            ISymbolInitializerOperation initializer => initializer.Value,
            _ => null,
        } : null);

    private static IEnumerable<IOperation> Assignments(HostFacts host, ISymbol member)
    {
        foreach (var use in host.Index.UsesOfMember(member))
        {
            if (use.Parent is ISimpleAssignmentOperation assignment && assignment.Target == use)
                yield return assignment.Value;
        }
    }
}
