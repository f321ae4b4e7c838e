using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>
/// A program of the system's packages. The one place that decides what happens where it is missing: in CI the test fails, elsewhere it is reported as not run, with the reason.
/// It never passes. Tests that call this are <c>[SkippableFact]</c>.
/// </summary>
internal static class InstalledProgram
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", .. PostgreSqlFolders()];

    public static string Find(string program)
    {
        if (Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) is { } found)
            return found;

        var reason = $"'{program}' is not installed; eng/install-servers installs it.";
        if (Repository.IsContinuousIntegration)
            throw new InvalidOperationException(reason + " In CI nothing may be left out.");
        throw new SkipException(reason);
    }

    /// <summary>Debian keeps the programs of each version in a folder that is not in the path; the newest first.</summary>
    private static IEnumerable<string> PostgreSqlFolders() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
        : [];
}
