using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT202: gives the wait the token; <c>Thread.Sleep</c> becomes a wait that takes one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class WaitIgnoresStoppingTokenFix() : ShutdownCodeFix("Pass the stopping token", RuleIds.WaitIgnoresStoppingToken)
{
    private protected override bool CanFix(FixSite site) =>
        site.Fact(ReachedToken.Property) is not null
        && Call(site) is { } call
        && FormOf(site) switch
        {
            WaitForm.TakesToken or WaitForm.GivenNone => site.Model.GetSymbolInfo(call).Symbol is IMethodSymbol,
            WaitForm.Sleep => call.Parent is ExpressionStatementSyntax,
            WaitForm.Handle => call is { Parent: ExpressionStatementSyntax, Expression: MemberAccessExpressionSyntax, ArgumentList.Arguments.Count: <= 1 },
            _ => false,
        };

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var call = Call(site)!;
        var token = SyntaxFactory.ParseExpression(site.Fact(ReachedToken.Property)!);

        switch (FormOf(site))
        {
            case WaitForm.Sleep when Functions.IsAsync(call) && call.FirstAncestorOrSelf<LockStatementSyntax>() is null:
                edit.Import(site.Document, site.Model, call.SpanStart, "System.Threading.Tasks");
                editor.ReplaceNode(call, (node, _) => AwaitDelay((InvocationExpressionSyntax)node, token));
                break;

            case WaitForm.Sleep:
                editor.ReplaceNode(call, (node, _) => SyntaxFactory.InvocationExpression(
                        SyntaxFactory.ParseExpression($"{token}.WaitHandle.WaitOne"), ((InvocationExpressionSyntax)node).ArgumentList)
                    .WithTriviaFrom(node));
                break;

            case WaitForm.Handle:
                editor.ReplaceNode(call, (node, _) => WaitAny((InvocationExpressionSyntax)node, token));
                break;

            default:
                TokenArguments.Pass(editor, call, site.Model, token);
                break;
        }
    }

    private static WaitForm FormOf(FixSite site) =>
        Enum.TryParse<WaitForm>(site.Fact(WaitIgnoresStoppingToken.Form), out var form) ? form : WaitForm.None;

    private static InvocationExpressionSyntax? Call(FixSite site) => site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>();

    private static ExpressionSyntax AwaitDelay(InvocationExpressionSyntax sleep, ExpressionSyntax token)
    {
        var arguments = sleep.ArgumentList.Arguments.Select(argument => argument.WithNameColon(null)).ToList();
        var delay = SyntaxFactory.InvocationExpression(
            SyntaxFactory.ParseExpression("Task.Delay"),
            SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(
                arguments.Append(SyntaxFactory.Argument(token)),
                [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)])));
        return SyntaxFactory.AwaitExpression(SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), delay.WithoutTrivia()).WithTriviaFrom(sleep);
    }

    private static ExpressionSyntax WaitAny(InvocationExpressionSyntax wait, ExpressionSyntax token)
    {
        var handle = ((MemberAccessExpressionSyntax)wait.Expression).Expression.WithoutTrivia();
        var timeout = wait.ArgumentList.Arguments.Count == 0 ? "" : ", " + wait.ArgumentList.Arguments[0].Expression;
        return SyntaxFactory.ParseExpression($"WaitHandle.WaitAny(new[] {{ {handle}, {token}.WaitHandle }}{timeout})").WithTriviaFrom(wait);
    }
}
