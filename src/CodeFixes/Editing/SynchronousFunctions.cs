using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>What a function needs when its last <c>await</c> goes, so that it isn't async for nothing.</summary>
internal enum SynchronousForm
{
    /// <summary>Nothing: it isn't async, or awaits other things.</summary>
    Keep,

    /// <summary>The <c>async</c> goes.</summary>
    Drop,

    /// <summary>The <c>async</c> goes, and a finished task is returned at the end.</summary>
    ReturnCompleted,

    /// <summary>The <c>async</c> goes, and what is returned is made into a finished task.</summary>
    ReturnResults,
}

/// <summary>Makes synchronous functions of async ones that await nothing any more.</summary>
internal static class SynchronousFunctions
{
    /// <summary>What the function needs without <paramref name="removed"/>; null where that can't be had.</summary>
    public static SynchronousForm? FormWithout(SyntaxNode removed, SyntaxNode function, SemanticModel model)
    {
        if (!Functions.IsAsync(removed) || AwaitsOther(function, removed))
            return SynchronousForm.Keep;

        if (function is AnonymousFunctionExpressionSyntax lambda)
            return TakesAnyResult(lambda, model) ? SynchronousForm.Drop : null;

        if (model.GetDeclaredSymbol(function) is not IMethodSymbol symbol)
            return null;

        return symbol.ReturnsVoid ? SynchronousForm.Drop
            : symbol.ReturnType is INamedTypeSymbol { IsGenericType: true, Name: "Task" } && Body(function) is { } results && !IsInTry(results) ? SynchronousForm.ReturnResults
            : symbol.ReturnType is INamedTypeSymbol { IsGenericType: false, Name: "Task" } && Body(function) is { } body && !Returns(body) ? SynchronousForm.ReturnCompleted
            : null;
    }

    /// <summary>Whether a lambda's delegate returns nothing, or is whatever the lambda makes of it.</summary>
    public static bool TakesAnyResult(AnonymousFunctionExpressionSyntax lambda, SemanticModel model) => model.GetTypeInfo(lambda).ConvertedType switch
    {
        { SpecialType: SpecialType.System_Delegate } => true,
        INamedTypeSymbol { Name: "Delegate" } => true,
        INamedTypeSymbol { DelegateInvokeMethod.ReturnsVoid: true } => true,
        _ => false,
    };

    public static SyntaxNode WithoutAsync(SyntaxNode function)
    {
        var leading = function.GetLeadingTrivia();
        SyntaxNode changed = function switch
        {
            SimpleLambdaExpressionSyntax lambda => lambda.WithModifiers(Without(lambda.Modifiers)),
            ParenthesizedLambdaExpressionSyntax lambda => lambda.WithModifiers(Without(lambda.Modifiers)),
            AnonymousMethodExpressionSyntax method => method.WithModifiers(Without(method.Modifiers)),
            LocalFunctionStatementSyntax local => local.WithModifiers(Without(local.Modifiers)),
            MethodDeclarationSyntax method => method.WithModifiers(Without(method.Modifiers)),
            _ => function,
        };
        return changed.WithLeadingTrivia(leading);
    }

    public static SyntaxNode ReturningCompleted(SyntaxNode function, SyntaxTrivia endOfLine)
    {
        var body = Body(function)!;
        var indent = body.Statements[0].GetLeadingTrivia().LastOrDefault(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        var end = SyntaxFactory.ParseStatement("return Task.CompletedTask;").WithLeadingTrivia(indent).WithTrailingTrivia(endOfLine);
        return WithoutAsync(function.ReplaceNode(body, body.WithStatements(body.Statements.Add(end))));
    }

    /// <summary>The function with <c>return Task.FromResult&lt;T&gt;(x);</c> for each <c>return x;</c>.</summary>
    public static SyntaxNode ReturningResults(SyntaxNode function)
    {
        var type = ((function as MethodDeclarationSyntax)?.ReturnType ?? ((LocalFunctionStatementSyntax)function).ReturnType).WithoutTrivia();
        var result = type.DescendantNodesAndSelf().OfType<GenericNameSyntax>().First().TypeArgumentList.ToString();
        var returns = Own(function).OfType<ReturnStatementSyntax>().Where(one => one.Expression is not null);
        return WithoutAsync(function.ReplaceNodes(returns, (_, one) =>
        {
            var value = one.Expression!;
            return one.WithExpression(SyntaxFactory.ParseExpression($"Task.FromResult{result}({value.WithoutTrivia()})").WithTriviaFrom(value));
        }));
    }

    // What is thrown in a function that isn't async reaches the caller and not the task: the same for who awaits it at once, but not for a catch around a wait.
    private static bool IsInTry(BlockSyntax body) => Own(body).Any(node => node is TryStatementSyntax);

    private static SyntaxTokenList Without(SyntaxTokenList modifiers)
    {
        var kept = modifiers;
        foreach (var modifier in modifiers)
        {
            if (modifier.IsKind(SyntaxKind.AsyncKeyword))
                kept = kept.Remove(modifier);
        }

        return kept;
    }

    private static BlockSyntax? Body(SyntaxNode function) => function switch
    {
        LocalFunctionStatementSyntax local => local.Body,
        MethodDeclarationSyntax method => method.Body,
        _ => null,
    };

    private static bool AwaitsOther(SyntaxNode function, SyntaxNode removed)
    {
        foreach (var node in Own(function))
        {
            if (node != removed && node is AwaitExpressionSyntax or CommonForEachStatementSyntax { AwaitKeyword.RawKind: not 0 } or UsingStatementSyntax { AwaitKeyword.RawKind: not 0 } or LocalDeclarationStatementSyntax { AwaitKeyword.RawKind: not 0 })
                return true;
        }

        return false;
    }

    private static bool Returns(BlockSyntax body)
    {
        foreach (var node in Own(body))
        {
            if (node is ReturnStatementSyntax)
                return true;
        }

        return false;
    }

    private static IEnumerable<SyntaxNode> Own(SyntaxNode function) =>
        function.DescendantNodes(node => node == function || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));
}
