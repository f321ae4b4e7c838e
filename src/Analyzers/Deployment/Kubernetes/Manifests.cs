using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Yaml;

namespace ShutdownAnalyzers.Deployment.Kubernetes;

/// <summary>The workloads of all manifests.</summary>
internal static class Manifests
{
    private static readonly Dictionary<string, string[]> PodPaths = new()
    {
        ["Pod"] = ["spec"],
        ["Deployment"] = ["spec", "template", "spec"],
        ["StatefulSet"] = ["spec", "template", "spec"],
        ["DaemonSet"] = ["spec", "template", "spec"],
        ["ReplicaSet"] = ["spec", "template", "spec"],
        ["ReplicationController"] = ["spec", "template", "spec"],
        ["DeploymentConfig"] = ["spec", "template", "spec"],
        ["Job"] = ["spec", "template", "spec"],
        ["CronJob"] = ["spec", "jobTemplate", "spec", "template", "spec"],

        // Argo Rollouts and Knative.
        ["Rollout"] = ["spec", "template", "spec"],
        ["Service"] = ["spec", "template", "spec"],
        ["Configuration"] = ["spec", "template", "spec"],
        ["Revision"] = ["spec"],
    };

    public static IReadOnlyList<Workload> Workloads(DeploymentFiles files)
    {
        var workloads = new List<Workload>();
        var patches = new List<(DeploymentFile File, YamlNode Manifest)>();
        var configMaps = new List<(DeploymentFile File, YamlNode Manifest)>();
        foreach (var file in files.Of(DeploymentFileKind.Yaml))
        {
            // An item may be an alias: each node is one workload, however often it stands there.
            var seen = new HashSet<YamlNode>();
            foreach (var document in file.Documents)
                Collect(file, document, seen, workloads, patches, configMaps);
        }

        var patchesOf = patches.ToLookup(patch => (patch.Manifest["kind"]!.Text, patch.Manifest.At("metadata", "name")?.Text));
        var configMapsOf = configMaps.ToLookup(map => map.Manifest.At("metadata", "name")?.Text ?? "", map => (map.File, map.Manifest["data"]!));
        foreach (var workload in workloads)
        {
            workload.Patches = [.. patchesOf[(workload.Kind, workload.Name)]];
            workload.ConfigMaps = configMapsOf;
        }

        return workloads;
    }

    private static void Collect(
        DeploymentFile file, YamlNode manifest, HashSet<YamlNode> seen, List<Workload> workloads, List<(DeploymentFile, YamlNode)> patches, List<(DeploymentFile, YamlNode)> configMaps)
    {
        if (!seen.Add(manifest) || manifest["kind"]?.Text is not { } kind || manifest["apiVersion"] is null)
            return;
        if (kind.EndsWith("List", StringComparison.Ordinal))
        {
            foreach (var item in manifest["items"]?.Items ?? [])
                Collect(file, item, seen, workloads, patches, configMaps);
        }
        else if (kind == "ConfigMap" && manifest["data"] is not null)
        {
            configMaps.Add((file, manifest));
        }
        else if (PodPaths.TryGetValue(kind, out var path))
        {
            var pod = manifest.At(path) as YamlMapping;
            if (pod?["containers"]?.Items.Any(container => container["image"] is not null) == true)
                workloads.Add(new(file, kind, manifest, path, pod));
            else
                patches.Add((file, manifest));
        }
    }
}
