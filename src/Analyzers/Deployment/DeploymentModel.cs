using ShutdownAnalyzers.Deployment.Budget;
using ShutdownAnalyzers.Deployment.Compose;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Kubernetes;
using ShutdownAnalyzers.Deployment.Matching;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.Deployment.Systemd;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>What the deployment files say of this project: of everything in them, the parts that run it. Each is worked out on first use, once.</summary>
internal sealed class DeploymentModel
{
    private readonly Lazy<ProjectIdentity> _project;
    private readonly Lazy<IReadOnlyList<ProjectImage>> _images;
    private readonly Lazy<IReadOnlyList<ComposeService>> _services;
    private readonly Lazy<IReadOnlyList<PodContainer>> _containers;

    public DeploymentModel(HostFacts host, DeploymentFiles files)
    {
        Files = files;
        Routes = new ProbeRoutes(host);
        Budgets = new AppBudgets(host, files);
        PlatformGrace = host.Options.Global(ShutdownOptions.PlatformGraceSeconds) is { } seconds ? SettingText.Seconds(seconds) : null;
        _project = new(() => new ProjectIdentity(host));
        var services = new Lazy<IReadOnlyList<ComposeService>>(() => ComposeFiles.Services(files));
        var match = new Lazy<ProjectMatch>(() => new(files, _project.Value, services.Value));
        _images = new(() => match.Value.Images.All);
        _services = new(() => [.. services.Value.Where(match.Value.IsProject)]);
        _containers = new(() => match.Value.Containers(Manifests.Workloads(files)));
    }

    public DeploymentFiles Files { get; }

    /// <summary>The routes that probes can ask.</summary>
    public ProbeRoutes Routes { get; }

    /// <summary>How long the app takes to stop.</summary>
    public AppBudgets Budgets { get; }

    /// <summary>What the platform gives where no file says; null for Kubernetes' and Compose's own defaults.</summary>
    public TimeSpan? PlatformGrace { get; }

    /// <summary>The stages of Dockerfiles that run the project.</summary>
    public IReadOnlyList<ProjectImage> Images => _images.Value;

    /// <summary>The Compose services that run the project.</summary>
    public IReadOnlyList<ComposeService> Services => _services.Value;

    /// <summary>The containers of Kubernetes workloads that run the project.</summary>
    public IReadOnlyList<PodContainer> Containers => _containers.Value;

    /// <summary>Whether a container serves requests of the project: a worker's port is for its metrics, or a leftover.</summary>
    public bool Serves(PodContainer container) => _project.Value.IsWeb && (container.HasPorts || container.HasProbes);

    /// <summary>The systemd units that start the project.</summary>
    public IEnumerable<(DeploymentFile File, SystemdUnit Unit)> Units
    {
        get
        {
            foreach (var file in Files.Of(DeploymentFileKind.Systemd))
            {
                // Prefixes such as "-" and "@" belong to systemd.
                var unit = file.Unit;
                if (unit["ExecStart"] is { } start
                    && ShellCommand.Parse(start.Text.TrimStart('-', '@', ':', '+', '!')).FirstOrDefault() is { } command
                    && AppStart.Of(command.Words, []).Any(app => app.Program.Name is { } name && _project.Value.IsAssembly(name)))
                {
                    yield return (file, unit);
                }
            }
        }
    }

    /// <summary>The environment variables that services, containers and units set.</summary>
    public IEnumerable<EnvironmentVariable> Variables =>
        Services.SelectMany(service => service.Environment())
            .Concat(Containers.SelectMany(container => container.Environment()))
            .Concat(Units.SelectMany(unit => unit.Unit.Environment(unit.File)));

    /// <summary>How a command of a service or a container starts the project.</summary>
    public IEnumerable<AppStart> StartsOf(IReadOnlyList<string> words) =>
        AppStart.Of(words, [], Images.Count > 0 && Images.All(image => image.Stage.IsAlpine)).Where(start => _project.Value.MayBe(start.Program));

    /// <summary>The commands that services and containers run instead of their image's own: the values that they stand in, and their words.</summary>
    public IEnumerable<(DeploymentFile File, IReadOnlyList<YamlNode> Nodes, IReadOnlyList<string> Words)> Commands
    {
        get
        {
            foreach (var service in Services)
            {
                if ((service.Find("entrypoint") ?? service.Find("command")) is var (file, entry) && service.CommandWords is { Count: > 0 } words)
                    yield return (file, [entry.Value, .. service.Find("command") is var (other, arguments) && other == file && arguments != entry ? [arguments.Value] : Array.Empty<YamlNode>()], words);
            }

            foreach (var container in Containers)
            {
                if (container.Words is { } words)
                    yield return (container.File, [.. new[] { container.Node["command"], container.Node["args"] }.OfType<YamlNode>()], words);
            }
        }
    }
}
