using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT108: registers the callback as a cleanup handler, which the drain waits for.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class AsyncShutdownCallbackFix() : ShutdownCodeFix("Make it a cleanup handler", RuleIds.AsyncShutdownCallback)
{
    private protected override bool CanFix(FixSite site) => Plan(site) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var (register, lambda, access) = Plan(site)!.Value;
        if (DrainOf(site) is { } drain)
            await drain.AddAsync(edit).ConfigureAwait(false);
        await access.InjectAsync(edit).ConfigureAwait(false);

        var token = lambda.DescendantTokens().Any(one => one.ValueText == "cancellationToken") ? "cleanupToken" : "cancellationToken";
        var parameter = SyntaxFactory.Parameter(SyntaxFactory.Identifier(token).WithTrailingTrivia(SyntaxFactory.Space));
        ExpressionSyntax cleanup = SyntaxFactory.SimpleLambdaExpression(parameter)
            .WithAsyncKeyword(SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space))
            .WithArrowToken(lambda.ArrowToken)
            .WithBlock(lambda.Block)
            .WithExpressionBody(lambda.ExpressionBody);

        var name = SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(NameOf(lambda)));
        var arguments = SyntaxFactory.SeparatedList(
            [SyntaxFactory.Argument(name), SyntaxFactory.Argument(cleanup)],
            [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)]);
        var call = SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, access.Expression.WithoutTrivia(), SyntaxFactory.IdentifierName("OnCleanup")),
            register.ArgumentList.WithArguments(arguments));

        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        editor.ReplaceNode(register, call.WithTriviaFrom(register));
    }

    private static (InvocationExpressionSyntax, ParenthesizedLambdaExpressionSyntax, ServiceAccess)? Plan(FixSite site)
    {
        // Register's result (its disposal takes the callback back) has no counterpart. A constructor's own field isn't assigned yet where it is used.
        if (site.Fact(AsyncShutdownCallback.Drain) is null
            || (site.Fact(HostBuildDiagnostic.Form) is not null && DrainOf(site)?.CanAdd() != true)
            || site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { Parent: ExpressionStatementSyntax, ArgumentList.Arguments: [var argument] } register
            || argument.Expression is not ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: 0, AsyncKeyword.RawKind: not 0 } lambda
            || register.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member)
        {
            return null;
        }

        var sources = member is ConstructorDeclarationSyntax ? ServiceSources.Reach : ServiceSources.Constructor;
        return ServiceAccess.Find(site, Service.GracefulShutdown, register, null, sources) is { } access ? (register, lambda, access) : null;
    }

    // Where the program registers no drain sequence yet.
    private static DrainRegistration? DrainOf(FixSite site) => DrainRegistration.Of(site, buildSlot: 0, webSlot: 1);

    /// <summary>The handler's name in the drain report: the first call that it awaits, in words.</summary>
    private static string NameOf(SyntaxNode lambda) =>
        CleanupCalls.NameOf(lambda.DescendantNodes().OfType<AwaitExpressionSyntax>().Select(awaited => awaited.Expression).OfType<InvocationExpressionSyntax>());
}
