using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers;

/// <summary>
/// The base of every fix. A fix says whether it can be offered (everything is checked before) and makes one edit;
/// "fix all" is the same edits on one <see cref="FixEdit"/>, so that edits which share a place meet each other.
/// </summary>
/// <remarks>Fixes don't carry MEF's [Shared]: it would bind them to one version of System.Composition, and hosts of analyzer packages ignore it.</remarks>
public abstract class ShutdownCodeFix : CodeFixProvider
{
    private readonly string _title;

    private protected ShutdownCodeFix(string title, params string[] ruleIds)
    {
        _title = title;
        FixableDiagnosticIds = ImmutableArray.Create(ruleIds);
    }

    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    public sealed override FixAllProvider GetFixAllProvider() => new AllAtOnce(this);

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            var site = await FixSite.FindAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false);
            if (site is null || !CanFix(site))
                continue;

            var action = CodeAction.Create(
                TitleFor(diagnostic),
                cancellation => ApplyAsync(context.Document.Project.Solution, [(context.Document.Id, diagnostic)], cancellation),
                equivalenceKey: diagnostic.Id);
            context.RegisterCodeFix(action, diagnostic);
        }
    }

    /// <summary>The title for one diagnostic; by default the same for all.</summary>
    private protected virtual string TitleFor(Diagnostic diagnostic) => _title;

    /// <summary>Whether the fix would leave code that compiles and does what the title says.</summary>
    private protected abstract bool CanFix(FixSite site);

    /// <summary>Makes the edit. Only called where <see cref="CanFix"/> said yes.</summary>
    private protected abstract Task FixAsync(FixEdit edit, FixSite site);

    private async Task<Solution> ApplyAsync(Solution solution, IReadOnlyList<(DocumentId Document, Diagnostic Diagnostic)> diagnostics, CancellationToken cancellation)
    {
        var edit = new FixEdit(solution, cancellation);
        foreach (var (id, diagnostic) in diagnostics)
        {
            if (solution.GetDocument(id) is { } document
                && await FixSite.FindAsync(document, diagnostic, cancellation).ConfigureAwait(false) is { } site
                && CanFix(site))
            {
                await FixAsync(edit, site).ConfigureAwait(false);
            }
        }

        return await edit.ChangedSolutionAsync().ConfigureAwait(false);
    }

    private sealed class AllAtOnce(ShutdownCodeFix fix) : FixAllProvider
    {
        public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() =>
            [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution, FixAllScope.ContainingType, FixAllScope.ContainingMember];

        public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
        {
            var found = new List<(DocumentId, Diagnostic)>();
            foreach (var project in context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project])
            {
                var diagnostics = context.Scope is FixAllScope.Project or FixAllScope.Solution
                    ? await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false)
                    : await context.GetDocumentDiagnosticsAsync(context.Document!).ConfigureAwait(false);
                foreach (var diagnostic in diagnostics.OrderBy(d => d.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(d => d.Location.SourceSpan.Start))
                {
                    if (project.GetDocument(diagnostic.Location.SourceTree) is { } document)
                        found.Add((document.Id, diagnostic));
                }
            }

            return found.Count == 0
                ? null
                : CodeAction.Create(fix._title, cancellation => fix.ApplyAsync(context.Solution, found, cancellation), context.CodeActionEquivalenceKey);
        }
    }
}

/// <summary>One diagnostic with the syntax it stands on.</summary>
/// <param name="Document">The diagnostic's file.</param>
/// <param name="Diagnostic">The diagnostic, with the facts that its analyzer left.</param>
/// <param name="Root">The root of the diagnostic's file.</param>
/// <param name="Node">The innermost node that covers the diagnostic.</param>
/// <param name="Model">The semantic model of the file.</param>
internal sealed record FixSite(Document Document, Diagnostic Diagnostic, SyntaxNode Root, SyntaxNode Node, SemanticModel Model)
{
    /// <summary>A fact that the analyzer left for the fix, or null.</summary>
    public string? Fact(string name) => Diagnostic.Properties.TryGetValue(name, out var value) ? value : null;

    /// <summary>The node at one of the diagnostic's additional locations, which must be in the same file; null where it isn't.</summary>
    public T? Additional<T>(int index)
        where T : SyntaxNode =>
        index < Diagnostic.AdditionalLocations.Count
        && Diagnostic.AdditionalLocations[index] is var location
        && location.SourceTree?.FilePath == Root.SyntaxTree.FilePath
            ? Root.FindNode(location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<T>()
            : null;

    /// <summary>The node at one of the diagnostic's additional locations, in whatever file of the project it stands; null where there is none.</summary>
    public (Document Document, SemanticModel Model, T Node)? Anywhere<T>(int index)
        where T : SyntaxNode
    {
        if (index >= Diagnostic.AdditionalLocations.Count || Diagnostic.AdditionalLocations[index] is not { SourceTree.FilePath: var path } location)
            return null;

        foreach (var tree in Model.Compilation.SyntaxTrees)
        {
            if (tree.FilePath == path
                && Document.Project.GetDocument(tree) is { } document
                && tree.GetRoot() is var root
                && root.FullSpan.Contains(location.SourceSpan)
                && root.FindNode(location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<T>() is { } node)
            {
                return (document, Model.SyntaxTree == tree ? Model : Model.Compilation.GetSemanticModel(tree), node);
            }
        }

        return null;
    }

    public static async Task<FixSite?> FindAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (root is null || model is null || !root.FullSpan.Contains(diagnostic.Location.SourceSpan))
            return null;

        return new(document, diagnostic, root, root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true), model);
    }
}

/// <summary>The edits of one fix, or of one "fix all", over any number of files.</summary>
internal sealed class FixEdit(Solution solution, CancellationToken cancellation)
{
    private readonly SolutionEditor _editor = new(solution);
    private readonly HashSet<object> _done = [];
    private readonly Dictionary<DocumentId, HashSet<string>> _imports = [];

    public CancellationToken Cancellation => cancellation;

    public Task<DocumentEditor> EditorAsync(Document document) => _editor.GetDocumentEditorAsync(document.Id, cancellation);

    /// <summary>True the first time it is asked for <paramref name="what"/>: for edits that several diagnostics share.</summary>
    public bool Once(object what) => _done.Add(what);

    /// <summary>Makes the code at <paramref name="position"/> see a namespace; nothing where it does already.</summary>
    public void Import(Document document, SemanticModel model, int position, string containingNamespace)
    {
        if (Imports.Sees(model, position, containingNamespace))
            return;

        if (!_imports.TryGetValue(document.Id, out var namespaces))
            _imports.Add(document.Id, namespaces = []);
        namespaces.Add(containingNamespace);
    }

    /// <summary>The solution with all edits made.</summary>
    public async Task<Solution> ChangedSolutionAsync()
    {
        var changed = _editor.GetChangedSolution();
        foreach (var pair in _imports)
        {
            var root = await changed.GetDocument(pair.Key)!.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
            changed = changed.WithDocumentSyntaxRoot(pair.Key, Imports.Add(root!, pair.Value));
        }

        return changed;
    }
}
