using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Robustness;

/// <summary>The project around one mutated file, and all rules and fixes on it.</summary>
internal sealed class MutatedProject
{
    // The references are bound once for each of these.
    private static readonly ConcurrentDictionary<(SubjectKind, bool HasProgram), Lazy<Project>> Projects = new();

    private readonly Project _project;

    public MutatedProject(Mutation mutation)
    {
        var subject = mutation.Subject;
        var project = Projects.GetOrAdd((mutation.Kind, !subject.IsSource), key => new(() => Create(key.Item1, key.HasProgram))).Value;
        foreach (var file in subject.Beside)
            project = project.AddDocument(Path.GetFileName(file), SourceText.From(File.ReadAllText(file)), filePath: file).Project;
        _project = subject.IsSource
            ? project.AddDocument("Program.cs", SourceText.From(mutation.Text), filePath: "/repo/src/Shop/Program.cs").Project
            : project.AddAdditionalDocument(Path.GetFileName(subject.Path), SourceText.From(mutation.Text), filePath: subject.Path).Project;
    }

    /// <summary>What the rules report, what they throw, and how long the slowest of them took.</summary>
    public async Task<Analysis> AnalyzeAsync()
    {
        var thrown = new ConcurrentQueue<string>();
        var compilation = (await _project.GetCompilationAsync())!;
        var options = new CompilationWithAnalyzersOptions(
            _project.AnalyzerOptions,
            onAnalyzerException: (exception, analyzer, _) => thrown.Enqueue($"{analyzer.GetType().Name} threw {exception}"),
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: true);
        var result = await compilation.WithAnalyzers(AllRules.Analyzers, options).GetAnalysisResultAsync(CancellationToken.None);
        var slowest = result.AnalyzerTelemetryInfo.MaxBy(pair => pair.Value.ExecutionTime);
        return new([.. result.GetAllDiagnostics().Where(diagnostic => diagnostic.Id.StartsWith("SHUT", StringComparison.Ordinal))], [.. thrown], slowest.Key.GetType().Name, slowest.Value.ExecutionTime);
    }

    /// <summary>How long the compiler itself takes to bind the mutated file.</summary>
    public async Task<TimeSpan> BindAsync()
    {
        var compilation = (await _project.GetCompilationAsync())!;
        _ = compilation.GetDeclarationDiagnostics();
        var processor = Environment.CpuUsage.TotalTime;
        foreach (var document in _project.Documents)
            _ = compilation.GetSemanticModel((await document.GetSyntaxTreeAsync())!).GetDiagnostics();
        return Environment.CpuUsage.TotalTime - processor;
    }

    /// <summary>Applies every fix that is offered, each to the mutated project; a project that compiles still does. Returns how many were applied.</summary>
    public async Task<int> FixAsync(ImmutableArray<Diagnostic> diagnostics, Action<string> fails)
    {
        var compiled = (await ErrorsAsync(_project)).Length == 0;
        var applied = 0;
        foreach (var diagnostic in diagnostics)
        {
            foreach (var fix in AllRules.Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                // What a fix throws is what is looked for.
                try
                {
                    if (await OfferAsync(fix, diagnostic) is not { } action)
                        continue;

                    var changed = await ChangedAsync(action);
                    applied++;
                    if (compiled && await ErrorsAsync(changed) is [var error, ..])
                        fails($"{fix.GetType().Name} left code that doesn't compile: {error}");
                }
                catch (Exception exception)
                {
                    fails($"{fix.GetType().Name} threw {exception}");
                }
            }
        }

        return applied;
    }

    private async Task<CodeAction?> OfferAsync(CodeFixProvider fix, Diagnostic diagnostic)
    {
        TextDocument? document = diagnostic.Location.SourceTree is { } tree
            ? _project.GetDocument(tree)
            : _project.AdditionalDocuments.SingleOrDefault(file => file.FilePath == diagnostic.Location.GetLineSpan().Path);
        CodeAction? offered = null;
        if (document is not null)
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => offered ??= action, CancellationToken.None));
        return offered;
    }

    private async Task<Project> ChangedAsync(CodeAction action)
    {
        var operations = await action.GetOperationsAsync(CancellationToken.None);
        return operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetProject(_project.Id)!;
    }

    private static async Task<ImmutableArray<Diagnostic>> ErrorsAsync(Project project) =>
        [.. (await project.GetCompilationAsync())!.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    private static Project Create(SubjectKind kind, bool hasProgram)
    {
        var code = new Code
        {
            NetOnly = kind == SubjectKind.Console,
            OutputKind = kind == SubjectKind.Library ? OutputKind.DynamicallyLinkedLibrary : OutputKind.ConsoleApplication,
            MoreReferences = [.. References.Pools, .. References.Brokers, .. References.Clients],
        };
        var document = AllRules.Project(Deployed.Web, code);
        var project = (hasProgram ? document.Project : document.Project.RemoveDocument(document.Id)).WithAssemblyName("Shop")
            .WithCompilationOptions(document.Project.CompilationOptions!.WithConcurrentBuild(false))
            .AddAnalyzerConfigDocument(".globalconfig", SourceText.From("is_global = true\nbuild_property.MSBuildProjectName = Shop\nbuild_property.ProjectDir = /repo/src/Shop/\n"), filePath: "/repo/.globalconfig").Project
            .AddAnalyzerConfigDocument(".editorconfig", SourceText.From("[*]\nbuild_metadata.AdditionalFiles.ShutdownDeployment = Auto\n"), filePath: "/repo/.editorconfig").Project;
        _ = project.GetCompilationAsync().Result!.GetSpecialType(SpecialType.System_Object);
        return project;
    }
}

/// <param name="Diagnostics">What this package reports.</param>
/// <param name="Thrown">Exceptions of its rules.</param>
/// <param name="Slowest">The rule that took longest.</param>
/// <param name="Time">How long, by the driver's own measure.</param>
internal sealed record Analysis(ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<string> Thrown, string Slowest, TimeSpan Time);
