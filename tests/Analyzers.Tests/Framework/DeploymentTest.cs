using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.Tests.Framework;

/// <summary>The base of the tests of a rule that reports in deployment files. Expected diagnostics stand in the files as <c>[|...|]</c>.</summary>
public abstract class DeploymentTest<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    /// <summary>Reports exactly what is marked; returns the messages.</summary>
    private protected static async Task<IReadOnlyList<string>> ReportsAsync(Deployed deployed)
    {
        var (project, expected) = deployed.ToProject();
        var diagnostics = await DiagnosticsAsync(project);
        Assert.Equal(
            string.Join('\n', expected.Order()),
            string.Join('\n', diagnostics.Select(Place).Order()));
        return [.. diagnostics.Select(diagnostic => diagnostic.GetMessage())];

        static string Place(Diagnostic diagnostic) => $"{diagnostic.Location.GetLineSpan().Path} {diagnostic.Location.SourceSpan}";
    }

    /// <summary>Reports nothing.</summary>
    private protected static Task QuietAsync(Deployed deployed)
    {
        Assert.All(deployed.Files, file => Assert.DoesNotContain("[|", file.Text, StringComparison.Ordinal));
        return ReportsAsync(deployed);
    }

    private protected static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(Project project)
    {
        var compilation = (await project.GetCompilationAsync())!;
        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(errors.Count == 0, string.Join(Environment.NewLine, errors));
        var diagnostics = await compilation.WithAnalyzers([new TAnalyzer()], project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
        Assert.All(diagnostics, diagnostic => Assert.True(diagnostic.Id != "AD0001", diagnostic.GetMessage() + diagnostic.Descriptor.Description));
        return diagnostics;
    }
}

/// <summary>The same for a rule with a fix.</summary>
public abstract class DeploymentTest<TAnalyzer, TFix> : DeploymentTest<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    /// <summary>Reports what is marked; the fix, one by one and as fix-all, makes <paramref name="expected"/> of the first file, and then there is nothing left to fix.</summary>
    private protected static async Task FixesAsync(Deployed deployed, string expected)
    {
        await ReportsAsync(deployed);
        var (project, _) = deployed.ToProject();
        Assert.Equal(expected, await TextAsync(await OneByOneAsync(project), deployed), ignoreLineEndingDifferences: true);
        Assert.Equal(expected, await TextAsync(await AllAtOnceAsync(project), deployed), ignoreLineEndingDifferences: true);
    }

    /// <summary>Reports what is marked and offers no fix.</summary>
    private protected static async Task OffersNoFixAsync(Deployed deployed)
    {
        await ReportsAsync(deployed);
        var (project, _) = deployed.ToProject();
        foreach (var diagnostic in await DiagnosticsAsync(project))
            Assert.Null(await ActionAsync(project, diagnostic));
    }

    private static async Task<Project> OneByOneAsync(Project project)
    {
        for (var round = 0; round < 20; round++)
        {
            CodeAction? action = null;
            foreach (var diagnostic in await DiagnosticsAsync(project))
                action ??= await ActionAsync(project, diagnostic);
            if (action is null)
                return project;
            project = await ApplyAsync(project, action);
        }

        throw new InvalidOperationException("A fix is offered again and again: it doesn't remove its diagnostic.");
    }

    private static async Task<Project> AllAtOnceAsync(Project project)
    {
        var diagnostics = await DiagnosticsAsync(project);
        var fix = new TFix();
        var context = new FixAllContext(project, fix, FixAllScope.Project, diagnostics[0].Id, fix.FixableDiagnosticIds, new Provider(diagnostics), CancellationToken.None);
        return await ApplyAsync(project, (await fix.GetFixAllProvider()!.GetFixAsync(context))!);
    }

    private static async Task<CodeAction?> ActionAsync(Project project, Diagnostic diagnostic)
    {
        CodeAction? action = null;
        var file = project.AdditionalDocuments.Single(document => document.FilePath == diagnostic.Location.GetLineSpan().Path);
        await new TFix().RegisterCodeFixesAsync(new CodeFixContext(file, diagnostic, (offered, _) => action = offered, CancellationToken.None));
        return action;
    }

    private static async Task<Project> ApplyAsync(Project project, CodeAction action)
    {
        var operations = await action.GetOperationsAsync(CancellationToken.None);
        return operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetProject(project.Id)!;
    }

    private static async Task<string> TextAsync(Project project, Deployed deployed) =>
        (await project.AdditionalDocuments.Single(document => document.FilePath == deployed.Files[0].Path).GetTextAsync()).ToString();

    private sealed class Provider(ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}

/// <summary>A repository with one project, <c>src/Shop/Shop.csproj</c> unless it is named otherwise, and deployment files.</summary>
internal sealed class Deployed
{
    /// <summary>A web program that maps both probes.</summary>
    public const string Web = """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        app.MapReadiness();
        app.MapLiveness();
        app.MapGet("/", () => "hello");
        app.Run();
        """;

    /// <summary>A program that serves nothing.</summary>
    public const string Worker = """
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        builder.Build().Run();
        """;

    private const string Root = "/repo/";

    private readonly List<(string Path, string Text)> _files = [];
    private readonly List<string> _metadata = [];
    private readonly List<string> _options = [];
    private readonly Code _code = new();
    private string _program = Web;
    private string _project = "Shop";

    public IReadOnlyList<(string Path, string Text)> Files => _files;

    public static Deployed With(string path, string text) => new Deployed().And(path, text);

    public Deployed And(string path, string text)
    {
        _files.Add((Root + path, text));
        return this;
    }

    public Deployed Program(string program)
    {
        _program = program;
        return this;
    }

    /// <summary>A referenced project.</summary>
    public Deployed Reference(string source)
    {
        _code.MoreReferences.Add(References.Library(source, "Company"));
        return this;
    }

    /// <summary>The project's and the assembly's name; it lies in <c>src/</c> and its name.</summary>
    public Deployed Project(string name)
    {
        _project = name;
        return this;
    }

    /// <summary>A setting in the <c>.globalconfig</c>.</summary>
    public Deployed Option(string name, string value)
    {
        _options.Add($"shutdown_analyzers.{name} = {value}\n");
        return this;
    }

    /// <summary>Item metadata of the file that was added last.</summary>
    public Deployed Metadata(string name, string value)
    {
        _metadata.Add($"[{_files[^1].Path}]\nbuild_metadata.AdditionalFiles.{name} = {value}");
        return this;
    }

    /// <summary>The project, and where its files mark diagnostics.</summary>
    public (Project Project, IReadOnlyList<string> Expected) ToProject()
    {
        var project = AllRules.Project(_program, _code).Project.WithAssemblyName(_project);
        var expected = new List<string>();
        var config = $"is_global = true\nbuild_property.MSBuildProjectName = {_project}\nbuild_property.ProjectDir = {Root}src/{_project}/\n" + string.Concat(_options);
        foreach (var (path, marked) in _files)
        {
            var text = marked;
            while (text.IndexOf("[|", StringComparison.Ordinal) is >= 0 and var start && text.IndexOf("|]", start, StringComparison.Ordinal) is >= 0 and var end)
            {
                text = text.Remove(end, 2).Remove(start, 2);
                expected.Add($"{path} {TextSpan.FromBounds(start, end - 2)}");
            }

            project = project.AddAdditionalDocument(Path.GetFileName(path), SourceText.From(text), filePath: path).Project;
            config += $"[{path}]\nbuild_metadata.AdditionalFiles.ShutdownDeployment = Auto\n";
        }

        config += string.Join('\n', _metadata);
        return (project.AddAnalyzerConfigDocument(".globalconfig", SourceText.From(config), filePath: "/.globalconfig").Project, expected);
    }
}
