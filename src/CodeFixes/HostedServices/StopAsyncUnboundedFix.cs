using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT208: ends the wait when the host's time is over, without an exception.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class StopAsyncUnboundedFix() : ShutdownCodeFix("End the wait when the host's time is over", RuleIds.StopAsyncUnbounded)
{
    private protected override bool CanFix(FixSite site) =>
        Token(site) is not null && Form(site) switch
        {
            StopWaitForm.Base => BaseCall(site) is { ArgumentList.Arguments.Count: 1 },
            StopWaitForm.Poll => site.Node.FirstAncestorOrSelf<WhileStatementSyntax>() is not null,
            StopWaitForm.Task => site.Node is ExpressionSyntax && Task(site) is var task && CanWait(task, site.Model)
                && (ReturnedWaits.Method(task, site.Model) is not null || IsCaught(task, site.Model) || IsStatement(task) && GuardedWait.Target(task, site.Model) is not null),
            _ => false,
        };

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var token = Token(site)!;
        switch (Form(site))
        {
            case StopWaitForm.Base:
                var argument = BaseCall(site)!.ArgumentList.Arguments[0];
                editor.ReplaceNode(argument.Expression, SyntaxFactory.IdentifierName(token).WithTriviaFrom(argument.Expression));
                return;

            case StopWaitForm.Poll:
                var loop = site.Node.FirstAncestorOrSelf<WhileStatementSyntax>()!;
                editor.ReplaceNode(loop.Condition, SyntaxFactory.ParseExpression($"{Condition(loop.Condition)} && !{token}.IsCancellationRequested"));
                return;
        }

        var task = Task(site);
        var waited = Waited(task, token);
        if (ReturnedWaits.Method(task, site.Model) is { } method)
        {
            edit.Import(site.Document, site.Model, task.SpanStart, "System");
            editor.ReplaceNode(method, ReturnedWaits.Caught(method, task, waited));
            return;
        }

        editor.ReplaceNode(task, (node, _) => Waited((ExpressionSyntax)node, token));
        if (!IsCaught(task, site.Model) && GuardedWait.Target(task, site.Model) is { } target && edit.Once((nameof(GuardedWait), site.Document.Id, target.SpanStart)))
        {
            edit.Import(site.Document, site.Model, task.SpanStart, "System");
            editor.ReplaceNode(target, (node, _) => GuardedWait.Around((StatementSyntax)node));
        }
    }

    private static StopWaitForm Form(FixSite site) => Enum.TryParse<StopWaitForm>(site.Fact(StopAsyncUnbounded.Form), out var form) ? form : StopWaitForm.Other;

    private static string? Token(FixSite site) =>
        site.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { ParameterList.Parameters: [var only] } ? only.Identifier.Text : null;

    private static InvocationExpressionSyntax? BaseCall(FixSite site) => site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>();

    /// <summary>The task that is waited for, with its parentheses and its <c>!</c>. The squiggle of a call is on its name alone.</summary>
    private static ExpressionSyntax Task(FixSite site)
    {
        var task = (ExpressionSyntax)site.Node;
        if (task is SimpleNameSyntax { Parent: MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } access } name && access.Name == name)
            task = access;
        if (task.Parent is InvocationExpressionSyntax call && call.Expression == task)
            task = call;
        while (task.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax)
            task = (ExpressionSyntax)task.Parent;
        return task;
    }

    private static bool CanWait(ExpressionSyntax task, SemanticModel model)
    {
        for (var type = model.GetTypeInfo(task).Type; type is not null; type = type.BaseType)
        {
            foreach (var member in type.GetMembers("WaitAsync"))
            {
                if (member is IMethodSymbol { Parameters: [{ Type.Name: "CancellationToken" }], ContainingType.Name: "Task" })
                    return true;
            }
        }

        return false;
    }

    // await task; await task.ConfigureAwait(false);
    private static bool IsStatement(ExpressionSyntax task)
    {
        SyntaxNode node = task;
        while (node.Parent is ParenthesizedExpressionSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or AwaitExpressionSyntax)
            node = node.Parent;
        return node.Parent is ExpressionStatementSyntax;
    }

    /// <summary>Whether a try around it takes the cancellation already.</summary>
    private static bool IsCaught(ExpressionSyntax task, SemanticModel model)
    {
        SyntaxNode child = task;
        foreach (var ancestor in task.Ancestors())
        {
            if (ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax)
                return false;
            if (ancestor is TryStatementSyntax attempt && attempt.Block == child && attempt.Catches.Any(clause => TakesAll(clause, model)))
                return true;
            child = ancestor;
        }

        return false;
    }

    private static bool TakesAll(CatchClauseSyntax clause, SemanticModel model) =>
        clause.Filter is null
        && !clause.Block.DescendantNodes().Any(node => node is ThrowStatementSyntax)
        && (clause.Declaration is null || model.GetTypeInfo(clause.Declaration.Type).Type?.Name is "Exception" or "OperationCanceledException" or "TaskCanceledException");

    // Comparisons bind closer than "&&".
    private static ExpressionSyntax Condition(ExpressionSyntax condition) =>
        condition is BinaryExpressionSyntax { RawKind: not (int)SyntaxKind.LogicalOrExpression and not (int)SyntaxKind.CoalesceExpression } ? condition.WithoutTrivia() : Operand(condition);

    private static InvocationExpressionSyntax Waited(ExpressionSyntax task, string token) =>
        SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, Operand(task), SyntaxFactory.IdentifierName("WaitAsync")),
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(SyntaxFactory.IdentifierName(token)))))
        .WithTriviaFrom(task);

    private static ExpressionSyntax Operand(ExpressionSyntax value) => value is BinaryExpressionSyntax or ConditionalExpressionSyntax or AssignmentExpressionSyntax
        ? SyntaxFactory.ParenthesizedExpression(value.WithoutTrivia())
        : value.WithoutTrivia();
}
