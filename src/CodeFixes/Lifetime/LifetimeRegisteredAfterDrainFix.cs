using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT112: moves the drain's registration after the last lifetime's.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class LifetimeRegisteredAfterDrainFix() : ShutdownCodeFix("Move the drain's registration after it", RuleIds.LifetimeRegisteredAfterDrain)
{
    private protected override bool CanFix(FixSite site) =>
        Drain(site) is { } drain && Lifetime(site) is { } lifetime && (StatementsOf(drain, lifetime) is not null || LinkAfter(drain, lifetime) is not null);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var drain = Drain(site)!;
        var lifetime = Lifetime(site)!;
        if (!edit.Once((nameof(LifetimeRegisteredAfterDrain), site.Document.Id, drain.Span)))
            return;

        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        if (StatementsOf(drain, lifetime) is { } move)
            Move(editor, move.Drain, move.Lifetime);
        else
            editor.ReplaceNode(LinkAfter(drain, lifetime)!, Relinked(LinkAfter(drain, lifetime)!, drain));
    }

    private static InvocationExpressionSyntax? Drain(FixSite site) => site.Additional<InvocationExpressionSyntax>(0);

    private static InvocationExpressionSyntax? Lifetime(FixSite site) => site.Additional<InvocationExpressionSyntax>(1);

    /// <summary>The drain's statement, where it stands for itself, and the one after it in the same list that registers the lifetime.</summary>
    private static (SyntaxNode Drain, SyntaxNode Lifetime)? StatementsOf(InvocationExpressionSyntax drain, InvocationExpressionSyntax lifetime)
    {
        if (drain.Parent is not ExpressionStatementSyntax statement)
            return null;

        SyntaxNode moved = statement.Parent is GlobalStatementSyntax global ? global : statement;
        if (moved.Parent is not (BlockSyntax or CompilationUnitSyntax))
            return null;

        var after = lifetime.Ancestors().FirstOrDefault(ancestor => ancestor.Parent == moved.Parent);
        return after is not null && after != moved && after.SpanStart > moved.SpanStart ? (moved, after) : null;
    }

    private static void Move(DocumentEditor editor, SyntaxNode drain, SyntaxNode lifetime)
    {
        editor.InsertAfter(lifetime, [drain.WithTrailingTrivia(drain.GetTrailingTrivia())]);
        editor.RemoveNode(drain, SyntaxRemoveOptions.KeepNoTrivia);
    }

    /// <summary>The link of the drain's own chain that registers the lifetime, itself or in its arguments.</summary>
    private static InvocationExpressionSyntax? LinkAfter(InvocationExpressionSyntax drain, InvocationExpressionSyntax lifetime)
    {
        if (drain.Expression is not MemberAccessExpressionSyntax)
            return null;

        foreach (var link in lifetime.AncestorsAndSelf().OfType<InvocationExpressionSyntax>())
        {
            if (link.Expression.Span.Contains(drain.Span) && link.Expression.DescendantNodes(node => node is MemberAccessExpressionSyntax || node is InvocationExpressionSyntax).Contains(drain))
                return link;
        }

        return null;
    }

    /// <summary>The chain without the drain's link in its place and with it at the end, in the same look.</summary>
    private static InvocationExpressionSyntax Relinked(InvocationExpressionSyntax link, InvocationExpressionSyntax drain)
    {
        var access = (MemberAccessExpressionSyntax)drain.Expression;
        var without = link.ReplaceNode(drain, access.Expression.WithTrailingTrivia(drain.GetTrailingTrivia()));
        return drain
            .WithExpression(access.WithExpression(without.WithTrailingTrivia(access.Expression.GetTrailingTrivia())))
            .WithTriviaFrom(link);
    }
}
