using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT214: takes the throw out, or catches the cancellation of a wait.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class StopAsyncThrowsAtTimeoutFix() : ShutdownCodeFix("Don't throw when the host's time is over", RuleIds.StopAsyncThrowsAtTimeout)
{
    private protected override bool CanFix(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<ThrowStatementSyntax>() is { } rethrow)
            return rethrow is { Expression: null, Parent: BlockSyntax { Parent: CatchClauseSyntax { Parent: TryStatementSyntax attempt } } } && GuardedWait.MayBeLeft(attempt, site.Model);

        if (Call(site) is not { } call)
            return false;
        if (Check(call) is { } check)
            return LoopAround(check) is null || BreaksLoop(check);
        if (call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ThrowIfCancellationRequested" })
            return false;
        return !TakesLock(call, site.Model) && (ReturnedWaits.Method(call, site.Model) is not null || GuardedWait.Target(call, site.Model) is not null);
    }

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        if (site.Node.FirstAncestorOrSelf<ThrowStatementSyntax>() is { } rethrow)
        {
            editor.RemoveNode(rethrow, HasComment(rethrow) ? SyntaxRemoveOptions.KeepLeadingTrivia : SyntaxRemoveOptions.KeepNoTrivia);
            return;
        }

        var call = Call(site)!;
        if (Check(call) is { } check)
        {
            RemoveCheck(editor, check, call);
            return;
        }

        edit.Import(site.Document, site.Model, call.SpanStart, "System");
        if (ReturnedWaits.Method(call, site.Model) is { } method)
            editor.ReplaceNode(method, ReturnedWaits.Caught(method, call, call));
        else if (GuardedWait.Target(call, site.Model) is { } target && edit.Once((nameof(GuardedWait), site.Document.Id, target.SpanStart)))
            editor.ReplaceNode(target, (node, _) => GuardedWait.Around((StatementSyntax)node));
    }

    // Also a directive: that must not go either.
    private static bool HasComment(StatementSyntax statement) =>
        statement.GetLeadingTrivia().Any(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia));

    private static InvocationExpressionSyntax? Call(FixSite site) => site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>();

    /// <summary><c>cancellationToken.ThrowIfCancellationRequested();</c> as a statement in a block.</summary>
    private static ExpressionStatementSyntax? Check(InvocationExpressionSyntax call) =>
        call is { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ThrowIfCancellationRequested" }, Parent: ExpressionStatementSyntax { Parent: BlockSyntax } statement } ? statement : null;

    // What comes after it relies on the semaphore, and releases it.
    private static bool TakesLock(InvocationExpressionSyntax call, SemanticModel model) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType.Name: "SemaphoreSlim" };

    private static StatementSyntax? LoopAround(SyntaxNode node)
    {
        foreach (var ancestor in node.Ancestors())
        {
            switch (ancestor)
            {
                case WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax:
                    return (StatementSyntax)ancestor;
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax:
                    return null;
            }
        }

        return null;
    }

    // In a switch "break" ends that, and a finally can't be left by it.
    private static bool BreaksLoop(SyntaxNode check)
    {
        foreach (var ancestor in check.Ancestors())
        {
            switch (ancestor)
            {
                case SwitchSectionSyntax or FinallyClauseSyntax:
                    return false;
                case WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax:
                    return true;
            }
        }

        return false;
    }

    private static void RemoveCheck(DocumentEditor editor, ExpressionStatementSyntax check, InvocationExpressionSyntax call)
    {
        if (LoopAround(check) is null)
        {
            editor.RemoveNode(check, HasComment(check) ? SyntaxRemoveOptions.KeepLeadingTrivia : SyntaxRemoveOptions.KeepNoTrivia);
            return;
        }

        var token = ((MemberAccessExpressionSyntax)call.Expression).Expression.WithoutTrivia();
        var leave = SyntaxFactory.ParseStatement($"if ({token}.IsCancellationRequested){Statements.EndOfLine(check)}break;");
        editor.ReplaceNode(check, leave.WithTriviaFrom(check).WithAdditionalAnnotations(Formatter.Annotation));
    }
}
