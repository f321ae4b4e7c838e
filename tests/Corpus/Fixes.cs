using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace ShutdownAnalyzers.Corpus;

/// <summary>What became of one fix.</summary>
/// <param name="Rule">The rule that reported.</param>
/// <param name="Place">The finding, or the project where all of a rule's findings were fixed at once.</param>
/// <param name="AllAtOnce">Whether all findings of the rule in the project were fixed together.</param>
/// <param name="Problem">What went wrong, or null.</param>
internal sealed record FixOutcome(string Rule, string Place, bool AllAtOnce, string? Problem);

/// <summary>
/// Applies every fix that is offered for a project's findings, each to the project as it is, and then all of a rule at once. A fix is good when
/// it brings no compile error that wasn't there, its finding is gone, and a second run changes nothing. After one fix the other findings are still there and
/// still fixable: a second run then changes nothing if the fix is offered only on lines where another finding of the rule stood before. After all at once
/// it is offered nowhere.
/// </summary>
internal sealed class Fixes(Subject subject)
{
    private static readonly ImmutableArray<CodeFixProvider> Providers =
        [.. typeof(ShutdownCodeFix).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && typeof(CodeFixProvider).IsAssignableFrom(type))
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!)];

    private Dictionary<string, int>? _errorsBefore;

    /// <param name="diagnostics">The project's findings.</param>
    /// <param name="place">How a finding is called, or null where another project has tried it already.</param>
    public async Task<IReadOnlyList<FixOutcome>> TryAsync(ImmutableArray<Diagnostic> diagnostics, Func<Diagnostic, string?> place)
    {
        var outcomes = new List<FixOutcome>();
        foreach (var ofRule in diagnostics.GroupBy(diagnostic => diagnostic.Id))
        {
            foreach (var provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(ofRule.Key)))
                await TryAsync(provider, ofRule.Key, [.. ofRule], place, outcomes);
        }

        return outcomes;
    }

    private async Task TryAsync(CodeFixProvider provider, string rule, ImmutableArray<Diagnostic> diagnostics, Func<Diagnostic, string?> place, List<FixOutcome> outcomes)
    {
        var offered = false;
        foreach (var diagnostic in diagnostics)
        {
            if (place(diagnostic) is not { } name)
                continue;
            foreach (var action in await OfferedAsync(subject, provider, diagnostic))
            {
                offered = true;
                outcomes.Add(new(rule, name, AllAtOnce: false, await OneAsync(provider, diagnostics, diagnostic, action)));
            }
        }

        if (offered)
            outcomes.Add(new(rule, subject.Project.Name, AllAtOnce: true, await AllAsync(provider, rule, diagnostics)));
    }

    private async Task<string?> OneAsync(CodeFixProvider provider, ImmutableArray<Diagnostic> diagnostics, Diagnostic diagnostic, CodeAction action)
    {
        var (changed, problem) = await ApplyAsync(subject, action);
        if (changed is null)
            return problem;

        var left = await changed.ReportAsync(diagnostic.Id);
        if (left.Length >= diagnostics.Length)
            return $"the finding is still there ({left.Length} of {diagnostics.Length})";

        // By their text: the fix may have moved the lines below it.
        var others = new List<(string, string)>();
        foreach (var other in diagnostics.Remove(diagnostic))
            others.Add(await subject.LineAsync(other));

        var strange = new List<Diagnostic>();
        foreach (var one in left)
        {
            if (!others.Remove(await changed.LineAsync(one)))
                strange.Add(one);
        }

        return await NewErrorsAsync(changed) ?? await OfferedAgainAsync(changed, provider, strange);
    }

    private async Task<string?> AllAsync(CodeFixProvider provider, string rule, ImmutableArray<Diagnostic> diagnostics)
    {
        if (await AllAtOnceAsync(subject, provider, rule, diagnostics) is not { } action)
            return "no fix for all is offered";

        var (changed, problem) = await ApplyAsync(subject, action);
        if (changed is null)
            return problem;
        return await NewErrorsAsync(changed) ?? await OfferedAgainAsync(changed, provider, await changed.ReportAsync(rule));
    }

    private static async Task<string?> OfferedAgainAsync(Subject changed, CodeFixProvider provider, IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            foreach (var again in await OfferedAsync(changed, provider, diagnostic))
                return $"'{again.Title}' is offered again at {diagnostic.Location.GetLineSpan()}";
        }

        return null;
    }

    private static async Task<(Subject? Changed, string? Problem)> ApplyAsync(Subject subject, CodeAction action)
    {
        try
        {
            var operations = await action.GetOperationsAsync(CancellationToken.None);
            var solution = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
            var changes = solution.GetChanges(subject.Project.Solution).GetProjectChanges().ToList();
            return changes.Any(change => change.GetChangedDocuments().Any() || change.GetChangedAdditionalDocuments().Any())
                ? (subject.With(solution), null)
                : (null, "it changes nothing");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return (null, $"it throws {error.GetType().Name}: {error.Message}");
        }
    }

    private async Task<string?> NewErrorsAsync(Subject changed)
    {
        _errorsBefore ??= Count(await subject.CompilationAsync());
        var added = Count(await changed.CompilationAsync()).Where(error => error.Value > _errorsBefore.GetValueOrDefault(error.Key)).Select(error => error.Key).ToList();
        return added.Count == 0 ? null : "new errors: " + string.Join("; ", added);
    }

    private static Dictionary<string, int> Count(Compilation compilation)
    {
        var counts = new Dictionary<string, int>();
        foreach (var error in compilation.GetDiagnostics())
        {
            if (error.Severity == DiagnosticSeverity.Error && $"{error.Id} {Path.GetFileName(error.Location.SourceTree?.FilePath)} {error.GetMessage()}" is var text)
                counts[text] = counts.GetValueOrDefault(text) + 1;
        }

        return counts;
    }

    private static async Task<IReadOnlyList<CodeAction>> OfferedAsync(Subject subject, CodeFixProvider provider, Diagnostic diagnostic)
    {
        var actions = new List<CodeAction>();
        void Add(CodeAction action, ImmutableArray<Diagnostic> diagnostics) => actions.Add(action);

        CodeFixContext? context = diagnostic.Location.SourceTree is { } tree
            ? subject.Project.GetDocument(tree) is { } document ? new CodeFixContext(document, diagnostic, Add, CancellationToken.None) : null
            : subject.Project.AdditionalDocuments.FirstOrDefault(file => file.FilePath == diagnostic.Location.GetLineSpan().Path) is { } additional
                ? new CodeFixContext(additional, diagnostic, Add, CancellationToken.None)
                : null;
        if (context is { } place)
            await provider.RegisterCodeFixesAsync(place);
        return actions;
    }

    private static async Task<CodeAction?> AllAtOnceAsync(Subject subject, CodeFixProvider provider, string rule, ImmutableArray<Diagnostic> diagnostics)
    {
        var context = new FixAllContext(subject.Project, provider, FixAllScope.Project, rule, [rule], new Found(diagnostics), CancellationToken.None);
        return await provider.GetFixAllProvider()!.GetFixAsync(context);
    }

    private sealed class Found(ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            Task.FromResult(diagnostics.Where(diagnostic => diagnostic.Location.SourceTree?.FilePath == document.FilePath));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
