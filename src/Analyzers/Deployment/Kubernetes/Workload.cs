using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.Deployment.Yaml;

namespace ShutdownAnalyzers.Deployment.Kubernetes;

/// <summary>A manifest with a pod template.</summary>
internal sealed class Workload
{
    private readonly string[] _podPath;

    public Workload(DeploymentFile file, string kind, YamlNode manifest, string[] podPath, YamlMapping pod)
    {
        _podPath = podPath;
        File = file;
        Kind = kind;
        Manifest = manifest;
        Pod = pod;
        Containers = [.. (pod["containers"]?.Items ?? []).OfType<YamlMapping>().Select(node => new PodContainer(this, node))];
    }

    /// <summary>The file that it stands in.</summary>
    public DeploymentFile File { get; }

    /// <summary>Deployment, StatefulSet, CronJob and the like.</summary>
    public string Kind { get; }

    /// <summary>The whole document.</summary>
    public YamlNode Manifest { get; }

    /// <summary>The pod's specification.</summary>
    public YamlMapping Pod { get; }

    /// <summary>The containers that run side by side for as long as the pod does; not the init containers.</summary>
    public IReadOnlyList<PodContainer> Containers { get; }

    /// <summary>Its name, or an empty string.</summary>
    public string Name => Manifest.At("metadata", "name")?.Text ?? "";

    /// <summary>Whether it runs to an end: nothing is served, and a rollout doesn't stop it.</summary>
    public bool IsJob => Kind is "Job" or "CronJob";

    /// <summary>Knative gives each container a readiness probe, and routes by its own queue.</summary>
    public bool IsKnative => Manifest["apiVersion"]?.Text?.Contains("knative") == true;

    /// <summary>What overlays say of it in addition: documents of the same kind and name whose containers have no image.</summary>
    public IReadOnlyList<(DeploymentFile File, YamlNode Manifest)> Patches { get; set; } = [];

    /// <summary>The pods that the patches describe in part.</summary>
    public IEnumerable<(DeploymentFile File, YamlNode Pod)> PodPatches =>
        from patch in Patches
        let pod = patch.Manifest.At(_podPath)
        where pod is not null
        select (patch.File, pod);

    /// <summary>The ConfigMaps of all manifests by their name.</summary>
    public ILookup<string, (DeploymentFile File, YamlNode Data)>? ConfigMaps { get; set; }

    /// <summary>Whether a patch sets a value of the manifest: then this file doesn't have the last word.</summary>
    public bool IsPatched(params string[] path) => Patches.Any(patch => patch.Manifest.At(path) is not null);

    /// <summary>Whether a patch sets a key of the pod or of one of its containers.</summary>
    public bool IsPatchedInPod(string key) => PodPatches.Any(patch => SetsInPod(patch.Pod, key));

    /// <summary>Whether a pod or one of its containers has a key.</summary>
    public static bool SetsInPod(YamlNode pod, string key) => pod[key] is not null || pod["containers"]?.Items.Any(container => container[key] is not null) == true;
}

/// <summary>A container of a pod.</summary>
internal sealed class PodContainer(Workload workload, YamlMapping node)
{
    private static readonly string[] ProbeKeys = ["readinessProbe", "livenessProbe", "startupProbe"];

    public Workload Workload { get; } = workload;

    public YamlMapping Node { get; } = node;

    public string? Name => Node["name"]?.Text;

    public string? Image => Node["image"]?.Text;

    public DeploymentFile File => Workload.File;

    /// <summary>Where a rule reports what is missing: the container's name, else its first key.</summary>
    public YamlNode Place => Node["name"] ?? (Node.Own.Count > 0 ? Node.Own[0].Key : Node);

    /// <summary>The words of <c>command</c>, which replaces the image's entrypoint, with those of <c>args</c>; null where the image's own are used.</summary>
    public IReadOnlyList<string>? Words => Node["command"] is { } command
        ? [.. command.Items.Concat(Node["args"]?.Items ?? []).Select(item => item.Text ?? "")]
        : null;

    /// <summary>The environment variables: those of whole ConfigMaps, and over them the container's own. What stands in a Secret, or isn't in sight, has no known value.</summary>
    public IEnumerable<EnvironmentVariable> Environment()
    {
        foreach (var source in Node["envFrom"]?.Items ?? [])
        {
            if (ConfigMap(source.At("configMapRef", "name")) is not var (file, data))
                continue;
            foreach (var entry in data.Entries)
            {
                if (entry.Value is YamlScalar value)
                    yield return new(file, source["prefix"]?.Text + entry.Key.Value, value);
            }
        }

        foreach (var item in Node["env"]?.Items ?? [])
        {
            if (item["name"]?.Text is not { } name)
                continue;
            if (item["value"] is YamlScalar value)
                yield return new(File, name, value);
            else if (item.At("valueFrom", "configMapKeyRef") is { } reference
                && ConfigMap(reference["name"]) is var (file, data)
                && data[reference["key"]?.Text ?? ""] is YamlScalar referenced)
                yield return new(file, name, referenced);
            else if (item["valueFrom"] is { } source)
                yield return EnvironmentVariable.Unknown(File, name, source);
        }
    }

    /// <summary>The only ConfigMap of a name; of several, an overlay's and the base's say, each may be meant.</summary>
    private (DeploymentFile File, YamlNode Data)? ConfigMap(YamlNode? name) =>
        name?.Text is { } text && Workload.ConfigMaps?[text].Take(2).ToList() is [var only] ? only : null;

    /// <summary>The container in a patch of its pod, by its name; null where the patch doesn't speak of it.</summary>
    public PodContainer? Patched(YamlNode pod) =>
        pod["containers"]?.Items.OfType<YamlMapping>().FirstOrDefault(item => item["name"]?.Text == Name) is { } patch ? new(Workload, patch) : null;

    public bool HasPorts => Node["ports"]?.Items.Count > 0;

    public bool HasProbes => ProbeKeys.Any(key => Node[key] is not null);

    /// <summary>The delay of its preStop hook: the <c>sleep</c> action, or an exec of <c>sleep n</c>; null where there is no hook, or one that does something else.</summary>
    public PreStopSleep? PreStop => PreStopSleep.Of(this);

    /// <summary>The number of a port that is given by number or by name; as written where the name isn't known.</summary>
    public string? PortOf(YamlNode? port) => port?.Text is not { } text ? null
        : (Node["ports"]?.Items ?? []).FirstOrDefault(item => item["name"]?.Text == text)?["containerPort"]?.Text ?? text;
}
