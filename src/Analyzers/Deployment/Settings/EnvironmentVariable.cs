using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Yaml;

namespace ShutdownAnalyzers.Deployment.Settings;

/// <summary>An environment variable that a deployment file sets.</summary>
/// <param name="File">The file that the value stands in: another than the container's where a ConfigMap or an extended service sets it.</param>
/// <param name="Name">The variable.</param>
/// <param name="Value">Its value, with its place.</param>
internal sealed record EnvironmentVariable(DeploymentFile File, string Name, YamlScalar Value)
{
    /// <summary>A variable whose value stands where it can't be read, in a Secret say: written as Kubernetes writes a reference, it is no value of any setting.</summary>
    public static EnvironmentVariable Unknown(DeploymentFile file, string name, YamlNode place) => new(file, name, new(place.Span, $"$({name})"));
}
