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
    private const string RuntimeNamespace = "ShutdownAnalyzers.Runtime";
    private const string ContainerNamespace = "Microsoft.Extensions.DependencyInjection";

    private protected override string TitleFor(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(PoolNeverClosed.Fix, out var fix) && fix is PoolNeverClosed.FixUsing or PoolNeverClosed.FixAwaitUsing
            ? $"Declare it with '{fix}'"
            : base.TitleFor(diagnostic);

    private protected override bool CanFix(FixSite site) => site.Fact(PoolNeverClosed.Fix) switch
    {
        PoolNeverClosed.FixUsing or PoolNeverClosed.FixAwaitUsing => Declaration(site) is not null,
        PoolNeverClosed.FixAfterBuild or PoolNeverClosed.FixInConstructor => CleanupCalls.CanClose(site) && Place(site) is not null,
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

        var (document, statement) = Place(site)!.Value;
        var model = await document.GetSemanticModelAsync(edit.Cancellation).ConfigureAwait(false);
        if (model is null)
            return;

        var shutdown = site.Fact(PoolNeverClosed.Through)!;
        if (fix == PoolNeverClosed.FixAfterBuild)
        {
            shutdown += ".Services.GetRequiredService<IGracefulShutdown>()";
            edit.Import(document, model, statement.SpanStart, ContainerNamespace);
            edit.Import(document, model, statement.SpanStart, RuntimeNamespace);
        }

        var handler = CleanupCalls.Handler(site, "_", site.Fact(PoolNeverClosed.Field)!, site.Fact(PoolNeverClosed.MayBeNull) is not null);
        Statements.InsertAfter(
            await edit.EditorAsync(document).ConfigureAwait(false),
            statement,
            CleanupCalls.Statement($"{shutdown}.OnCleanup({CleanupCalls.Name(site)}, {handler});"));
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

    /// <summary>The statement that the handler stands after, maybe in another file.</summary>
    private static (Document Document, StatementSyntax Statement)? Place(FixSite site)
    {
        if (site.Diagnostic.AdditionalLocations is not [{ SourceTree: { } tree } location, ..])
            return null;

        foreach (var document in site.Document.Project.Documents)
        {
            if (document.FilePath == tree.FilePath || document.Name == tree.FilePath)
            {
                var root = document.Id == site.Document.Id ? site.Root
                    : document.TryGetSyntaxRoot(out var loaded) ? loaded
                    : document.GetSyntaxRootAsync().GetAwaiter().GetResult();
                if (root is not null
                    && root.FullSpan.Contains(location.SourceSpan)
                    && root.FindNode(location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<StatementSyntax>() is { } statement)
                {
                    return (document, statement);
                }
            }
        }

        return null;
    }
}
