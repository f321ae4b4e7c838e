using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace ShutdownAnalyzers.Editing;

/// <summary>Sets the drain's delay: on the drain's registration, or on a new one where there is none.</summary>
/// <param name="Document">The file of the call.</param>
/// <param name="Model">Its semantic model.</param>
/// <param name="Call">The drain's registration, or the call that builds the host.</param>
internal sealed record DrainDelaySetting(Document Document, SemanticModel Model, InvocationExpressionSyntax Call)
{
    private const string Namespace = "Microsoft.Extensions.Hosting";

    private bool IsRegistration => Call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AddGracefulShutdown" or "UseGracefulShutdown" };

    public static DrainDelaySetting? Of(FixSite site)
    {
        if (site.Anywhere<InvocationExpressionSyntax>(0) is not var (document, model, call))
            return null;

        var setting = new DrainDelaySetting(document, model, call);
        return setting.IsRegistration ? setting.CanConfigure() ? setting : null : setting.CanAdd() ? setting : null;
    }

    public async Task ApplyAsync(FixEdit edit, ExpressionSyntax delay)
    {
        var editor = await edit.EditorAsync(Document).ConfigureAwait(false);
        edit.Import(Document, Model, Call.SpanStart, "System");
        if (IsRegistration)
        {
            editor.ReplaceNode(Call.ArgumentList, Configured(delay));
            return;
        }

        edit.Import(Document, Model, Call.SpanStart, IsWeb ? RuntimeExtension.AddToWebApplication.Namespace : Namespace);
        var indent = SyntaxFactory.Whitespace(HandlerEdits.IndentOf(Call));
        var added = SyntaxFactory.ParseStatement($"{Builder}.AddGracefulShutdown(options => options.DrainDelay = {delay});").WithLeadingTrivia(indent);
        Statements.InsertBefore(editor, Call, added);
    }

    private ExpressionSyntax? Builder => (Call.Expression as MemberAccessExpressionSyntax)?.Expression as IdentifierNameSyntax;

    private bool IsWeb => Model.GetTypeInfo(Builder!).Type?.Name == "WebApplicationBuilder";

    private bool CanAdd() =>
        Builder is { } builder
        && Model.GetTypeInfo(builder).Type?.Name is "WebApplicationBuilder" or "HostApplicationBuilder"
        && Statements.CanInsertBefore(Call)
        && (!IsWeb || RuntimeExtension.AddToWebApplication.IsReferenced(Model.Compilation));

    private bool CanConfigure() => Call.ArgumentList.Arguments switch
    {
        [] => true,
        [{ Expression: LambdaExpressionSyntax { ExpressionBody: AssignmentExpressionSyntax } or LambdaExpressionSyntax { Block: not null } }] => true,
        _ => false,
    };

    private ArgumentListSyntax Configured(ExpressionSyntax delay)
    {
        if (Call.ArgumentList.Arguments is not [{ Expression: LambdaExpressionSyntax lambda } argument])
            return Call.ArgumentList.AddArguments(SyntaxFactory.Argument(SyntaxFactory.ParseExpression($"options => options.DrainDelay = {delay}")));

        var line = Statements.EndOfLine(Call);
        var parameter = lambda is SimpleLambdaExpressionSyntax simple ? simple.Parameter : ((ParenthesizedLambdaExpressionSyntax)lambda).ParameterList.Parameters[0];
        var added = SyntaxFactory.ParseStatement($"{parameter.Identifier.Text}.DrainDelay = {delay};")
            .WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithTrailingTrivia(line).WithAdditionalAnnotations(Formatter.Annotation);
        if (lambda.Block is { } block)
            return Call.ArgumentList.ReplaceNode(block, block.AddStatements(added));

        var first = SyntaxFactory.ExpressionStatement(lambda.ExpressionBody!.WithoutTrivia()).WithTrailingTrivia(line);
        var both = SyntaxFactory.Block(
            SyntaxFactory.Token(SyntaxKind.OpenBraceToken).WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithTrailingTrivia(line),
            SyntaxFactory.List(new StatementSyntax[] { first, added }),
            SyntaxFactory.Token(SyntaxKind.CloseBraceToken));
        var arrow = lambda.ArrowToken.WithTrailingTrivia(line);
        LambdaExpressionSyntax changed = lambda is SimpleLambdaExpressionSyntax one
            ? one.WithExpressionBody(null).WithBlock(both).WithArrowToken(arrow)
            : ((ParenthesizedLambdaExpressionSyntax)lambda).WithExpressionBody(null).WithBlock(both).WithArrowToken(arrow);
        return Call.ArgumentList.ReplaceNode(argument, argument.WithExpression(changed.WithAdditionalAnnotations(Formatter.Annotation)));
    }
}
