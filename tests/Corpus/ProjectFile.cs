using Microsoft.Build.Construction;
using Microsoft.Build.Evaluation;

namespace ShutdownAnalyzers.Corpus;

/// <summary>
/// What a csproj says, by MSBuild's own evaluation of it, of the imports that are there and of the Directory.Build files above it, but without
/// the SDK and without packages: what these would set isn't set. For the newest of its target frameworks, release build.
/// </summary>
internal sealed class ProjectFile
{
    private const ProjectLoadSettings Tolerant = ProjectLoadSettings.IgnoreMissingImports | ProjectLoadSettings.IgnoreInvalidImports | ProjectLoadSettings.IgnoreEmptyImports;

    private readonly Project _project;
    private readonly string _sdk;

    /// <exception cref="Microsoft.Build.Exceptions.InvalidProjectFileException">The file is no project.</exception>
    public ProjectFile(string path, ProjectCollection collection)
    {
        var root = ProjectRootElement.Open(path, collection);
        _sdk = string.Join(';', [root.Sdk, .. root.Imports.Select(import => import.Sdk)]);
        TakeSdkAway(root);
        if (Above(path, "Directory.Build.props") is { } props)
            root.PrependChild(root.CreateImportElement(props));
        if (Above(path, "Directory.Build.targets") is { } targets)
            root.AppendChild(root.CreateImportElement(targets));

        _project = new Project(root, new Dictionary<string, string> { ["Configuration"] = "Release" }, toolsVersion: null, collection, Tolerant);
        if (Property("TargetFramework") is null && Property("TargetFrameworks") is { } several)
        {
            _project.SetGlobalProperty("TargetFramework", Newest(several));
            _project.ReevaluateIfNecessary();
        }
    }

    public bool HasSdk(string name) => _sdk.Contains(name, StringComparison.Ordinal);

    /// <summary>The value of a property; null where it is empty, as in a build.</summary>
    public string? Property(string name) => _project.GetPropertyValue(name).Trim() is { Length: > 0 } value ? value : null;

    public IEnumerable<string> Items(string name) => _project.GetItems(name).Select(item => item.EvaluatedInclude);

    private static void TakeSdkAway(ProjectRootElement root)
    {
        root.Sdk = "";
        foreach (var element in root.AllChildren.Where(element => element is ProjectSdkElement or ProjectImportElement { Sdk.Length: > 0 }).ToList())
            element.Parent.RemoveChild(element);
    }

    private static string? Above(string path, string name)
    {
        for (var folder = Directory.GetParent(path); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, name) is var file && File.Exists(file))
                return file;
        }

        return null;
    }

    private static string Newest(string frameworks) =>
        frameworks.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).MaxBy(VersionOf) ?? "";

    // net10.0 or net10.0-windows; the older kinds (net472, netstandard2.0) have none.
    private static Version VersionOf(string framework) =>
        framework.StartsWith("net", StringComparison.Ordinal) && Version.TryParse(framework[3..].Split('-')[0], out var version) ? version : new();
}
