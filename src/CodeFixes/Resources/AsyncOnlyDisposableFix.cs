using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Resources;

/// <summary>SHUT307: <c>await using</c>, and the kind of scope that knows it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class AsyncOnlyDisposableFix() : ShutdownCodeFix("Dispose of it with 'await using'", RuleIds.AsyncOnlyDisposable)
{
    private protected override bool CanFix(FixSite site) =>
        Declaration(site) is not null && (Functions.Around(site.Node) is { } ? Functions.IsAsync(site.Node) : site.Node.FirstAncestorOrSelf<GlobalStatementSyntax>() is not null);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var (statement, declaration) = Declaration(site)!.Value;
        var initializer = declaration.Variables[0].Initializer!;
        if (initializer.Value.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().LastOrDefault(name => name.Identifier.ValueText == "CreateScope") is { } create)
        {
            editor.ReplaceNode(create, SyntaxFactory.IdentifierName("CreateAsyncScope").WithTriviaFrom(create));
            if (!declaration.Type.IsVar)
                editor.ReplaceNode(declaration.Type, SyntaxFactory.IdentifierName("var").WithTriviaFrom(declaration.Type));
        }

        editor.ReplaceNode(statement, (node, _) => Awaited((StatementSyntax)node));
    }

    private static StatementSyntax Awaited(StatementSyntax statement)
    {
        var leading = statement.GetLeadingTrivia();
        var keyword = SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        StatementSyntax awaited = statement.WithoutLeadingTrivia() switch
        {
            LocalDeclarationStatementSyntax local => local.WithAwaitKeyword(keyword),
            UsingStatementSyntax block => block.WithAwaitKeyword(keyword),
            var other => other,
        };
        return awaited.WithLeadingTrivia(leading);
    }

    /// <summary>The <c>using</c> with its one local; null where <c>Dispose</c> is called.</summary>
    private static (StatementSyntax Statement, VariableDeclarationSyntax Declaration)? Declaration(FixSite site) =>
        site.Node.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { Initializer: not null, Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: StatementSyntax statement } declaration }
        && statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } or UsingStatementSyntax
            ? (statement, declaration)
            : null;
}
