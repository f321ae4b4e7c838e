using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Corpus;

/// <summary>What is done with every repository.</summary>
/// <param name="Rules">The rules; all of them where none are named.</param>
/// <param name="WithFixes">Whether the offered fixes are applied.</param>
/// <param name="AllDeploymentFiles">Whether deployment files count wherever they lie in the repository, or only where a build with the package finds them.</param>
/// <param name="Matches">Whether to print what of the deployment files runs which project.</param>
internal sealed record RunOptions(string[] Rules, bool WithFixes = false, bool AllDeploymentFiles = true, bool Matches = false);

/// <summary>One repository: the findings in all its projects but the tests, and what became of their fixes.</summary>
internal sealed class RepositoryRun(string folder, RunOptions options)
{
    private const string ThrownByAnalyzer = "AD0001";

    private readonly SortedDictionary<Finding, string> _found = [];
    private readonly HashSet<string> _sources = [];
    private readonly HashSet<string> _deploymentFiles = [];
    private readonly List<FixOutcome> _fixes = [];
    private readonly List<string> _exceptions = [];
    private int _projects;

    /// <summary>Every finding once, with its message: a file that several projects compile is reported by each.</summary>
    public IReadOnlyDictionary<Finding, string> Found => _found;

    public IReadOnlyList<string> Exceptions => _exceptions;

    public IReadOnlyList<FixOutcome> FixOutcomes => _fixes;

    public RepositoryFigures Figures => new(
        Path.GetFileName(folder),
        _projects,
        _sources.Count,
        _deploymentFiles.Count,
        _exceptions.Count,
        [.. _fixes.GroupBy(fix => fix.Rule).OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => new FixFigures(
            rule.Key,
            rule.Count(fix => !fix.AllAtOnce),
            rule.Count(fix => fix is { AllAtOnce: false, Problem: null }),
            rule.Count(fix => fix.AllAtOnce),
            rule.Count(fix => fix is { AllAtOnce: true, Problem: null })))]);

    public static async Task<RepositoryRun> OfAsync(string folder, RunOptions options)
    {
        var run = new RepositoryRun(folder, options);
        foreach (var project in LooseProject.FindAll(folder).Where(project => !project.IsTest))
            await run.AddAsync(project);
        return run;
    }

    private async Task AddAsync(LooseProject loose)
    {
        var files = DeploymentFiles.Of(loose, folder, options.AllDeploymentFiles).ToList();
        var subject = Subject.Of(loose, files);
        var host = HostFacts.Of(await subject.CompilationAsync(), subject.Options);
        if (host.IsTestProject)
            return;

        _projects++;
        _deploymentFiles.UnionWith(files);
        _sources.UnionWith(loose.Compilation.SyntaxTrees.Select(tree => tree.FilePath).Where(Path.IsPathRooted));

        var diagnostics = await subject.ReportAsync(options.Rules);
        _exceptions.AddRange(diagnostics.Where(diagnostic => diagnostic.Id == ThrownByAnalyzer).Select(diagnostic => diagnostic.GetMessage()));

        var first = diagnostics.Where(diagnostic => diagnostic.Id != ThrownByAnalyzer && _found.TryAdd(Place(loose, diagnostic), diagnostic.GetMessage())).ToHashSet();
        if (options.WithFixes && first.Count > 0)
            _fixes.AddRange(await new Fixes(subject).TryAsync(diagnostics, diagnostic => first.Contains(diagnostic) ? Place(loose, diagnostic).ToString() : null));

        if (options.Matches)
            PrintMatches(loose, host.Deployment);
    }

    private Finding Place(LooseProject loose, Diagnostic diagnostic)
    {
        var position = diagnostic.Location.GetLineSpan();
        var file = position.Path is { Length: > 0 } path ? Path.GetRelativePath(folder, path) : loose.Name;
        return new(diagnostic.Id, file, position.StartLinePosition.Line + 1);
    }

    private static void PrintMatches(LooseProject project, DeploymentModel deployment)
    {
        foreach (var image in deployment.Images)
            Console.WriteLine($"{project.Name} is built by {image.File.Path}");
        foreach (var service in deployment.Services)
            Console.WriteLine($"{project.Name} is service {service.Name} of {service.File.Path}");
        foreach (var container in deployment.Containers)
            Console.WriteLine($"{project.Name} is container {container.Name} of {container.File.Path}");
        foreach (var (file, _) in deployment.Units)
            Console.WriteLine($"{project.Name} is started by {file.Path}");
    }
}
