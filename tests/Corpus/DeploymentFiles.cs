using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ShutdownAnalyzers.Corpus;

/// <summary>
/// The files and build properties that the package's targets would hand to the compiler; the repository's root is that of its checkout.
/// With <c>all</c> every deployment file of the repository, wherever it lies.
/// </summary>
internal static class DeploymentFiles
{
    private static readonly string[] Here = ["Dockerfile*", "*.Dockerfile", "*.sh", "*.service", "compose*.yml", "compose*.yaml", "docker-compose*.yml", "docker-compose*.yaml"];
    private static readonly string[] Folders = ["k8s*", ".k8s", "kubernetes*", "kustomize*", "deploy*", "docker", "manifests", "scripts", "build"];
    private static readonly string[] Below = ["*.yaml", "*.yml", "Dockerfile*", "*.sh", "*.service"];

    public static IEnumerable<string> Of(LooseProject project, string repository, bool all)
    {
        if (!project.IsExecutable)
            return [];

        var folders = all ? [repository] : Directory.GetDirectories(repository).Where(folder => Matches(folder, Folders));
        var paths = Directory.GetFiles(project.Folder).Where(file => Matches(file, Here) || Matches(file, ["appsettings*.json"]))
            .Concat(Directory.GetFiles(repository).Where(file => Matches(file, Here)))
            .Concat(folders.SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => Matches(file, all ? [.. Here, .. Below] : Below) && !IsPassedOver(file))));
        return paths.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    /// <summary>What the package's targets tell the compiler of them.</summary>
    public static AnalyzerConfigOptionsProvider Properties(LooseProject project) => new BuildProperties(project);

    private static bool Matches(string path, string[] names) => names.Any(name => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(path), ignoreCase: false));

    private static bool IsPassedOver(string file) => file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "node_modules" or "bin" or "obj");

    private sealed class BuildProperties(LooseProject project) : AnalyzerConfigOptionsProvider
    {
        private static readonly Values OfSources = new([]);
        private static readonly Values OfFiles = new(new() { ["build_metadata.AdditionalFiles.ShutdownDeployment"] = "Auto" });

        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(new()
        {
            ["build_property.IsTestProject"] = project.Property("IsTestProject") ?? "",
            ["build_property.MSBuildProjectName"] = project.Name,
            ["build_property.ProjectDir"] = project.Folder + Path.DirectorySeparatorChar,
        });

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => OfSources;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => OfFiles;
    }

    private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
