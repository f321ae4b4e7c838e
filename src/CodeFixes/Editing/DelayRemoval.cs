using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace ShutdownAnalyzers.Editing;

/// <summary>Takes a delay out of the code, with what would be empty without it.</summary>
/// <param name="Old">What goes.</param>
/// <param name="New">What stands in its place; null where nothing does.</param>
internal sealed record DelayRemoval(SyntaxNode Old, SyntaxNode? New)
{
    private const string Completed = "Task.CompletedTask";

    public static DelayRemoval? Of(SyntaxNode site, SemanticModel model)
    {
        if (site.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call)
            return null;

        var delay = Whole(call);
        switch (delay.Parent)
        {
            case LambdaExpressionSyntax lambda:
                return Registration(lambda) is { } only ? Statement(only) : null;

            case ExpressionStatementSyntax { Parent: BlockSyntax { Statements.Count: 1, Parent: AnonymousFunctionExpressionSyntax function } } when Registration(function) is { } registration:
                return Statement(registration);

            case ExpressionStatementSyntax { Parent: BlockSyntax block } statement:
                return block.Parent is MethodDeclarationSyntax method && delay is AwaitExpressionSyntax && IsOnlyAwait(method)
                    ? new(method, WithoutAwait(method, statement))
                    : Statement(statement);

            case ReturnStatementSyntax:
                return new(delay, SyntaxFactory.ParseExpression(Completed));

            case ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax declared } arrow when model.GetTypeInfo(declared.ReturnType).Type is { Name: "Task" }:
                return new(declared, WithoutAsync(declared.WithExpressionBody(arrow.WithExpression(SyntaxFactory.ParseExpression(Completed)))));

            default:
                return null;
        }
    }

    public void Apply(DocumentEditor editor)
    {
        if (New is null)
            editor.RemoveNode(Old, SyntaxRemoveOptions.KeepNoTrivia);
        else
            editor.ReplaceNode(Old, New.WithTriviaFrom(Old));
    }

    private static DelayRemoval Statement(StatementSyntax statement) => new(statement.Parent is GlobalStatementSyntax global ? global : statement, null);

    /// <summary>The call with its await, its <c>Wait()</c> or its <c>GetAwaiter().GetResult()</c>.</summary>
    private static ExpressionSyntax Whole(ExpressionSyntax call)
    {
        while (call.Parent is MemberAccessExpressionSyntax or InvocationExpressionSyntax or AwaitExpressionSyntax or ParenthesizedExpressionSyntax)
            call = (ExpressionSyntax)call.Parent;
        return call;
    }

    /// <summary>The statement that registers a lambda, which does nothing else.</summary>
    private static StatementSyntax? Registration(SyntaxNode function) =>
        function.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } statement } } }
            ? statement
            : null;

    private static bool IsOnlyAwait(MethodDeclarationSyntax method) =>
        method.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Count(node =>
            node is AwaitExpressionSyntax or ReturnStatementSyntax or CommonForEachStatementSyntax { AwaitKeyword.RawKind: not 0 } || node is LocalDeclarationStatementSyntax { AwaitKeyword.RawKind: not 0 }) == 1;

    // Nothing is left to await: the method returns a completed task instead.
    private static MethodDeclarationSyntax WithoutAwait(MethodDeclarationSyntax method, StatementSyntax delay)
    {
        var body = method.Body!;
        var completed = SyntaxFactory.ParseStatement($"return {Completed};").WithTrailingTrivia(Statements.EndOfLine(method)).WithAdditionalAnnotations(Formatter.Annotation);
        var rest = body.Statements.Remove(body.Statements.First(statement => statement == delay));
        return WithoutAsync(method.WithBody(body.WithStatements(rest.Add(completed.WithLeadingTrivia(SyntaxFactory.ElasticMarker)))));
    }

    private static MethodDeclarationSyntax WithoutAsync(MethodDeclarationSyntax method) =>
        method.Modifiers.IndexOf(SyntaxKind.AsyncKeyword) is > 0 and var at ? method.WithModifiers(method.Modifiers.RemoveAt(at)) : method;
}
