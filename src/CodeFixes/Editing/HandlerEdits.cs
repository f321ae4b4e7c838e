using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>Edits inside a handler, whatever its form: lambda, anonymous method, local function or method.</summary>
internal static class HandlerEdits
{
    /// <summary>Whether <see cref="WithCancelFirst"/> can rewrite it.</summary>
    public static bool CanEdit(SyntaxNode? handler) => handler switch
    {
        AnonymousMethodExpressionSyntax => true,
        LambdaExpressionSyntax { Body: not AnonymousFunctionExpressionSyntax } lambda => lambda is SimpleLambdaExpressionSyntax or ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: > 0 },
        LocalFunctionStatementSyntax { ParameterList.Parameters.Count: > 0 } or MethodDeclarationSyntax { ParameterList.Parameters.Count: > 0 } => true,
        _ => false,
    };

    /// <summary>
    /// The handler with <c>Cancel = true</c> on its last parameter as its first statement. An expression body becomes a block, a discarded
    /// or missing parameter gets a name, and assignments of a constant to it later in the body go.
    /// </summary>
    public static SyntaxNode WithCancelFirst(SyntaxNode handler, SemanticModel model, string preferredName, ParameterListSyntax missingParameters)
    {
        var name = LastParameter(handler) is { } last && (last.Identifier.ValueText != "_" || (IsSingle(handler) && Uses(handler, "_")))
            ? last.Identifier.Text
            : FreeName(handler, model, preferredName);
        var cancel = (StatementSyntax)SyntaxFactory.ParseStatement($"{name}.Cancel = true;");

        var endOfLine = Statements.EndOfLine(handler);
        var indent = IndentOf(handler);
        var named = WithLastParameter(handler, name, missingParameters);
        return named switch
        {
            AnonymousFunctionExpressionSyntax { Block: { } block } function => function.WithBody(Prepend(block, cancel, name, endOfLine, indent)),
            SimpleLambdaExpressionSyntax { ExpressionBody: { } body } lambda =>
                lambda.WithExpressionBody(null).WithBlock(BlockOf(cancel, body, endOfLine, indent)).WithArrowToken(lambda.ArrowToken.WithTrailingTrivia(endOfLine)),
            ParenthesizedLambdaExpressionSyntax { ExpressionBody: { } body } lambda =>
                lambda.WithExpressionBody(null).WithBlock(BlockOf(cancel, body, endOfLine, indent)).WithArrowToken(lambda.ArrowToken.WithTrailingTrivia(endOfLine)),
            LocalFunctionStatementSyntax { Body: { } block } function => function.WithBody(Prepend(block, cancel, name, endOfLine, indent)),
            MethodDeclarationSyntax { Body: { } block } method => method.WithBody(Prepend(block, cancel, name, endOfLine, indent)),
            LocalFunctionStatementSyntax { ExpressionBody: { } arrow } function => function
                .WithExpressionBody(null).WithSemicolonToken(default)
                .WithParameterList(function.ParameterList.WithTrailingTrivia(endOfLine))
                .WithBody(BlockOf(cancel, arrow.Expression, endOfLine, indent).WithTrailingTrivia(function.SemicolonToken.TrailingTrivia)),
            MethodDeclarationSyntax { ExpressionBody: { } arrow } method => method
                .WithExpressionBody(null).WithSemicolonToken(default)
                .WithParameterList(method.ParameterList.WithTrailingTrivia(endOfLine))
                .WithBody(BlockOf(cancel, arrow.Expression, endOfLine, indent).WithTrailingTrivia(method.SemicolonToken.TrailingTrivia)),
            _ => named,
        };
    }

    /// <summary>A name that means nothing yet where <paramref name="place"/> starts, nor inside of it.</summary>
    public static string FreeName(SyntaxNode place, SemanticModel model, string preferred)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in place.DescendantTokens())
        {
            if (token.IsKind(SyntaxKind.IdentifierToken))
                taken.Add(token.ValueText);
        }

        foreach (var symbol in model.LookupSymbols(place.SpanStart))
        {
            if (symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol or IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.LocalFunction })
                taken.Add(symbol.Name);
        }

        var name = preferred;
        for (var number = 2; taken.Contains(name); number++)
            name = preferred + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return name;
    }

    /// <summary>The white space at the start of the line that <paramref name="node"/> starts on.</summary>
    public static string IndentOf(SyntaxNode node)
    {
        var text = node.SyntaxTree.GetText();
        var line = text.Lines.GetLineFromPosition(node.SpanStart).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    private static ParameterSyntax? LastParameter(SyntaxNode handler) => handler switch
    {
        SimpleLambdaExpressionSyntax simple => simple.Parameter,
        ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList.Parameters.LastOrDefault(),
        AnonymousMethodExpressionSyntax method => method.ParameterList?.Parameters.LastOrDefault(),
        LocalFunctionStatementSyntax function => function.ParameterList.Parameters.LastOrDefault(),
        MethodDeclarationSyntax method => method.ParameterList.Parameters.LastOrDefault(),
        _ => null,
    };

    // Of several discards none can be meant; a single "_" is a name like any other.
    private static bool IsSingle(SyntaxNode handler) =>
        handler is SimpleLambdaExpressionSyntax or ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: 1 } or LocalFunctionStatementSyntax or MethodDeclarationSyntax;

    private static bool Uses(SyntaxNode handler, string name)
    {
        foreach (var node in handler.DescendantNodes())
        {
            if (node is IdentifierNameSyntax identifier && identifier.Identifier.ValueText == name)
                return true;
        }

        return false;
    }

    private static SyntaxNode WithLastParameter(SyntaxNode handler, string name, ParameterListSyntax missing)
    {
        if (LastParameter(handler) is { } parameter)
            return parameter.Identifier.Text == name
                ? handler
                : handler.ReplaceToken(parameter.Identifier, SyntaxFactory.Identifier(name).WithTriviaFrom(parameter.Identifier));

        if (handler is not AnonymousMethodExpressionSyntax method)
            return handler;

        // delegate { ... }: it gets its parameters.
        var last = missing.Parameters.Last();
        missing = missing.ReplaceToken(last.Identifier, SyntaxFactory.Identifier(name));
        var keyword = method.DelegateKeyword;
        return method.WithDelegateKeyword(keyword.WithTrailingTrivia(SyntaxFactory.Space))
            .WithParameterList(missing.WithTrailingTrivia(keyword.TrailingTrivia));
    }

    private static BlockSyntax Prepend(BlockSyntax block, StatementSyntax cancel, string name, SyntaxTrivia endOfLine, string indent)
    {
        for (var i = block.Statements.Count - 1; i >= 0; i--)
        {
            if (IsCancel(block.Statements[i], name) && !HasComment(block.Statements[i]))
                block = block.WithStatements(block.Statements.RemoveAt(i));
        }

        var first = block.Statements.FirstOrDefault();
        if (!block.OpenBraceToken.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia) && first is not null && !first.GetLeadingTrivia().Any(SyntaxKind.EndOfLineTrivia))
            return block.WithStatements(block.Statements.Insert(0, cancel.WithTrailingTrivia(SyntaxFactory.Space)));

        var inner = first is not null && first.GetLeadingTrivia() is { Count: > 0 } leading && leading.Last().IsKind(SyntaxKind.WhitespaceTrivia)
            ? leading.Last().ToString()
            : indent + "    ";
        return block.WithStatements(block.Statements.Insert(0, cancel.WithLeadingTrivia(SyntaxFactory.Whitespace(inner)).WithTrailingTrivia(endOfLine)));
    }

    private static bool IsCancel(StatementSyntax statement, string name) =>
        statement is ExpressionStatementSyntax
        {
            Expression: AssignmentExpressionSyntax
            {
                Left: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Cancel", Expression: IdentifierNameSyntax { Identifier.ValueText: var target } },
                Right: LiteralExpressionSyntax { Token.RawKind: (int)SyntaxKind.TrueKeyword or (int)SyntaxKind.FalseKeyword },
            },
        }
        && target == name;

    private static bool HasComment(SyntaxNode node)
    {
        foreach (var trivia in node.DescendantTrivia())
        {
            if (!trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia))
                return true;
        }

        return false;
    }

    private static BlockSyntax BlockOf(StatementSyntax cancel, ExpressionSyntax body, SyntaxTrivia endOfLine, string indent)
    {
        var inner = SyntaxFactory.Whitespace(indent + "    ");
        StatementSyntax statement = body is ThrowExpressionSyntax thrown
            ? SyntaxFactory.ThrowStatement(thrown.Expression)
            : SyntaxFactory.ExpressionStatement(body.WithoutTrivia());
        return SyntaxFactory.Block(
            SyntaxFactory.Token(SyntaxKind.OpenBraceToken).WithLeadingTrivia(SyntaxFactory.Whitespace(indent)).WithTrailingTrivia(endOfLine),
            SyntaxFactory.List(new[]
            {
                cancel.WithLeadingTrivia(inner).WithTrailingTrivia(endOfLine),
                statement.WithLeadingTrivia(inner).WithTrailingTrivia(endOfLine),
            }),
            SyntaxFactory.Token(SyntaxKind.CloseBraceToken).WithLeadingTrivia(SyntaxFactory.Whitespace(indent)).WithTrailingTrivia(body.GetTrailingTrivia()));
    }
}
