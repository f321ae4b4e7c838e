using ShutdownAnalyzers.Deployment.Compose;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Kubernetes;

namespace ShutdownAnalyzers.Deployment.Matching;

/// <summary>
/// Which services and containers run the project. What a file says outright comes first: the command, then the image through Compose to its
/// Dockerfile; then the names; then the item metadata; and last, that nothing else is left. What matches no project is left alone.
/// </summary>
internal sealed class ProjectMatch(DeploymentFiles files, ProjectIdentity project, IReadOnlyList<ComposeService> services)
{
    private readonly Dictionary<ComposeService, bool> _services = [];
    private readonly Lazy<List<ComposeService>> _built = new(() => [.. services.Where(service =>
        service.Dockerfile is { } path && files.Of(DeploymentFileKind.Dockerfile).Any(file => file.Path == path))]);
    private ILookup<string, ComposeService>? _builtByName;
    private ILookup<string, ComposeService>? _builtByImage;

    public ProjectImages Images { get; } = new(files, project, services);

    /// <summary>Whether a Compose service runs the project.</summary>
    public bool IsProject(ComposeService service)
    {
        if (!_services.TryGetValue(service, out var isProject))
            _services[service] = isProject = Decide(service);
        return isProject;
    }

    /// <summary>The containers that run the project.</summary>
    public IReadOnlyList<PodContainer> Containers(IReadOnlyList<Workload> workloads)
    {
        var matched = workloads.SelectMany(workload => workload.Containers).Where(IsProject).ToList();
        if (matched.Count > 0)
            return matched;

        var named = workloads.Where(workload => workload.File.Workload is { } name && workload.Name == name).ToList();
        if (named.Count > 0)
            return [.. named.Select(MainContainer).OfType<PodContainer>()];
        return OnlyOneLeft(workloads) is { } only ? [only] : [];
    }

    private bool Decide(ComposeService service)
    {
        if (Says(service.CommandWords) is { } said)
            return said;
        if (service.Dockerfile is { } dockerfile && HasDockerfile(dockerfile))
            return Images.Of(dockerfile, service.Target) is not null;

        if (Twin(service) is { } twin)
            return IsProject(twin);
        return service.Image is { } image ? IsImage(image) ?? IsNamed(image, service.Name) : service.Dockerfile is not null && project.IsNamed(service.Name);
    }

    /// <summary>An override file has the service without its build: the one that it stands beside, or the only one.</summary>
    private ComposeService? Twin(ComposeService service)
    {
        _builtByName ??= _built.Value.ToLookup(other => other.Name);
        var twins = _builtByName[service.Name].Where(other => other != service).ToList();
        return twins.FirstOrDefault(twin => twin.File.Directory == service.File.Directory) ?? (twins.Select(twin => twin.Dockerfile).Distinct().Count() == 1 ? twins[0] : null);
    }

    private bool IsProject(PodContainer container)
    {
        // A patch of an overlay has no image.
        if (container.Image is not { } image)
            return false;
        return Says(container.Words) ?? IsImage(image) ?? IsNamed(image, container.Name);
    }

    /// <summary>What a command says of the project that it starts; null where it doesn't say.</summary>
    private bool? Says(IReadOnlyList<string>? words)
    {
        if (words is null)
            return null;
        foreach (var start in AppStart.Of(words, [.. files.Of(DeploymentFileKind.Script)]))
        {
            if (start.Program.Name is { } name && (start.Program.IsDotnet || project.IsAssembly(name)))
                return project.IsAssembly(name);
            if (start.Program.Project is { } path)
                return project.IsProject(path);
        }

        return null;
    }

    /// <summary>Whether Compose builds an image of that name from the project's Dockerfile; null where it builds none of the name.</summary>
    private bool? IsImage(string image)
    {
        _builtByImage ??= _built.Value.Where(service => service.Image is not null).ToLookup(service => ProjectIdentity.ImageName(service.Image!));
        var builders = _builtByImage[ProjectIdentity.ImageName(image)].ToList();
        return builders.Count == 0 ? null : builders.Any(IsProject);
    }

    private bool IsNamed(string image, string? name) =>
        !KnownImages.Has(image) && (project.IsNamed(image) || (name is not null && project.IsNamed(name)));

    private bool HasDockerfile(string path) => files.All.Any(file => file.Kind == DeploymentFileKind.Dockerfile && file.Path == path);

    /// <summary>The only workload in all files that is of the project's kind, where no Dockerfile says that another project is deployed too.</summary>
    private PodContainer? OnlyOneLeft(IReadOnlyList<Workload> workloads)
    {
        if (files.Of(DeploymentFileKind.Dockerfile).Any(file => Images.All.All(image => image.File != file)))
            return null;

        PodContainer? only = null;
        foreach (var workload in workloads)
        {
            if (MainContainer(workload) is not { Image: { } image } container
                || KnownImages.Has(image)
                || IsImage(image) == false
                || project.IsWeb != (container.HasPorts || container.HasProbes))
            {
                continue;
            }

            if (only is not null)
                return null;
            only = container;
        }

        return only;
    }

    /// <summary>The container of a pod that is no sidecar.</summary>
    private static PodContainer? MainContainer(Workload workload) =>
        workload.Containers.Where(container => container.Image is { } image && !KnownImages.Has(image)).Take(2).ToList() is [var single] ? single : null;
}
