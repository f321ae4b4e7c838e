using System.Text.RegularExpressions;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.Deployment.Yaml;

namespace ShutdownAnalyzers.Deployment.Compose;

/// <summary>A service of a Compose file, with what it extends (<c>extends:</c>) where that is in sight.</summary>
internal sealed class ComposeService(DeploymentFile file, YamlScalar key, YamlMapping node, ComposeService? extended)
{
    private static readonly Regex Variable = new(@"\$\{\w+(?::?[-?](?<default>[^}]{0,200}))?\}|\$\w+", RegexOptions.CultureInvariant);

    /// <summary>The file that it stands in.</summary>
    public DeploymentFile File { get; } = file;

    /// <summary>Its name, with the place of it.</summary>
    public YamlScalar Key { get; } = key;

    public string Name => Key.Value;

    public string? Image => Get("image")?.Value.Text is { } image ? Expand(image) : null;

    /// <summary>The path of the Dockerfile that it is built from, or null.</summary>
    public string? Dockerfile => Source("build") is not { } build ? null
        : DeploymentPath.Combine(
            DeploymentPath.Combine(build.Service.File.Directory, Expand(build.Value.Text ?? build.Value["context"]?.Text ?? ".")),
            Expand(build.Value["dockerfile"]?.Text ?? "Dockerfile"));

    /// <summary>The stage that is built, or null for the last.</summary>
    public string? Target => Get("build")?.Value["target"]?.Text;

    /// <summary>The entry of a key, of its own or of what it extends; with the file where it stands.</summary>
    public (DeploymentFile File, YamlEntry Entry)? Find(string key) =>
        node.Entry(key) is { } entry ? (File, entry) : extended?.Find(key);

    /// <summary>The words of <c>entrypoint</c> or <c>command</c>: a list, or a line that Compose splits as a shell does, without running one.</summary>
    public IReadOnlyList<string>? Words(string key) => Get(key)?.Value switch
    {
        YamlSequence list => [.. list.Nodes.Select(node => node.Text ?? "")],
        YamlScalar { Value.Length: > 0 } line => ShellCommand.Parse(line.Value).FirstOrDefault()?.Words,
        _ => null,
    };

    /// <summary>What it runs in place of its image's command: the entrypoint with the words of the command, or the command alone; null where it sets neither.</summary>
    public IReadOnlyList<string>? CommandWords =>
        Words("entrypoint") is { } entrypoint ? [.. entrypoint, .. Words("command") ?? []] : Words("command");

    /// <summary>The environment variables, those that it extends first; one that is handed through from outside has no known value.</summary>
    public IEnumerable<EnvironmentVariable> Environment()
    {
        foreach (var variable in extended?.Environment() ?? [])
            yield return variable;

        var environment = node["environment"];
        foreach (var entry in environment?.Entries ?? [])
        {
            if (entry.Value is YamlScalar value)
                yield return new(File, entry.Key.Value, value);
        }

        foreach (var item in environment?.Items ?? [])
        {
            if (item.Text is { Length: > 0 } text)
            {
                yield return text.IndexOf('=') is > 0 and var at
                    ? new(File, text.Substring(0, at), new(item.Span, text.Substring(at + 1)))
                    : EnvironmentVariable.Unknown(File, text, item);
            }
        }
    }

    /// <summary>Text with its variables' defaults; a variable without one is empty.</summary>
    public static string Expand(string text) => Variable.Replace(text, match => match.Groups["default"].Value);

    private YamlEntry? Get(string key) => Find(key)?.Entry;

    private (ComposeService Service, YamlNode Value)? Source(string key) =>
        node.Entry(key) is { } entry ? (this, entry.Value) : extended?.Source(key);
}
