using System.Text.RegularExpressions;

namespace RollingDeploy;

/// <summary>One warning of the compiler.</summary>
internal sealed record Warning(string File, int Line, string Id, string Message);

/// <summary>Builds a version of the service.</summary>
internal static partial class Building
{
    /// <summary>The warnings of a whole build of the service.</summary>
    public static async Task<List<Warning>> BuildAsync(Workspace workspace, Service service, CancellationToken cancellationToken)
    {
        var result = await new DotNet(workspace.Packages).RunAsync(
            ["build", service.Project, "--configuration", "Release", "--no-incremental", "-tl:off"], service.Folder, cancellationToken);

        return Parse(result.Lines, service.Folder);
    }

    /// <summary>The warnings in a build's output, each once, with paths from the folder on.</summary>
    public static List<Warning> Parse(IEnumerable<string> lines, string folder)
    {
        var warnings = from line in lines
                       select WarningLine().Match(line) into match
                       where match.Success
                       select new Warning(
                           Path.GetRelativePath(folder, match.Groups["file"].Value),
                           int.Parse(match.Groups["line"].Value),
                           match.Groups["id"].Value,
                           match.Groups["message"].Value);
        return [.. warnings.Distinct().OrderBy(warning => warning.Id).ThenBy(warning => warning.File).ThenBy(warning => warning.Line)];
    }

    public static void Show(IReadOnlyList<Warning> warnings)
    {
        foreach (var warning in warnings)
        {
            Screen.Line($"{warning.File}({warning.Line}): {warning.Id}");
            Screen.Line($"    {warning.Message}");
        }
    }

    public static bool IsOurs(Warning warning) => warning.Id.StartsWith("SHUT", StringComparison.Ordinal);

    [GeneratedRegex(@"^(?<file>.+?)\((?<line>\d+),\d+\): warning (?<id>\w+): (?<message>.*?)( \(https?://[^)]*\))?( \[[^\]]*\])?$")]
    private static partial Regex WarningLine();
}
