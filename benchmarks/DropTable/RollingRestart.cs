using System.Diagnostics;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks.DropTable;

/// <summary>Three instances under constant load, restarted in turn: SIGTERM, the exit awaited, started again, ready again, a pause.</summary>
internal sealed class RollingRestart(Variant variant, TimeSpan delay, NodeServers node)
{
    private const int Clients = 24;

    /// <summary>Longer than a proxy leaves out what has refused, so that two are never out at a time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private readonly List<Exit> _exits = [];

    public async Task<Run> RunAsync(Func<int[], Task<Route>> open)
    {
        int[] ports = [LoopbackPort.Take(), LoopbackPort.Take(), LoopbackPort.Take()];
        var instances = new ServiceProcess?[ports.Length];
        try
        {
            for (var index = 0; index < ports.Length; index++)
                instances[index] = await StartAsync(ports[index]);
            await using var route = await open(ports);
            await using var load = route.StartLoad(Clients);
            await Task.Delay(Pause);
            for (var index = 0; index < ports.Length; index++)
            {
                await StopAsync(instances[index]!);
                instances[index] = await StartAsync(ports[index]);
                await route.BackAsync(ports[index]);
                await Task.Delay(Pause);
            }

            return new Run(await load.StopAsync(), _exits);
        }
        finally
        {
            foreach (var instance in instances)
            {
                if (instance is not null)
                    await instance.DisposeAsync();
            }
        }
    }

    private async Task StopAsync(ServiceProcess instance)
    {
        var clock = Stopwatch.StartNew();
        instance.Signal();
        var code = await instance.ExitAsync();
        _exits.Add(new Exit(clock.Elapsed, code));
        await instance.DisposeAsync();
    }

    private async Task<ServiceProcess> StartAsync(int port)
    {
        var instance = variant.Start(port, delay, node);
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            await Until.TrueAsync(async () =>
            {
                if (instance.HasExited)
                    throw new InvalidOperationException($"'{variant.Id}' has ended instead of getting ready. It printed:\n{instance.Output}");
                try
                {
                    using var answer = await client.GetAsync($"http://127.0.0.1:{port}/health/ready");
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }, $"'{variant.Id}' is ready");
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }
}

/// <summary>One rolling restart.</summary>
internal sealed record Run(LoadResult Load, IReadOnlyList<Exit> Exits);

/// <summary>How an instance ended, from the signal on.</summary>
internal sealed record Exit(TimeSpan After, int Code);
