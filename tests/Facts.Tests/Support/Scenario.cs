using ShutdownAnalyzers.TestSupport;

[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Starts a scenario of tests/Services/Facts and talks to it.</summary>
internal static class Scenario
{
    public const string Started = "Application started";

    public const int SigHup = 1, SigInt = 2, SigQuit = 3, SigTerm = 15;

    /// <summary>Exit codes as a shell shows them: 128 and the signal's number.</summary>
    public const int KilledBySigHup = 129, KilledBySigInt = 130, Aborted = 134, KilledBySigTerm = 143;

    public static ServiceProcess Start(params string[] arguments) => ServiceUnderTest.Start("Facts", arguments);

    /// <summary>Starts it and waits until it prints <paramref name="line"/>.</summary>
    public static async Task<ServiceProcess> ReadyAsync(string line, params string[] arguments)
    {
        var process = Start(arguments);
        await process.LineAsync(line);
        return process;
    }

    /// <summary>Runs a scenario that ends by itself and returns what it printed; it ends with <paramref name="code"/>.</summary>
    public static async Task<string> RunAsync(int code, params string[] arguments)
    {
        await using var process = Start(arguments);
        Assert.Equal(code, await process.ExitAsync());
        return process.Output;
    }

    /// <summary>Signals it once it prints <paramref name="line"/>, and returns what it printed; it ends with <paramref name="code"/>.</summary>
    public static async Task<string> SignalAsync(string line, int signal, int code, params string[] arguments)
    {
        await using var process = await ReadyAsync(line, arguments);
        process.Signal(signal);
        Assert.Equal(code, await process.ExitAsync());
        return process.Output;
    }

    public static async Task<Uri> AddressAsync(this ServiceProcess process)
    {
        const string Listening = "Now listening on: ";
        var line = await process.LineAsync(Listening);
        await process.LineAsync(Started);
        return new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim());
    }

    /// <summary>A request on a connection of its own, so that the client repeats nothing.</summary>
    public static async Task<string> GetAsync(Uri address, string path)
    {
        using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        return await client.GetStringAsync(path);
    }

    /// <summary>A request that is in flight when this returns.</summary>
    public static async Task<Task<string>> InFlightAsync(ServiceProcess process, Uri address, int milliseconds)
    {
        var request = GetAsync(address, $"/slow/{milliseconds}");
        await process.LineAsync("slow begins");
        return request;
    }

    public static Task FailsAsync(Task<string> request) => Assert.ThrowsAnyAsync<HttpRequestException>(() => request);

    /// <summary>The lines in the order in which they must have been printed, others between them.</summary>
    public static void InOrder(string output, params string[] lines)
    {
        var at = 0;
        foreach (var line in lines)
        {
            var found = output.IndexOf(line, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{line}' is missing or too early in:\n{output}");
            at = found + line.Length;
        }
    }

    public static void Complains(string output) => Assert.Matches("(warn|fail|crit): ", output);

    public static void LogsNoComplaint(string output) => Assert.DoesNotMatch("(warn|fail|crit): ", output);

    public static int Count(string output, string line) => output.Split('\n').Count(printed => printed.Contains(line, StringComparison.Ordinal));
}
