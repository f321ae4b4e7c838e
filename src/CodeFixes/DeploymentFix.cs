using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment;

namespace ShutdownAnalyzers;

/// <summary>The base of the fixes in deployment files: puts in the correction that the rule left in the diagnostic. The rest of the file stays as it is, to the character.</summary>
public abstract class DeploymentFix : CodeFixProvider
{
    private protected DeploymentFix(string ruleId) => FixableDiagnosticIds = ImmutableArray.Create(ruleId);

    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    public sealed override FixAllProvider GetFixAllProvider() => new AllAtOnce();

    public sealed override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (Edit.Of(diagnostic.Properties) is { } edit)
            {
                var action = CodeAction.Create(
                    edit.Title,
                    cancellation => ApplyAsync(context.TextDocument.Project.Solution, [(context.TextDocument.Id, edit)], cancellation),
                    equivalenceKey: diagnostic.Id);
                context.RegisterCodeFix(action, diagnostic);
            }
        }

        return Task.CompletedTask;
    }

    private static async Task<Solution> ApplyAsync(Solution solution, IEnumerable<(DocumentId File, Edit Edit)> edits, CancellationToken cancellation)
    {
        foreach (var file in edits.GroupBy(edit => edit.File))
        {
            if (solution.GetAdditionalDocument(file.Key) is not { } document)
                continue;

            // Two projects may say the same of one file, and two rules may want the same place: the first has it.
            var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
            var changes = new List<TextChange>();
            foreach (var change in file.SelectMany(edit => edit.Edit.Changes).Distinct().OrderBy(change => change.Span))
            {
                if (changes.Count == 0 || !changes[changes.Count - 1].Span.OverlapsWith(change.Span))
                    changes.Add(change);
            }

            solution = solution.WithAdditionalDocumentText(file.Key, text.WithChanges(changes));
        }

        return solution;
    }

    private sealed class AllAtOnce : FixAllProvider
    {
        public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Project, FixAllScope.Solution];

        public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
        {
            var edits = new List<(DocumentId, Edit)>();
            foreach (var project in context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project])
            {
                foreach (var diagnostic in await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false))
                {
                    var file = project.AdditionalDocuments.FirstOrDefault(document => document.FilePath == diagnostic.Location.GetLineSpan().Path);
                    if (file is not null && Edit.Of(diagnostic.Properties) is { } edit)
                        edits.Add((file.Id, edit));
                }
            }

            return edits.Count == 0
                ? null
                : CodeAction.Create(edits[0].Item2.Title, cancellation => ApplyAsync(context.Solution, edits, cancellation), context.CodeActionEquivalenceKey);
        }
    }
}
