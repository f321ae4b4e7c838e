using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>
/// A program of the system's packages. The one place that decides what happens where it is missing: in CI the test fails, elsewhere it is reported as not run, with the reason.
/// It never passes. Tests that call this are <c>[SkippableFact]</c>.
/// </summary>
internal static class InstalledProgram
{
    public static string Find(string program)
    {
        if (SystemProgram.Find(program) is { } found)
            return found;

        var reason = $"'{program}' is not installed; eng/install-servers installs it.";
        if (Repository.IsContinuousIntegration)
            throw new InvalidOperationException(reason + " In CI nothing may be left out.");
        throw new SkipException(reason);
    }
}
