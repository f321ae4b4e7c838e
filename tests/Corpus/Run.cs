using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Corpus;

/// <summary>One run of the rules over any number of repositories.</summary>
/// <param name="ruleIds">The rules, or null for all.</param>
/// <param name="allDeploymentFiles">Whether deployment files count wherever they lie in the repository.</param>
/// <param name="matches">Whether to print what of the deployment files runs which project.</param>
internal sealed class Run(string[]? ruleIds, bool allDeploymentFiles, bool matches)
{
    private const string ThrownByAnalyzer = "AD0001";

    private readonly ImmutableArray<DiagnosticAnalyzer> _analyzers =
        [.. typeof(ShutdownAnalyzer).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && typeof(DiagnosticAnalyzer).IsAssignableFrom(type))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)
            .Where(analyzer => ruleIds is null || analyzer.SupportedDiagnostics.Any(rule => ruleIds.Contains(rule.Id)))];

    private readonly Dictionary<string, int> _counts = [];
    private readonly Dictionary<string, TimeSpan> _times = [];
    private readonly HashSet<string> _deploymentFiles = [];
    private int _projects;
    private int _exceptions;

    public async Task RepositoryAsync(string folder)
    {
        var projects = LooseProject.FindAll(folder);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var project in projects.Where(project => !project.IsTest))
        {
            _projects++;
            var files = DeploymentFiles.Of(project, folder, allDeploymentFiles);
            _deploymentFiles.UnionWith(files.AdditionalFiles.Select(file => file.Path));
            var options = new CompilationWithAnalyzersOptions(files, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: true);
            var result = await project.Compilation.WithAnalyzers(_analyzers, options).GetAnalysisResultAsync(CancellationToken.None);

            foreach (var (analyzer, telemetry) in result.AnalyzerTelemetryInfo)
                _times[analyzer.GetType().Name] = _times.GetValueOrDefault(analyzer.GetType().Name) + telemetry.ExecutionTime;

            foreach (var diagnostic in result.GetAllDiagnostics())
            {
                if (diagnostic.Id == ThrownByAnalyzer)
                    _exceptions++;
                found.Add(Describe(folder, project, diagnostic));
            }

            if (matches)
                PrintMatches(project, HostFacts.Of(project.Compilation, files).Deployment);
        }

        // A file that several projects compile is reported once.
        foreach (var finding in found)
        {
            Console.WriteLine(finding);
            var id = finding.Split(": ")[1];
            _counts[id] = _counts.GetValueOrDefault(id) + 1;
        }
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

    public int Summarize(bool times)
    {
        Console.WriteLine();
        Console.WriteLine($"{_projects} projects, {_deploymentFiles.Count} deployment files, {_counts.Values.Sum()} findings, {_exceptions} exceptions.");
        foreach (var (id, count) in _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Console.WriteLine($"{id}  {count}");
        if (times)
        {
            foreach (var (name, time) in _times.OrderByDescending(pair => pair.Value))
                Console.WriteLine($"{time.TotalMilliseconds,8:F0} ms  {name}");
        }

        return _exceptions == 0 ? 0 : 1;
    }

    private static string Describe(string repository, LooseProject project, Diagnostic diagnostic)
    {
        var position = diagnostic.Location.GetLineSpan();
        var file = position.Path is { Length: > 0 } path ? Path.GetRelativePath(Path.GetDirectoryName(repository)!, path) : project.Name;
        return $"{file}:{position.StartLinePosition.Line + 1}: {diagnostic.Id}: {diagnostic.GetMessage()}";
    }
}
