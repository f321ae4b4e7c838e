using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT104: registers the handler on the runtime's <c>ShutdownSignal</c> instead.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ProcessExitAsSignalHookFix() : ShutdownCodeFix("Listen to SIGTERM with ShutdownSignal", RuleIds.ProcessExitAsSignalHook)
{
    private protected override bool CanFix(FixSite site) =>
        site.Fact(ProcessExitAsSignalHook.Waits) is null
        && ShutdownSignals.IsReferenced(site.Model.Compilation)
        && Subscription(site) is { Parent: ExpressionStatementSyntax } subscription
        && (ShutdownSignals.IsInEntryPoint(site.Model, subscription) || ShutdownSignals.CanRegisterInField(subscription))
        && Callback(site.Model, subscription) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var subscription = Subscription(site)!;

        // What a method other than the entry point declares is gone when it returns.
        var name = ShutdownSignals.IsInEntryPoint(site.Model, subscription)
            ? ShutdownSignals.Register(edit, site, editor, ShutdownSignals.TopStatement(subscription)!)
            : ShutdownSignals.RegisterInField(edit, site, editor, subscription);
        var register = SyntaxFactory.ParseExpression($"{name}.Token.Register").WithLeadingTrivia(subscription.GetLeadingTrivia());
        editor.ReplaceNode(subscription, SyntaxFactory.InvocationExpression(
                (ExpressionSyntax)register,
                SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(Callback(site.Model, subscription)!))))
            .WithTrailingTrivia(subscription.GetTrailingTrivia()));
    }

    private static AssignmentExpressionSyntax? Subscription(FixSite site) => site.Additional<AssignmentExpressionSyntax>(0);

    /// <summary>The handler as a callback without parameters; null where it uses those that it has.</summary>
    private static ExpressionSyntax? Callback(SemanticModel model, AssignmentExpressionSyntax subscription)
    {
        switch (subscription.Right)
        {
            case AnonymousFunctionExpressionSyntax { AsyncKeyword.RawKind: not 0 }:
                return null;

            case AnonymousFunctionExpressionSyntax function:
                return UsesParameters(model, function)
                    ? null
                    : SyntaxFactory.ParenthesizedLambdaExpression(function.Body)
                        .WithParameterList(SyntaxFactory.ParameterList().WithTrailingTrivia(SyntaxFactory.Space))
                        .WithArrowToken(Arrow(function));

            case IdentifierNameSyntax or MemberAccessExpressionSyntax when model.GetSymbolInfo(subscription.Right).Symbol is IMethodSymbol { IsAsync: false, Parameters.Length: var count }:
                var sender = subscription.Left is MemberAccessExpressionSyntax access ? access.Expression.WithoutTrivia().ToString() : "null";
                var arguments = count == 1 ? sender : $"{sender}, EventArgs.Empty";
                return SyntaxFactory.ParseExpression($"() => {subscription.Right.WithoutTrivia()}({arguments})");

            default:
                return null;
        }
    }

    private static SyntaxToken Arrow(AnonymousFunctionExpressionSyntax function) => function switch
    {
        LambdaExpressionSyntax lambda => lambda.ArrowToken,
        AnonymousMethodExpressionSyntax { ParameterList: { } list } => SyntaxFactory.Token(SyntaxKind.EqualsGreaterThanToken).WithTrailingTrivia(list.GetTrailingTrivia()),
        AnonymousMethodExpressionSyntax method => SyntaxFactory.Token(SyntaxKind.EqualsGreaterThanToken).WithTrailingTrivia(method.DelegateKeyword.TrailingTrivia),
        _ => SyntaxFactory.Token(SyntaxKind.EqualsGreaterThanToken).WithTrailingTrivia(SyntaxFactory.Space),
    };

    private static bool UsesParameters(SemanticModel model, AnonymousFunctionExpressionSyntax function)
    {
        foreach (var node in function.Body.DescendantNodesAndSelf())
        {
            if (node is IdentifierNameSyntax name
                && model.GetSymbolInfo(name).Symbol is IParameterSymbol parameter
                && parameter.ContainingSymbol.DeclaringSyntaxReferences.Any(declaration => declaration.GetSyntax() == function))
            {
                return true;
            }
        }

        return false;
    }
}
