using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Yaml;

namespace ShutdownAnalyzers.Deployment.Settings;

/// <summary>A value of a setting, and where it is written.</summary>
/// <param name="File">The file.</param>
/// <param name="Value">The value, with its place.</param>
/// <param name="Path">The setting's path, with <c>:</c>; for a variable that isn't configuration, its name.</param>
internal sealed record WrittenSetting(DeploymentFile File, YamlScalar Value, string Path);

/// <summary>Settings as configuration sees them: JSON files and environment variables.</summary>
internal static class WrittenSettings
{
    /// <summary>The values below a section of a JSON file.</summary>
    public static IEnumerable<WrittenSetting> InJson(DeploymentFile file, string section)
    {
        foreach (var document in file.Documents)
        {
            foreach (var entry in document.Entries)
            {
                if (string.Equals(entry.Key.Value, section, StringComparison.OrdinalIgnoreCase))
                {
                    foreach (var setting in Below(file, entry.Value, ""))
                        yield return setting;
                }
                else if (entry.Key.Value.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase) && entry.Value is YamlScalar value)
                {
                    yield return new(file, value, entry.Key.Value.Substring(section.Length + 1));
                }
            }
        }
    }

    /// <summary>The values below a section among environment variables (<c>Section__Key</c>).</summary>
    public static IEnumerable<WrittenSetting> InVariables(IEnumerable<EnvironmentVariable> variables, string section)
    {
        foreach (var variable in variables)
        {
            var path = variable.Name.Replace("__", ":");
            if (path.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase))
                yield return new(variable.File, variable.Value, path.Substring(section.Length + 1));
        }
    }

    private static IEnumerable<WrittenSetting> Below(DeploymentFile file, YamlNode node, string prefix)
    {
        foreach (var entry in node.Entries)
        {
            var path = prefix + entry.Key.Value;
            if (entry.Value is YamlScalar value)
                yield return new(file, value, path);
            foreach (var setting in Below(file, entry.Value, path + ":"))
                yield return setting;
        }
    }
}
