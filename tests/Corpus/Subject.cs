using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.Corpus;

/// <summary>One project as the rules and fixes see it: with the package's runtime library and the deployment files.</summary>
internal sealed class Subject
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> AllAnalyzers =
        [.. typeof(ShutdownAnalyzer).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && typeof(DiagnosticAnalyzer).IsAssignableFrom(type))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    private static readonly ImmutableArray<MetadataReference> Runtime =
        [.. from file in (string[])["ShutdownAnalyzers.Runtime.dll", "ShutdownAnalyzers.Runtime.AspNetCore.dll"] select MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, file))];

    private readonly AnalyzerConfigOptionsProvider _properties;

    private Subject(Project project, AnalyzerConfigOptionsProvider properties)
    {
        Project = project;
        _properties = properties;
    }

    public Project Project { get; }

    public static IEnumerable<DiagnosticDescriptor> Rules => AllAnalyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).DistinctBy(rule => rule.Id).OrderBy(rule => rule.Id, StringComparer.Ordinal);

    public static Subject Of(LooseProject loose, IEnumerable<string> deploymentFiles)
    {
        var compilation = (CSharpCompilation)loose.Compilation;
        var id = ProjectId.CreateNewId();
        var project = ProjectInfo.Create(
            id,
            VersionStamp.Default,
            loose.Name,
            compilation.AssemblyName!,
            LanguageNames.CSharp,
            compilationOptions: compilation.Options,
            parseOptions: LooseProject.ParseOptions,
            documents: compilation.SyntaxTrees.Select(tree => Document(id, tree.FilePath, tree.GetText())),
            metadataReferences: [.. compilation.References, .. Runtime],
            additionalDocuments: deploymentFiles.Select(path => Document(id, path, SourceText.From(File.ReadAllText(path)))));
        var workspace = new AdhocWorkspace();
        return new(workspace.AddProject(project), DeploymentFiles.Properties(loose));
    }

    /// <summary>The same project after a change.</summary>
    public Subject With(Solution solution) => new(solution.GetProject(Project.Id)!, _properties);

    public async Task<Compilation> CompilationAsync() => (await Project.GetCompilationAsync())!;

    /// <summary>What the deployment files say, by the same options that the rules get.</summary>
    public AnalyzerOptions Options => new([.. Project.AnalyzerOptions.AdditionalFiles], _properties);

    /// <summary>What these rules report; all of them where none are named.</summary>
    public async Task<ImmutableArray<Diagnostic>> ReportAsync(params string[] rules)
    {
        var analyzers = rules is [] ? AllAnalyzers : [.. AllAnalyzers.Where(analyzer => analyzer.SupportedDiagnostics.Any(rule => rules.Contains(rule.Id)))];
        var options = new CompilationWithAnalyzersOptions(Options, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var diagnostics = await (await CompilationAsync()).WithAnalyzers(analyzers, options).GetAnalyzerDiagnosticsAsync();
        return [.. diagnostics.OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal).ThenBy(diagnostic => diagnostic.Location.SourceSpan)];
    }

    /// <summary>The file and the text of the line that a diagnostic stands on.</summary>
    public async Task<(string File, string Text)> LineAsync(Diagnostic diagnostic)
    {
        var position = diagnostic.Location.GetLineSpan();
        var text = diagnostic.Location.SourceTree is { } tree
            ? await tree.GetTextAsync()
            : Project.AdditionalDocuments.FirstOrDefault(file => file.FilePath == position.Path) is { } document ? await document.GetTextAsync() : null;
        return (position.Path, text?.Lines[position.StartLinePosition.Line].ToString().Trim() ?? "");
    }

    private static DocumentInfo Document(ProjectId project, string path, SourceText text) => DocumentInfo.Create(
        DocumentId.CreateNewId(project),
        Path.GetFileName(path),
        loader: TextLoader.From(TextAndVersion.Create(text, VersionStamp.Default)),
        filePath: path);
}
