using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace ShutdownAnalyzers.Editing;

/// <summary>Changes the <c>StopAsync</c> of a hosted service, and gives the service the field that it needs for that.</summary>
internal static class StopMethod
{
    /// <summary>The <c>StopAsync</c> that stands in the same part of the class as <paramref name="node"/>, or null.</summary>
    public static MethodDeclarationSyntax? Beside(SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } owner)
            return null;

        foreach (var member in owner.Members)
        {
            if (member is MethodDeclarationSyntax { Identifier.ValueText: "StopAsync", ParameterList.Parameters: [{ Type: { } type }], ReturnType: var result } method
                && EndsWith(type, "CancellationToken")
                && EndsWith(result, "Task")
                && (method.Body is not null || method.ExpressionBody is not null)
                && !method.ContainsDirectives)
            {
                return method;
            }
        }

        return null;
    }

    /// <summary>The name of its token.</summary>
    public static string Token(MethodDeclarationSyntax stop) => stop.ParameterList.Parameters[0].Identifier.Text;

    /// <summary>Puts a statement before all others.</summary>
    public static void InsertFirst(DocumentEditor editor, MethodDeclarationSyntax stop, string statement) =>
        editor.ReplaceNode(stop, (node, _) => WithStatements((MethodDeclarationSyntax)node, isAsync: null, (statements, line) => [Parse(statement, line), .. statements]));

    /// <summary>Whether an awaiting statement at the end would always run: nothing returns before, and nothing but a completed task is returned.</summary>
    public static bool CanAwaitLast(MethodDeclarationSyntax stop)
    {
        if (stop.ExpressionBody is { Expression: var expression })
            return IsAsync(stop) || IsCompletedTask(expression);

        var returns = OwnReturns(stop.Body!).ToList();
        return IsAsync(stop)
            ? returns.Count == 0
            : returns is [{ Expression: { } returned } only] && IsCompletedTask(returned) && stop.Body!.Statements.LastOrDefault() == only && !stop.Body.DescendantNodes().OfType<YieldStatementSyntax>().Any();
    }

    /// <summary>Puts an awaiting statement after all others and makes the method async.</summary>
    public static void AwaitLast(DocumentEditor editor, MethodDeclarationSyntax stop, string statement) =>
        editor.ReplaceNode(stop, (node, _) => WithStatements((MethodDeclarationSyntax)node, isAsync: true, (statements, line) =>
        {
            var kept = statements.LastOrDefault() is ReturnStatementSyntax { Expression: { } returned } last && IsCompletedTask(returned) ? statements.Remove(last) : statements;
            return [.. kept, Parse(statement, line)];
        }));

    /// <summary>Declares a field in the class of <paramref name="node"/>, beside its other fields.</summary>
    public static void AddField(DocumentEditor editor, SyntaxNode node, string declaration)
    {
        var owner = node.FirstAncestorOrSelf<ClassDeclarationSyntax>()!;
        var line = Statements.EndOfLine(owner);
        var field = SyntaxFactory.ParseMemberDeclaration(declaration)!.WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);
        if (owner.Members.LastOrDefault(member => member is FieldDeclarationSyntax) is { } last)
            editor.InsertAfter(last, field.WithTrailingTrivia(line));
        else
            editor.InsertBefore(owner.Members[0], field.WithTrailingTrivia(line, line));
    }

    /// <summary>Names that nothing in the class has yet: <paramref name="name"/>, then the same with a number.</summary>
    public static IEnumerable<string> FreeNames(SyntaxNode node, string name)
    {
        var owner = node.FirstAncestorOrSelf<ClassDeclarationSyntax>()!;
        var used = new HashSet<string>(owner.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText), StringComparer.Ordinal);
        for (var number = 1; ; number++)
        {
            var candidate = number == 1 ? name : name + number;
            if (!used.Contains(candidate))
                yield return candidate;
        }
    }

    private static MethodDeclarationSyntax WithStatements(
        MethodDeclarationSyntax method, bool? isAsync, Func<SyntaxList<StatementSyntax>, SyntaxTrivia, IEnumerable<StatementSyntax>> change)
    {
        var line = Statements.EndOfLine(method);
        if (method.ExpressionBody is { Expression: var expression })
        {
            var statement = SyntaxFactory.ParseStatement((IsAsync(method) ? "" : "return ") + expression + ";").WithTrailingTrivia(line).WithAdditionalAnnotations(Formatter.Annotation);
            var open = SyntaxFactory.Token(SyntaxKind.OpenBraceToken).WithTrailingTrivia(line);
            var block = SyntaxFactory.Block(open, SyntaxFactory.SingletonList(statement), SyntaxFactory.Token(SyntaxKind.CloseBraceToken).WithTrailingTrivia(method.SemicolonToken.TrailingTrivia));
            method = method.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block.WithAdditionalAnnotations(Formatter.Annotation))
                .WithParameterList(method.ParameterList.WithTrailingTrivia(line));
        }

        if (isAsync == true && !IsAsync(method))
        {
            var keyword = SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space);
            method = method.Modifiers.Count > 0
                ? method.AddModifiers(keyword)
                : method.WithReturnType(method.ReturnType.WithLeadingTrivia()).WithModifiers(SyntaxFactory.TokenList(keyword.WithLeadingTrivia(method.ReturnType.GetLeadingTrivia())));
        }

        return method.WithBody(method.Body!.WithStatements(SyntaxFactory.List(change(method.Body.Statements, line))));
    }

    private static StatementSyntax Parse(string statement, SyntaxTrivia line) =>
        SyntaxFactory.ParseStatement(statement).WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithTrailingTrivia(line).WithAdditionalAnnotations(Formatter.Annotation);

    private static IEnumerable<ReturnStatementSyntax> OwnReturns(BlockSyntax body) =>
        body.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>();

    private static bool IsAsync(MethodDeclarationSyntax method) => method.Modifiers.Any(SyntaxKind.AsyncKeyword);

    private static bool IsCompletedTask(ExpressionSyntax expression) => expression.ToString() is "Task.CompletedTask" or "System.Threading.Tasks.Task.CompletedTask";

    private static bool EndsWith(TypeSyntax type, string name) => type switch
    {
        QualifiedNameSyntax qualified => EndsWith(qualified.Right, name),
        IdentifierNameSyntax identifier => identifier.Identifier.ValueText == name,
        _ => false,
    };
}
