using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>The method, lambda or local function around a place.</summary>
internal static class Functions
{
    /// <summary>The innermost function around <paramref name="node"/>, or null.</summary>
    public static SyntaxNode? Around(SyntaxNode node)
    {
        foreach (var ancestor in node.Ancestors())
        {
            if (ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax or AccessorDeclarationSyntax)
                return ancestor;
        }

        return null;
    }

    /// <summary>Whether the innermost function around <paramref name="node"/> can await.</summary>
    public static bool IsAsync(SyntaxNode node) => Around(node) switch
    {
        AnonymousFunctionExpressionSyntax function => function.AsyncKeyword != default,
        LocalFunctionStatementSyntax function => function.Modifiers.Any(SyntaxKind.AsyncKeyword),
        BaseMethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => false,
    };

    /// <summary>Whether the innermost function around <paramref name="node"/> may run to its end without a <c>return</c>: it returns nothing, or is async and returns no value.</summary>
    public static bool CanEnd(SyntaxNode node, SemanticModel model)
    {
        if (model.GetEnclosingSymbol(node.SpanStart) is not IMethodSymbol function)
            return false;
        if (function.ReturnsVoid || (function.IsAsync && function.ReturnType is INamedTypeSymbol { IsGenericType: false }))
            return true;

        // Task.Run(() => { while (true) ... }): the lambda fits both forms of Task.Run, and the other one is taken when its end is reached.
        return Around(node) is AnonymousFunctionExpressionSyntax { AsyncKeyword.RawKind: 0, Block: not null, Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } }
            && model.GetSymbolInfo(call).Symbol is IMethodSymbol { Name: "Run", ContainingType.Name: "Task" };
    }
}
