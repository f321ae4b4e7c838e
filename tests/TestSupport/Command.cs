namespace ShutdownAnalyzers.TestSupport;

/// <summary>A command that runs to its end.</summary>
public static class Command
{
    /// <summary>Runs it, demands exit code 0 unless <paramref name="mayFail"/>, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string file, IEnumerable<string> arguments, string? workingDirectory = null, IReadOnlyDictionary<string, string>? environment = null, bool mayFail = false)
    {
        await using var process = ServiceProcess.Start(file, arguments, environment, workingDirectory);
        var code = await process.ExitAsync(TimeSpan.FromMinutes(10));
        return code == 0 || mayFail
            ? process.Output
            : throw new InvalidOperationException($"'{file} {string.Join(' ', arguments)}' ended with {code}:\n{process.Output}");
    }
}
