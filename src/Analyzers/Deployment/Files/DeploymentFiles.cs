using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ShutdownAnalyzers.Deployment.Files;

/// <summary>The deployment files that the build hands to the compiler.</summary>
internal sealed class DeploymentFiles
{
    /// <summary>Item metadata: what the file is read as.</summary>
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
                && Enum.TryParse<DeploymentFileKind>(kind, ignoreCase: true, out var parsed))
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
}
