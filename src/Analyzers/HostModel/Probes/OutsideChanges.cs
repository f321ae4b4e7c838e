using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Whether a variable may be changed from outside of the function that reads it, by syntax and declaration alone.</summary>
internal static class OutsideChanges
{
    // Methods of the framework's types that change what a reader of the object sees.
    private static readonly HashSet<string> Changes = new(StringComparer.Ordinal)
    {
        "Cancel", "CancelAsync", "Set", "Reset", "SetResult", "TrySetResult", "SetCanceled", "TrySetCanceled", "SetException", "TrySetException", "Signal", "Release",
        "Add", "TryAdd", "AddOrUpdate", "TryUpdate", "Remove", "TryRemove", "Clear", "Enqueue", "TryWrite", "Complete", "TryComplete", "CompleteAdding", "Dispose",
    };

    /// <summary>Whether a method of that name changes the object that it is called on.</summary>
    public static bool IsChange(string method) => Changes.Contains(method);

    /// <summary>Whether other code than the variable's own function may change it, or what it holds. Of a member that other types see it isn't known.</summary>
    public static bool MayChange(HostFacts host, ISymbol variable) => variable switch
    {
        ILocalSymbol or IParameterSymbol => variable.DeclaringSyntaxReferences is not [var declaration] || AnyChange(host, variable.Name, declaration.GetSyntax()),
        IFieldSymbol { IsReadOnly: true } or IFieldSymbol { IsConst: true } or IPropertySymbol { SetMethod: null } when IsImmutable(variable) => false,

        // Of another assembly, and never set: only what it holds can change, by a call that says so.
        IPropertySymbol { SetMethod: null } when !host.IsInSource(variable) => host.Index.Uses(variable.Name).Any(IsChanged),
        { DeclaredAccessibility: Accessibility.Private } when host.IsInSource(variable) => host.Index.UsesInTypeOf(variable).Any(IsChanged),
        _ => true,
    };

    private static bool IsImmutable(ISymbol member) => ((member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type) is { } type && (type.IsValueType || type.SpecialType == SpecialType.System_String);

    // What a function sets of its own it knows without the stop; a lambda in it may be the stop's callback, and so may a method group: token.Register(source.Cancel).
    private static bool AnyChange(HostFacts host, string name, SyntaxNode declaration)
    {
        if (SourceIndex.ScopeOf(declaration) is not { } scope || scope is TypeDeclarationSyntax || !host.Compilation.ContainsSyntaxTree(scope.SyntaxTree))
            return true;

        var function = Function.Around(declaration).FirstOrDefault();
        foreach (var use in host.Index.UsesIn(scope, name))
        {
            if (IsChanged(use) && (IsMethodGroup(use) || Function.Around(use).FirstOrDefault() != function))
                return true;
        }

        return false;
    }

    private static bool IsMethodGroup(SimpleNameSyntax use) =>
        ValueOf(use).Parent is MemberAccessExpressionSyntax { Parent: not InvocationExpressionSyntax } or ConditionalAccessExpressionSyntax;

    private static bool IsChanged(SimpleNameSyntax use)
    {
        var value = ValueOf(use);
        return value.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == value,
            PostfixUnaryExpressionSyntax => true,
            PrefixUnaryExpressionSyntax prefix => prefix.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression,
            ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
            MemberAccessExpressionSyntax access => access.Expression == value && IsChange(access.Name.Identifier.ValueText),
            ConditionalAccessExpressionSyntax access => access.Expression == value,
            _ => false,
        };
    }

    /// <summary>The expression that ends in the name, with conversions and indexes around it.</summary>
    private static SyntaxNode ValueOf(SimpleNameSyntax use)
    {
        SyntaxNode value = SourceIndex.ExpressionOf(use);
        while (value.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression } or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }
            || (value.Parent is ElementAccessExpressionSyntax element && element.Expression == value))
        {
            value = value.Parent;
        }

        return value;
    }
}
