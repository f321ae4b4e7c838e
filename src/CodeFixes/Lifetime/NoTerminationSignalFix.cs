using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT102: listens to SIGTERM with the runtime's <c>ShutdownSignal</c>, which ends what Ctrl+C ends, or the loop or the wait itself.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class NoTerminationSignalFix() : ShutdownCodeFix("End at SIGTERM with ShutdownSignal", RuleIds.NoTerminationSignal)
{
    private protected override bool CanFix(FixSite site)
    {
        if (!ShutdownSignals.IsReferenced(site.Model.Compilation))
            return false;

        if (site.Fact(NoTerminationSignal.EndedBy) is not null)
            return Subscription(site) is { Parent: ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } } subscription
                && ShutdownSignals.IsInEntryPoint(site.Model, subscription);

        if (site.Fact(NoTerminationSignal.InProgram) is null || ShutdownSignals.TopStatement(site.Node) is null)
            return false;

        return Loop(site) is { } loop
            ? site.Fact(NoTerminationSignal.Waits) is not null && (Functions.CanEnd(loop, site.Model) || LoopEdits.IsFollowedByReturn(loop)) && WaitCalls(site).All(wait => CanEnd(wait.Call, wait.Form))
            : Wait(site) is { Parent: ExpressionStatementSyntax };
    }

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        if (site.Fact(NoTerminationSignal.EndedBy) is { } code)
            EndToo(edit, site, editor, (ExpressionStatementSyntax)Subscription(site)!.Parent!, code);
        else if (Loop(site) is { } loop)
            EndLoop(edit, site, editor, loop);
        else
            ReplaceWait(edit, site, editor, Wait(site)!);
    }

    /// <summary>What the Ctrl+C handler does, at SIGTERM too.</summary>
    private static void EndToo(FixEdit edit, FixSite site, DocumentEditor editor, ExpressionStatementSyntax subscription, string code)
    {
        var name = ShutdownSignals.Register(edit, site, editor, ShutdownSignals.TopStatement(subscription)!);
        var endOfLine = Statements.EndOfLine(subscription);
        var register = SyntaxFactory.ParseStatement($"{name}.Token.Register(() => {code});").WithTrailingTrivia(endOfLine);
        if (subscription.Parent is GlobalStatementSyntax global)
            editor.InsertAfter(global, [SyntaxFactory.GlobalStatement(register)]);
        else
            editor.InsertAfter(subscription, [register.WithLeadingTrivia(SyntaxFactory.Whitespace(HandlerEdits.IndentOf(subscription)))]);
    }

    private static void EndLoop(FixEdit edit, FixSite site, DocumentEditor editor, StatementSyntax loop)
    {
        var token = ShutdownSignals.Register(edit, site, editor, ShutdownSignals.TopStatement(loop)!) + ".Token";
        var waits = WaitCalls(site);
        var throws = false;
        foreach (var (call, form) in waits)
        {
            if (form == WaitForm.Sleep)
            {
                editor.ReplaceNode(call, (node, _) => SyntaxFactory.InvocationExpression(
                        SyntaxFactory.ParseExpression($"{token}.WaitHandle.WaitOne"), ((InvocationExpressionSyntax)node).ArgumentList)
                    .WithTriviaFrom(node));
            }
            else
            {
                TokenArguments.Pass(editor, call, site.Model, SyntaxFactory.ParseExpression(token));
                throws = true;
            }
        }

        throws &= !CancellationCatch.IsAround(loop);
        if (throws)
            edit.Import(site.Document, site.Model, loop.SpanStart, "System");

        var indent = HandlerEdits.IndentOf(loop);
        var endOfLine = Statements.EndOfLine(loop);
        editor.ReplaceNode(loop, (node, _) =>
        {
            var ended = LoopEdits.WithCondition((StatementSyntax)node, token);
            return throws ? CancellationCatch.Wrap([ended], token, indent, endOfLine) : ended;
        });
    }

    private static void ReplaceWait(FixEdit edit, FixSite site, DocumentEditor editor, ExpressionSyntax wait)
    {
        var name = ShutdownSignals.Register(edit, site, editor, ShutdownSignals.TopStatement(wait)!);
        var canAwait = Functions.Around(wait) is null || Functions.IsAsync(wait);
        var replaced = SyntaxFactory.ParseExpression(canAwait ? $"await {name}.WaitAsync()" : $"{name}.Token.WaitHandle.WaitOne()");
        editor.ReplaceNode(wait, replaced.WithTriviaFrom(wait));
    }

    private static AssignmentExpressionSyntax? Subscription(FixSite site) => site.Additional<AssignmentExpressionSyntax>(0);

    private static StatementSyntax? Loop(FixSite site) =>
        site.Node is WhileStatementSyntax or ForStatementSyntax or DoStatementSyntax ? (StatementSyntax)site.Node : null;

    /// <summary>The whole expression that waits: <c>await Task.Delay(-1)</c>, <c>exit.WaitOne()</c>.</summary>
    private static ExpressionSyntax? Wait(FixSite site)
    {
        ExpressionSyntax? outer = null;
        foreach (var ancestor in site.Node.AncestorsAndSelf())
        {
            if (ancestor is not (ExpressionSyntax or ArgumentListSyntax))
                break;
            outer = ancestor as ExpressionSyntax ?? outer;
        }

        return outer;
    }

    private static List<(InvocationExpressionSyntax Call, WaitForm Form)> WaitCalls(FixSite site)
    {
        var calls = new List<(InvocationExpressionSyntax, WaitForm)>();
        var forms = site.Fact(NoTerminationSignal.Waits)!.Split([','], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < forms.Length; i++)
        {
            if (site.Additional<InvocationExpressionSyntax>(i) is { } call && Enum.TryParse<WaitForm>(forms[i], out var form))
                calls.Add((call, form));
        }

        return calls;
    }

    // A wait whose result is asked for, or that isn't awaited, is more than a pause.
    private static bool CanEnd(InvocationExpressionSyntax wait, WaitForm form) =>
        form == WaitForm.Sleep ? wait.Parent is ExpressionStatementSyntax : Functions.Around(wait) is null || Functions.IsAsync(wait) || wait.Parent is ExpressionStatementSyntax;
}
