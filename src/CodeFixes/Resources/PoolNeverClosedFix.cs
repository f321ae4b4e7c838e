using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Resources;

/// <summary>SHUT302: a using for a local of the entry point, a cleanup handler for a field.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class PoolNeverClosedFix() : ShutdownCodeFix("Close it in a cleanup handler", RuleIds.PoolNeverClosed)
{
    private protected override string TitleFor(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(PoolNeverClosed.Fix, out var fix) && fix is PoolNeverClosed.FixUsing or PoolNeverClosed.FixAwaitUsing
            ? $"Declare it with '{fix}'"
            : base.TitleFor(diagnostic);

    private protected override bool CanFix(FixSite site) => site.Fact(PoolNeverClosed.Fix) switch
    {
        PoolNeverClosed.FixUsing or PoolNeverClosed.FixAwaitUsing => Declaration(site) is not null,
        PoolNeverClosed.FixCleanup => CleanupCalls.CanClose(site) && CleanupCalls.Place(site) is not null,
        _ => false,
    };

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var fix = site.Fact(PoolNeverClosed.Fix);
        if (fix is PoolNeverClosed.FixUsing or PoolNeverClosed.FixAwaitUsing)
        {
            var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
            editor.ReplaceNode(Declaration(site)!, (node, _) => WithUsing((LocalDeclarationStatementSyntax)node, fix == PoolNeverClosed.FixAwaitUsing));
            return;
        }

        await CleanupCalls.InsertAsync(edit, site, CleanupCalls.Handler(site, "_")).ConfigureAwait(false);
    }

    private static LocalDeclarationStatementSyntax? Declaration(FixSite site) => site.Node.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>();

    private static LocalDeclarationStatementSyntax WithUsing(LocalDeclarationStatementSyntax declaration, bool isAsync)
    {
        var leading = declaration.GetLeadingTrivia();
        var bare = declaration.WithoutLeadingTrivia();
        var usingKeyword = SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        bare = bare.WithUsingKeyword(usingKeyword);
        if (isAsync)
            bare = bare.WithAwaitKeyword(SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space));
        return bare.WithLeadingTrivia(leading);
    }
}
