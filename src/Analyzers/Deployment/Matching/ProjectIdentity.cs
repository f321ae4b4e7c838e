using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment.Matching;

/// <summary>What the compilation is called in deployment files.</summary>
internal sealed class ProjectIdentity
{
    private readonly string _assembly;
    private readonly string? _project;
    private readonly string? _directory;

    public ProjectIdentity(HostFacts host)
    {
        _assembly = host.Compilation.AssemblyName ?? "";
        _project = host.Options.BuildProperty("MSBuildProjectName");
        _directory = host.Options.BuildProperty("ProjectDir")?.Replace('\\', '/').TrimEnd('/');
        IsWeb = host.Builds.All.Any(build => build.IsWeb);
    }

    /// <summary>Whether it serves requests.</summary>
    public bool IsWeb { get; }

    public bool IsAssembly(string name) => string.Equals(name, _assembly, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a command starts this project, or a .NET program of which it doesn't say more.</summary>
    public bool MayBe(AppProgram program) => program.Name is { } name ? IsAssembly(name) : program.IsDotnet;

    /// <summary>Whether a path to a project, or its name, means this one.</summary>
    public bool IsProject(string path)
    {
        var name = AppProgram.WithoutExtension(AppProgram.FileName(path.TrimEnd('/')), ".csproj");
        return string.Equals(name, _project ?? _assembly, StringComparison.OrdinalIgnoreCase) || IsAssembly(name);
    }

    /// <summary>Whether a folder, of the machine or of an image, is this project's.</summary>
    public bool IsFolder(string folder) =>
        _directory is not null && string.Equals(AppProgram.FileName(folder.TrimEnd('/')), AppProgram.FileName(_directory), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a file lies in the project's own folder.</summary>
    public bool Holds(string path) =>
        _directory is not null && path.StartsWith(_directory + "/", StringComparison.OrdinalIgnoreCase) && path.IndexOf('/', _directory.Length + 1) < 0;

    /// <summary>
    /// Whether the name of an image, a container or a workload is the project's: one's segments end as the other's do, case and <c>-._</c> folded.
    /// <c>orders-api</c> and <c>registry/acme/acme.orders.api:1.2</c> are <c>Acme.Orders.Api</c>; <c>orders</c> alone isn't.
    /// </summary>
    public bool IsNamed(string name)
    {
        var segments = Folded(ImageName(name));
        return segments.Length > 0 && (EndsAlike(segments, Folded(_assembly)) || (_project is not null && EndsAlike(segments, Folded(_project))));
    }

    /// <summary>An image without its registry, tag and digest.</summary>
    public static string ImageName(string image)
    {
        var name = image.Split('@')[0];
        name = name.Substring(name.LastIndexOf('/') + 1);
        return name.Split(':')[0];
    }

    private static string Folded(string name)
    {
        var segments = name.ToLowerInvariant().Split(['-', '.', '_'], StringSplitOptions.RemoveEmptyEntries);
        return segments.Length == 0 ? "" : "." + string.Join(".", segments);
    }

    // ".orders.api" ends ".acme.orders.api"; ".webapi" is ".web.api" too.
    private static bool EndsAlike(string name, string project) =>
        project.EndsWith(name, StringComparison.Ordinal)
        || name.EndsWith(project, StringComparison.Ordinal)
        || name.Replace(".", "") == project.Replace(".", "");
}
