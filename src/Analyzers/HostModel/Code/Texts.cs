using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What a string is, where the source says so: constants, and locals, fields and properties that are set once, in pieces too.</summary>
internal static class Texts
{
    private const int MaxDepth = 8;

    /// <summary>The text of <paramref name="value"/>, or null where it can't be known.</summary>
    public static string? Of(HostFacts host, IOperation? value) => Of(host, value, 0);

    /// <summary>The strings of a list (<c>["a", "b"]</c>, <c>new[] { "a" }</c>, <c>new List&lt;string&gt; { "a" }</c>, a field that holds one), or null where one can't be known.</summary>
    public static IReadOnlyList<string>? ListOf(HostFacts host, IOperation? value)
    {
        if (value is null or IDefaultValueOperation || Values.WalkDown(value).ConstantValue is { HasValue: true, Value: null })
            return [];

        // The arguments of a params parameter.
        if (value is IArrayCreationOperation { IsImplicit: true, Initializer.ElementValues: var given })
        {
            var texts = new List<string>();
            foreach (var element in given)
            {
                if (Of(host, element) is not { } text)
                    return null;
                texts.Add(text);
            }

            return texts;
        }

        // Syntax: Roslyn 4.8 has no operation for collection expressions.
        var syntax = (Definition(host, Values.WalkDown(value)) ?? value).Syntax;
        IEnumerable<ExpressionSyntax>? elements = syntax switch
        {
            CollectionExpressionSyntax collection when collection.Elements.All(element => element is ExpressionElementSyntax) =>
                collection.Elements.Select(element => ((ExpressionElementSyntax)element).Expression),
            ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
            ImplicitArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
            BaseObjectCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
            InitializerExpressionSyntax initializer => initializer.Expressions,
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Empty" } => [],
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Empty" } } => [],
            _ => null,
        };
        return elements is null ? null : All(host, elements);
    }

    /// <summary>What a local, a read-only field or a property without a setter is made from; null where it is set in more than one place.</summary>
    public static IOperation? Definition(HostFacts host, IOperation value)
    {
        ISymbol? symbol = value switch
        {
            ILocalReferenceOperation { Local: var local } when !host.Index.IsWritten(local) => local,
            IFieldReferenceOperation { Field: { IsReadOnly: true } or { IsConst: true } } reference => reference.Field,
            IPropertyReferenceOperation { Property.SetMethod: null } reference => reference.Property,
            _ => null,
        };
        if (symbol is null || !host.IsInSource(symbol))
            return null;

        ExpressionSyntax? defined = symbol.DeclaringSyntaxReferences[0].GetSyntax() switch
        {
            VariableDeclaratorSyntax { Initializer.Value: var initializer } => initializer,
            PropertyDeclarationSyntax { ExpressionBody.Expression: var body } => body,
            PropertyDeclarationSyntax { Initializer.Value: var initializer } => initializer,
            _ => null,
        };
        if (defined is null)
            return null;

        // A bare initializer (string[] x = { ... }) has an operation; a collection expression has none before Roslyn 4.10.
        return host.Index.Operation(defined) is { } operation ? Values.WalkDown(operation) : null;
    }

    private static IReadOnlyList<string>? All(HostFacts host, IEnumerable<ExpressionSyntax> elements)
    {
        var texts = new List<string>();
        foreach (var element in elements)
        {
            if (Of(host, host.Index.Operation(element)) is not { } text)
                return null;
            texts.Add(text);
        }

        return texts;
    }

    private static string? Of(HostFacts host, IOperation? value, int depth)
    {
        if (value is null || depth > MaxDepth)
            return null;

        if (Values.ConstantString(value) is { } constant)
            return constant;

        value = Values.WalkDown(value);
        switch (value)
        {
            case { ConstantValue: { HasValue: true, Value: string text } }:
                return text;

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum:
                return Of(host, sum.LeftOperand, depth + 1) is { } left && Of(host, sum.RightOperand, depth + 1) is { } right ? left + right : null;

            case IInterpolatedStringOperation interpolated:
                return Interpolated(host, interpolated, depth);

            // new PathString("/ready")
            case IObjectCreationOperation { Arguments: [var only], Type.Name: "PathString" }:
                return Of(host, only.Value, depth + 1);

            default:
                return Definition(host, value) is { } definition ? Of(host, definition, depth + 1) : null;
        }
    }

    private static string? Interpolated(HostFacts host, IInterpolatedStringOperation value, int depth)
    {
        var text = "";
        foreach (var part in value.Parts)
        {
            var piece = part switch
            {
                IInterpolatedStringTextOperation literal => Of(host, literal.Text, depth + 1),
                IInterpolationOperation { FormatString: null, Alignment: null } hole => Of(host, hole.Expression, depth + 1),
                _ => null,
            };
            if (piece is null)
                return null;
            text += piece;
        }

        return text;
    }
}
