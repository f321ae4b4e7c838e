using System.Net;

namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>What a probe is told.</summary>
internal static class Probes
{
    /// <summary>A readiness probe must turn while the process drains.</summary>
    public static Task<Outcome> UnreadyAsync(string file, string path) => LookAsync(file, path, (_, draining) => (draining == HttpStatusCode.ServiceUnavailable, $"{(int)draining}"));

    /// <summary>A liveness probe must not.</summary>
    public static Task<Outcome> AliveAsync(string file, string path) => LookAsync(file, path, (_, draining) => (draining == HttpStatusCode.OK, $"{(int)draining}"));

    /// <summary>There must be a readiness probe, and it must turn.</summary>
    public static Task<Outcome> TurnsAsync(string file, string path) => LookAsync(file, path, (running, draining) =>
        (running == HttpStatusCode.OK && draining == HttpStatusCode.ServiceUnavailable, $"{(int)running}, {(int)draining}"));

    private static async Task<Outcome> LookAsync(string file, string path, Func<HttpStatusCode, HttpStatusCode, (bool IsGood, string Seen)> judge)
    {
        await using var service = await RunningService.StartAsync(file, new Dictionary<string, string>());
        var running = await service.StatusAsync(path);
        await service.SignalAsync();
        var (isGood, seen) = judge(running, await service.StatusAsync(path));
        return new(isGood, seen, await service.ExitAsync());
    }
}
