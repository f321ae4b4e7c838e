using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks.DropTable;

/// <summary>How requests come to the instances, and who notices that one is gone.</summary>
internal abstract class Route : IAsyncDisposable
{
    /// <summary>Out after two seconds at most, and back after one.</summary>
    public const string Check = "inter 1s fall 2 rise 1";

    /// <summary>For how long nginx leaves out an instance that has refused.</summary>
    public const string FailTimeout = "2s";

    public static readonly (string Id, string Name, Func<int[], Task<Route>> Open)[] All =
    [
        ("haproxy", "HAProxy, active checks, no retries", async ports => new ActiveRoute(await HaProxy.StartAsync(Program("haproxy"), ports, Check))),
        ("nginx", "nginx, passive, `proxy_next_upstream off`", async ports => new PassiveRoute(await Nginx.StartAsync(Program("nginx"), ports, FailTimeout, triesNext: false))),
        ("direct", "Direct, round robin over kept connections", ports => Task.FromResult<Route>(new DirectRoute(ports))),
    ];

    public abstract Load StartLoad(int clients);

    /// <summary>Waits until requests go to an instance that is ready again.</summary>
    public virtual Task BackAsync(int port) => Task.CompletedTask;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static string Program(string name) => SystemProgram.Find(name) ?? throw new InvalidOperationException($"'{name}' is not installed.");

    private sealed class ActiveRoute(HaProxy proxy) : Route
    {
        public override Load StartLoad(int clients) => Load.Through(proxy.Port, clients);

        public override Task BackAsync(int port) => proxy.StatusAsync(port, "UP");

        public override ValueTask DisposeAsync() => proxy.DisposeAsync();
    }

    private sealed class PassiveRoute(Nginx proxy) : Route
    {
        public override Load StartLoad(int clients) => Load.Through(proxy.Port, clients);

        public override ValueTask DisposeAsync() => proxy.DisposeAsync();
    }

    private sealed class DirectRoute(int[] ports) : Route
    {
        public override Load StartLoad(int clients) => Load.RoundRobin(ports, clients);
    }
}
