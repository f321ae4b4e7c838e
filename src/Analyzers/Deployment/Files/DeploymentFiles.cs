using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ShutdownAnalyzers.Deployment.Files;

/// <summary>The deployment files that the build hands to the compiler.</summary>
internal sealed class DeploymentFiles
{
    /// <summary>Item metadata: what the file is read as; <c>Auto</c> for what its name says.</summary>
    private const string KindMetadata = "build_metadata.AdditionalFiles.ShutdownDeployment";

    /// <summary>Item metadata: the workload in the file that is this project's.</summary>
    private const string WorkloadMetadata = "build_metadata.AdditionalFiles.ShutdownWorkload";

    /// <summary>More files than a repository has: somebody's glob took a whole tree.</summary>
    private const int MaxFiles = 2_000;

    public DeploymentFiles(ImmutableArray<AdditionalText> files, AnalyzerConfigOptionsProvider options)
    {
        var all = new List<DeploymentFile>();
        foreach (var file in files)
        {
            var metadata = options.GetOptions(file);
            if (all.Count < MaxFiles
                && metadata.TryGetValue(KindMetadata, out var kind)
                && KindOf(kind, file.Path) is { } parsed)
            {
                metadata.TryGetValue(WorkloadMetadata, out var workload);
                all.Add(new(file, parsed, string.IsNullOrEmpty(workload) ? null : workload));
            }
        }

        All = all;
    }

    public IReadOnlyList<DeploymentFile> All { get; }

    public IEnumerable<DeploymentFile> Of(DeploymentFileKind kind) => All.Where(file => file.Kind == kind);

    public DeploymentFile? Find(AdditionalText file) => All.FirstOrDefault(candidate => candidate.Is(file));

    private static DeploymentFileKind? KindOf(string metadata, string path)
    {
        if (!string.Equals(metadata, "Auto", StringComparison.OrdinalIgnoreCase))
            return Enum.TryParse<DeploymentFileKind>(metadata, ignoreCase: true, out var kind) ? kind : null;

        var name = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1).ToLowerInvariant();
        var extension = name.Substring(Math.Max(0, name.LastIndexOf('.')));
        return extension switch
        {
            ".sh" => DeploymentFileKind.Script,
            ".yaml" or ".yml" => DeploymentFileKind.Yaml,
            ".service" => DeploymentFileKind.Systemd,
            ".json" => DeploymentFileKind.Settings,
            _ when name.StartsWith("dockerfile", StringComparison.Ordinal) || extension == ".dockerfile" => DeploymentFileKind.Dockerfile,
            _ => null,
        };
    }
}
