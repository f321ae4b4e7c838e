using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace ShutdownAnalyzers.Editing;

/// <summary>Makes methods that return a plain task async, so that they can await.</summary>
internal static class AsyncMethods
{
    /// <summary>Whether <paramref name="method"/> is async, or becomes so and still compiles and does the same.</summary>
    public static bool CanBeAsync(MethodDeclarationSyntax method, SemanticModel model)
    {
        if (method.Modifiers.Any(SyntaxKind.AsyncKeyword))
            return true;
        if (method.Modifiers.Any(SyntaxKind.UnsafeKeyword) || method.ReturnType is GenericNameSyntax || (method.Body is null && method.ExpressionBody is null))
            return false;

        foreach (var node in Own(method))
        {
            switch (node)
            {
                case LockStatementSyntax or UnsafeStatementSyntax or FixedStatementSyntax or RefTypeSyntax:
                case ReturnStatementSyntax { Expression: { } value } when !CanAwait(value, model):
                case VariableDeclaratorSyntax when model.GetDeclaredSymbol(node) is ILocalSymbol { Type.IsRefLikeType: true }:
                    return false;
            }
        }

        return method.ExpressionBody is not { Expression: var expression } || CanAwait(expression, model);
    }

    /// <summary>
    /// The method as an async one with a block body: what it returned it awaits. <paramref name="last"/>, where given, runs before every way out.
    /// </summary>
    public static MethodDeclarationSyntax Rewrite(MethodDeclarationSyntax method, StatementSyntax? last, bool endIsReachable)
    {
        var endOfLine = Statements.EndOfLine(method);
        var rewriter = new Returns(last, endOfLine, method.Modifiers.Any(SyntaxKind.AsyncKeyword));
        var result = method;
        if (method.ExpressionBody is { } arrow)
        {
            var value = arrow.Expression.WithoutTrivia();
            StatementSyntax only = rewriter.WasAsync ? SyntaxFactory.ExpressionStatement(value) : SyntaxFactory.ReturnStatement(value);
            var block = SyntaxFactory.Block(only.WithTrailingTrivia(endOfLine));
            result = method.WithExpressionBody(null).WithSemicolonToken(default)
                .WithParameterList(method.ParameterList.WithTrailingTrivia(endOfLine))
                .WithBody(rewriter.Body(block, endIsReachable: rewriter.WasAsync).WithTrailingTrivia(method.SemicolonToken.TrailingTrivia).WithAdditionalAnnotations(Formatter.Annotation));
        }
        else
        {
            result = method.WithBody(rewriter.Body(method.Body!, endIsReachable));
        }

        return WithAsync(result);
    }

    private static MethodDeclarationSyntax WithAsync(MethodDeclarationSyntax method)
    {
        if (method.Modifiers.Any(SyntaxKind.AsyncKeyword))
            return method;

        var keyword = SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (method.Modifiers.Count == 0)
            return method.WithReturnType(method.ReturnType.WithoutLeadingTrivia()).AddModifiers(keyword.WithLeadingTrivia(method.ReturnType.GetLeadingTrivia()));

        var partial = method.Modifiers.IndexOf(SyntaxKind.PartialKeyword);
        return method.WithModifiers(partial > 0 ? method.Modifiers.Insert(partial, keyword) : method.Modifiers.Add(keyword));
    }

    private static IEnumerable<SyntaxNode> Own(SyntaxNode method) =>
        method.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));

    // A task that may be null can be returned, but not awaited.
    private static bool CanAwait(ExpressionSyntax value, SemanticModel model) => value switch
    {
        ParenthesizedExpressionSyntax { Expression: var inner } => CanAwait(inner, model),
        PostfixUnaryExpressionSyntax { Operand: var inner } => CanAwait(inner, model),
        ConditionalExpressionSyntax choice => CanAwait(choice.WhenTrue, model) && CanAwait(choice.WhenFalse, model),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } choice => CanAwait(choice.Right, model),
        ConditionalAccessExpressionSyntax or SwitchExpressionSyntax => false,
        _ => model.GetTypeInfo(value) is { Type: { Name: "Task" or "ValueTask" }, Nullability.FlowState: not NullableFlowState.MaybeNull },
    };

    /// <summary>Whether the value is a task that is over: then there is nothing to await.</summary>
    private static bool IsCompleted(ExpressionSyntax value) => value switch
    {
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CompletedTask" } => true,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "FromResult" }, ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax }] } => true,
        _ => false,
    };

    private sealed class Returns(StatementSyntax? last, SyntaxTrivia endOfLine, bool wasAsync) : CSharpSyntaxRewriter
    {
        public bool WasAsync => wasAsync;

        public BlockSyntax Body(BlockSyntax body, bool endIsReachable)
        {
            var final = body.Statements.LastOrDefault() as ReturnStatementSyntax;
            var statements = new List<StatementSyntax>();
            foreach (var statement in body.Statements)
            {
                if (statement == final)
                    statements.AddRange(Expand(final, leaves: false));
                else
                    Add(statements, statement);
            }

            if (endIsReachable && last is not null)
                statements.Add(Formatted(last).WithTrailingTrivia(endOfLine));
            return body.WithStatements(SyntaxFactory.List(statements));
        }

        public override SyntaxNode? VisitBlock(BlockSyntax node) => node.WithStatements(Expand(node.Statements));

        public override SyntaxNode? VisitSwitchSection(SwitchSectionSyntax node) => node.WithStatements(Expand(node.Statements));

        // Not in a list of statements: if (x) return Task.CompletedTask;
        public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node)
        {
            var expanded = Expand(node, leaves: true);
            return expanded.Count == 1
                ? expanded[0]
                : SyntaxFactory.Block(expanded.Select(statement => statement.WithoutTrivia().WithTrailingTrivia(endOfLine))).WithTriviaFrom(node).WithAdditionalAnnotations(Formatter.Annotation);
        }

        public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => node;

        public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => node;

        public override SyntaxNode? VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node) => node;

        public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node) => node;

        private SyntaxList<StatementSyntax> Expand(SyntaxList<StatementSyntax> statements)
        {
            var expanded = new List<StatementSyntax>();
            foreach (var statement in statements)
                Add(expanded, statement);
            return SyntaxFactory.List(expanded);
        }

        private void Add(List<StatementSyntax> statements, StatementSyntax statement)
        {
            if (statement is ReturnStatementSyntax leave)
                statements.AddRange(Expand(leave, leaves: true));
            else
                statements.Add((StatementSyntax)Visit(statement)!);
        }

        /// <summary>What stands for a return: the await of its value, what must run last, and the return itself unless it is the method's end.</summary>
        private List<StatementSyntax> Expand(ReturnStatementSyntax leave, bool leaves)
        {
            if (wasAsync && last is null)
                return [leave];

            var statements = new List<StatementSyntax>();
            if (leave.Expression is { } value && !IsCompleted(value))
                statements.Add(SyntaxFactory.ExpressionStatement(SyntaxFactory.AwaitExpression(SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), Operand(value.WithoutTrivia()))));
            if (last is not null)
                statements.Add(last);
            if (leaves || statements.Count == 0)
                statements.Add(SyntaxFactory.ReturnStatement());

            for (var i = 0; i < statements.Count; i++)
                statements[i] = Formatted(statements[i]).WithTrailingTrivia(endOfLine);

            statements[0] = statements[0].WithLeadingTrivia(leave.GetLeadingTrivia());
            statements[statements.Count - 1] = statements[statements.Count - 1].WithTrailingTrivia(leave.GetTrailingTrivia());
            return statements;
        }

        private static ExpressionSyntax Operand(ExpressionSyntax value) => value is BinaryExpressionSyntax or ConditionalExpressionSyntax or SwitchExpressionSyntax or AssignmentExpressionSyntax
            ? SyntaxFactory.ParenthesizedExpression(value)
            : value;

        private static StatementSyntax Formatted(StatementSyntax statement) =>
            statement.WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);
    }
}
