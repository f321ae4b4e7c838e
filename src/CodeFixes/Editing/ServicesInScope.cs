using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>What a piece of code can name, as a source of services.</summary>
internal static class ServicesInScope
{
    /// <summary>Names in scope at <paramref name="use"/> that are assigned there and never null, the nearest kinds first.</summary>
    public static IEnumerable<(string Name, ITypeSymbol Type)> Of(FixSite site, SyntaxNode use)
    {
        var found = new List<(int Rank, string Name, ITypeSymbol Type)>();
        foreach (var symbol in site.Model.LookupSymbols(use.SpanStart))
        {
            var (rank, type) = symbol switch
            {
                IParameterSymbol parameter => (0, parameter.Type),
                ILocalSymbol local => (0, local.Type),
                IFieldSymbol field => (1, field.Type),
                IPropertySymbol { GetMethod: not null, IsIndexer: false } property => (2, property.Type),
                _ => default((int, ITypeSymbol?)),
            };
            if (type is not null && type.TypeKind != TypeKind.Error && (type.NullableAnnotation != NullableAnnotation.Annotated || IsInferred(symbol)) && CanUse(site, symbol, use))
                found.Add((rank, symbol.Name, type));
        }

        return found.OrderBy(one => one.Rank).Select(one => (one.Name, one.Type));
    }

    private static bool CanUse(FixSite site, ISymbol symbol, SyntaxNode use)
    {
        if (symbol is ILocalSymbol or IParameterSymbol)
        {
            if (symbol.DeclaringSyntaxReferences is not [var reference] || reference.SyntaxTree != use.SyntaxTree)
                return false;

            var declaration = reference.GetSyntax();
            if (symbol is ILocalSymbol)
            {
                // Assigned where it is declared, and before the use.
                if (declaration is not VariableDeclaratorSyntax { Initializer: not null } || declaration.Span.End > use.SpanStart)
                    return false;

                // Top-level locals are in scope in the file's types, but can't be used there.
                if (declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>() is GlobalStatementSyntax && use.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>() is not null)
                    return false;
            }

            // A static lambda or local function captures nothing.
            foreach (var function in Function.Around(use))
            {
                if (function.Span.Contains(declaration.Span))
                    break;
                if (IsStatic(function))
                    return false;
            }
        }

        var bound = site.Model.GetSpeculativeSymbolInfo(use.SpanStart, SyntaxFactory.IdentifierName(symbol.Name), SpeculativeBindingOption.BindAsExpression).Symbol;
        return SymbolEqualityComparer.Default.Equals(bound, symbol);
    }

    // The type of a "var" may always be null, by the compiler's word.
    private static bool IsInferred(ISymbol symbol) =>
        symbol is ILocalSymbol
        && symbol.DeclaringSyntaxReferences is [var reference]
        && reference.GetSyntax().Parent is VariableDeclarationSyntax { Type.IsVar: true };

    private static bool IsStatic(SyntaxNode function) => function switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers.Any(SyntaxKind.StaticKeyword),
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.StaticKeyword),
        _ => false,
    };
}
