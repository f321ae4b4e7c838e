using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Yaml;

namespace ShutdownAnalyzers.Deployment.Compose;

/// <summary>The services of all Compose files.</summary>
internal static class ComposeFiles
{
    /// <summary>A longer chain of <c>extends</c> is nobody's.</summary>
    private const int MaxExtends = 16;

    public static IReadOnlyList<ComposeService> Services(DeploymentFiles files)
    {
        var services = new List<ComposeService>();
        foreach (var file in files.Of(DeploymentFileKind.Yaml))
        {
            foreach (var entry in ServicesOf(file).OfType<YamlMapping>().SelectMany(mapping => mapping.All()))
            {
                if (entry.Value is YamlMapping node)
                    services.Add(Service(files, file, entry.Key, node, []));
            }
        }

        return services;
    }

    /// <summary>Compose files have <c>services</c> at the top, and no <c>kind</c> as manifests have.</summary>
    private static IEnumerable<YamlNode?> ServicesOf(DeploymentFile file) =>
        file.Documents.Where(document => document["kind"] is null && document["apiVersion"] is null).Select(document => document["services"]);

    private static ComposeService Service(DeploymentFiles files, DeploymentFile file, YamlScalar key, YamlMapping node, HashSet<YamlNode> seen)
    {
        var extends = node["extends"];
        if (extends is null || seen.Count == MaxExtends || !seen.Add(node))
            return new(file, key, node, null);

        var other = extends["file"]?.Text is { } path ? files.All.FirstOrDefault(candidate => candidate.Path == DeploymentPath.Combine(file.Directory, path)) : file;
        var name = extends.Text ?? extends["service"]?.Text;
        var found = other is null || name is null ? null : ServicesOf(other).OfType<YamlMapping>().Select(mapping => mapping.Entry(name)).FirstOrDefault(entry => entry is not null);
        return new(file, key, node, found?.Value is YamlMapping extended ? Service(files, other!, found.Key, extended, seen) : null);
    }
}
