using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>A process namespace as a container has one. Where the machine allows none, tests that need it fail in CI, and elsewhere are reported as not run. Tests that call this are <c>[SkippableFact]</c>.</summary>
internal static class ProcessNamespace
{
    /// <summary>The command line ahead of a program that makes it the first process of a namespace of its own.</summary>
    public static async Task<string[]> PrefixAsync()
    {
        string[] prefix = [InstalledProgram.Find("unshare"), "--pid", "--fork", "--mount-proc", "--kill-child"];
        await using var trial = ServiceProcess.Start(prefix[0], [.. prefix[1..], "true"]);
        if (await trial.ExitAsync() == 0)
            return prefix;

        var reason = $"This machine allows no process namespaces: {trial.Output}";
        if (Repository.IsContinuousIntegration)
            throw new InvalidOperationException(reason + " In CI nothing may be left out.");
        throw new SkipException(reason);
    }
}
