using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT212: makes the thread a background thread, in its initializer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ForegroundThreadFix() : ShutdownCodeFix("Make it a background thread", RuleIds.ForegroundThread)
{
    private protected override bool CanFix(FixSite site) =>
        Creation(site) is { } creation && (creation.Initializer is not { } initializer || !initializer.ContainsDirectives);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        editor.ReplaceNode(Creation(site)!, (node, _) => InBackground((BaseObjectCreationExpressionSyntax)node));
    }

    private static BaseObjectCreationExpressionSyntax? Creation(FixSite site) => site.Node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>();

    private static BaseObjectCreationExpressionSyntax InBackground(BaseObjectCreationExpressionSyntax creation)
    {
        var set = SyntaxFactory.ParseExpression("IsBackground = true");
        switch (creation.Initializer)
        {
            case null:
                var last = creation.GetLastToken();
                var initializer = ((ObjectCreationExpressionSyntax)SyntaxFactory.ParseExpression("new T { IsBackground = true }")).Initializer!;
                return creation.ReplaceToken(last, last.WithTrailingTrivia(SyntaxFactory.Space)).WithInitializer(initializer.WithTrailingTrivia(last.TrailingTrivia));

            case { Expressions: var expressions } given when expressions.FirstOrDefault(IsSet) is AssignmentExpressionSyntax wrong:
                return creation.WithInitializer(given.ReplaceNode(wrong.Right, SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression).WithTriviaFrom(wrong.Right)));

            case { Expressions: { Count: > 0 } expressions } given:
                // In front of the others, laid out as they are.
                var first = expressions[0];
                var between = first.GetLeadingTrivia().Any(SyntaxKind.WhitespaceTrivia) ? given.OpenBraceToken.TrailingTrivia : SyntaxFactory.TriviaList(SyntaxFactory.Space);
                var comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(between);
                return creation.WithInitializer(given.WithExpressions(SyntaxFactory.SeparatedList(
                    expressions.Insert(0, set.WithLeadingTrivia(first.GetLeadingTrivia())), new[] { comma }.Concat(expressions.GetSeparators()))));

            case { } empty:
                return creation.WithInitializer(empty.WithExpressions(SyntaxFactory.SingletonSeparatedList(set.WithTrailingTrivia(SyntaxFactory.Space))));
        }
    }

    private static bool IsSet(ExpressionSyntax expression) =>
        expression is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "IsBackground" } };
}
