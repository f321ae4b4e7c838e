using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>A task that a method returns without awaiting it, or that an expression body awaits: no try can stand around it until the method is async with a block.</summary>
internal static class ReturnedWaits
{
    /// <summary>The method whose last act is to return <paramref name="task"/>, where it can be made async; null for other uses of the task.</summary>
    public static MethodDeclarationSyntax? Method(ExpressionSyntax task, SemanticModel model)
    {
        SyntaxNode node = task;
        while (node.Parent is ParenthesizedExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } } or AwaitExpressionSyntax)
            node = node.Parent;

        return node.Parent switch
        {
            ReturnStatementSyntax { Parent: BlockSyntax { Parent: MethodDeclarationSyntax method } } when !method.Modifiers.Any(SyntaxKind.AsyncKeyword) && AsyncMethods.CanBeAsync(method, model) => method,
            ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method } when AsyncMethods.CanBeAsync(method, model) => method,
            _ => null,
        };
    }

    /// <summary>The method, async, with <paramref name="replacement"/> awaited in a try instead of <paramref name="task"/> returned.</summary>
    public static MethodDeclarationSyntax Caught(MethodDeclarationSyntax method, ExpressionSyntax task, ExpressionSyntax replacement)
    {
        var mark = new SyntaxAnnotation();
        var marked = method.ReplaceNode(task, replacement.WithAdditionalAnnotations(mark));
        var rewritten = AsyncMethods.Rewrite(marked, last: null, endIsReachable: false);
        var statement = rewritten.GetAnnotatedNodes(mark).Single().FirstAncestorOrSelf<ExpressionStatementSyntax>()!;
        return rewritten.ReplaceNode(statement, GuardedWait.Around(statement));
    }
}
