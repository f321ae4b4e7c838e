using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT206: keeps the task in a field, and lets <c>StopAsync</c> wait for it as long as its token allows.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class UntrackedWorkFix() : ShutdownCodeFix("Wait for the work in StopAsync", RuleIds.UntrackedWork)
{
    private protected override bool CanFix(FixSite site) =>
        site.Fact(UntrackedWork.CanAwait) == "Task"
        && Started(site) is { } started
        && started.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method
        && !method.Modifiers.Any(SyntaxKind.StaticKeyword)
        && StopMethod.Beside(started) is { } stop
        && StopMethod.CanAwaitLast(stop);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var started = Started(site)!;
        var stop = StopMethod.Beside(started)!;
        var field = StopMethod.FreeNames(started, "_work").First(name => edit.Once((site.Document.Id, stop.Span, name)));

        StopMethod.AddField(editor, started, $"private Task {field} = Task.CompletedTask;");
        StopMethod.AwaitLast(editor, stop, $"await Task.WhenAny({field}, Task.Delay(Timeout.Infinite, {StopMethod.Token(stop)}));");
        edit.Import(site.Document, site.Model, stop.SpanStart, "System.Threading");
        edit.Import(site.Document, site.Model, stop.SpanStart, "System.Threading.Tasks");

        var keep = SyntaxFactory.IdentifierName(field);
        if (started.Parent is AssignmentExpressionSyntax discard)
        {
            editor.ReplaceNode(discard.Left, keep.WithTriviaFrom(discard.Left));
        }
        else
        {
            editor.ReplaceNode(started, (node, _) => SyntaxFactory.AssignmentExpression(
                SyntaxKind.SimpleAssignmentExpression,
                keep.WithLeadingTrivia(node.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space),
                SyntaxFactory.Token(SyntaxKind.EqualsToken).WithTrailingTrivia(SyntaxFactory.Space),
                ((ExpressionSyntax)node).WithoutLeadingTrivia()));
        }
    }

    /// <summary>The call, where its task is dropped by a statement of its own.</summary>
    private static InvocationExpressionSyntax? Started(FixSite site) =>
        site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call
        && call.Parent is ExpressionStatementSyntax or AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" }, Parent: ExpressionStatementSyntax }
            ? call
            : null;
}
