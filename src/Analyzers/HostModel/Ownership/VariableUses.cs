using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Finds where a variable, a member or a method is used.</summary>
internal sealed class VariableUses(HostFacts host)
{
    /// <summary>Every place that names a field, property, local, parameter or method, its declaration left out.</summary>
    public IEnumerable<IOperation> Of(ISymbol symbol)
    {
        var definition = symbol.OriginalDefinition;
        foreach (var name in NamesOf(symbol))
        {
            if (OperationOf(name) is { } operation && SymbolEqualityComparer.Default.Equals(SymbolIn(operation)?.OriginalDefinition, definition))
                yield return operation;
        }
    }

    private static ISymbol? SymbolIn(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        IInvocationOperation call => call.TargetMethod.ReducedFrom ?? call.TargetMethod,
        _ => null,
    };

    private IOperation? OperationOf(SimpleNameSyntax name)
    {
        var node = SourceIndex.ExpressionOf(name);
        if (node.Parent is InvocationExpressionSyntax call && call.Expression == node && host.Index.Operation(call) is IInvocationOperation { TargetMethod.Name: var method } invoked && method == name.Identifier.ValueText)
            return invoked;
        return host.Index.Operation(node);
    }

    private IEnumerable<SimpleNameSyntax> NamesOf(ISymbol symbol)
    {
        switch (symbol)
        {
            case ILocalSymbol local:
                return local.DeclaringSyntaxReferences is [var declaration, ..] && SourceIndex.ScopeOf(declaration.GetSyntax()) is { } scope ? host.Index.UsesIn(scope, local.Name) : [];

            case IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter when IsPrimary(parameter):
                return In(parameter.ContainingType);

            case IParameterSymbol parameter:
                return In(parameter.ContainingSymbol);

            case { DeclaredAccessibility: Accessibility.Private, ContainingType: { } type }:
                return In(type);

            default:
                return host.Index.Uses(symbol.Name);
        }

        static bool IsPrimary(IParameterSymbol parameter) =>
            parameter.DeclaringSyntaxReferences is [var reference] && reference.GetSyntax().Parent?.Parent is TypeDeclarationSyntax;

        IEnumerable<SimpleNameSyntax> In(ISymbol declared)
        {
            foreach (var reference in declared.DeclaringSyntaxReferences)
            {
                if (!host.Compilation.ContainsSyntaxTree(reference.SyntaxTree))
                    continue;

                foreach (var name in host.Index.UsesIn(reference.GetSyntax(), symbol.Name))
                    yield return name;
            }
        }
    }

    /// <summary>Whether <paramref name="operation"/> stands in a class or one that is nested in it.</summary>
    public bool StandsIn(IOperation operation, INamedTypeSymbol type)
    {
        for (var current = host.Index.Model(operation.Syntax.SyntaxTree).GetEnclosingSymbol(operation.Syntax.SpanStart); current is not null; current = current.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, type.OriginalDefinition))
                return true;
        }

        return false;
    }

    /// <summary>The method or property that an operation is in; a local function has no accessibility and hands on what it returns.</summary>
    public ISymbol? EnclosingMember(IOperation operation) =>
        host.Index.EnclosingMethod(operation.Syntax) is IMethodSymbol method
            ? method.AssociatedSymbol ?? method
            : null;
}
