using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks;

/// <summary>
/// The whole process against the stock host's, pair by pair: requests per second under wrk, and the time from SIGTERM, or from the last response, to the exit. The machine's other work changes from
/// minute to minute, so each pair is compared in itself, and the median of the comparisons is what counts.
/// </summary>
internal static class LoadAndExit
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>A server in a process of its own: "stock", "drain" without a delay, "delay", or "both": the first two in one process, which is then of one mind about what is hot and where it lies.</summary>
    public static async Task ServeAsync(string kind)
    {
        if (kind == "both") await Task.WhenAny(RunAsync("stock"), RunAsync("drain"));
        else await RunAsync(kind);
    }

    private static async Task RunAsync(string kind)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (kind != "stock")
            builder.AddGracefulShutdown(options => options.DrainDelay = kind == "delay" ? Delay : TimeSpan.Zero);
        var app = builder.Build();
        app.MapGet("/", () => "hello");
        app.MapGet("/slow", async () =>
        {
            Console.WriteLine("begun");
            await Task.Delay(Slow);
            return "done";
        });
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"{kind} listens on {app.Urls.First()}"));
        await app.RunAsync();
    }

    /// <summary>Throughput: the servers stand ready in one process, and are loaded by turns for a second each. In several processes, for where the compiler puts what only one of the two runs.</summary>
    public static async Task MeasureLoadAsync(int processes, int pairs)
    {
        var (perSecond, processor) = (new Pairs("requests/s"), new Pairs("processor time of a request, us"));
        for (var process = 0; process < processes; process++)
        {
            await using var server = Start("both");
            var (stockUrl, drainUrl) = (await UrlAsync(server, "stock"), await UrlAsync(server, "drain"));
            // Until the compiler has nothing left to improve.
            for (var i = 0; i < 4; i++)
            {
                await LoadAsync(server, stockUrl, 2);
                await LoadAsync(server, drainUrl, 2);
            }

            await ByTurnsAsync(pairs, () => LoadAsync(server, stockUrl, 1), () => LoadAsync(server, drainUrl, 1), (a, b) =>
            {
                perSecond.Add(a.PerSecond, b.PerSecond);
                processor.Add(a.Microseconds, b.Microseconds);
            });
            perSecond.Print();
            processor.Print();
        }
    }

    public static async Task MeasureExitAsync(int pairs)
    {
        await PrintAsync("idle: SIGTERM to exit, ms", () => IdleExitAsync("stock"), () => IdleExitAsync("drain"));
        await PrintAsync("no delay: last response to exit, ms", () => BusyExitAsync("stock"), () => BusyExitAsync("drain"));
        await PrintAsync("1 s delay: last response to exit, ms", () => BusyExitAsync("stock"), () => BusyExitAsync("delay"));

        async Task PrintAsync(string name, Func<Task<double>> stock, Func<Task<double>> drain)
        {
            var measured = new Pairs(name);
            await ByTurnsAsync(pairs, stock, drain, measured.Add);
            measured.Print();
        }
    }

    /// <summary>Measures the two by turns, each first as often as second.</summary>
    private static async Task ByTurnsAsync<T>(int pairs, Func<Task<T>> stock, Func<Task<T>> drain, Action<T, T> add)
    {
        for (var pair = 0; pair < pairs; pair++)
        {
            if (pair % 2 == 0)
            {
                var first = await stock();
                add(first, await drain());
            }
            else
            {
                var first = await drain();
                add(await stock(), first);
            }
        }
    }

    private static async Task<double> IdleExitAsync(string kind)
    {
        await using var server = Start(kind);
        await UrlAsync(server, kind);
        // What a start leaves to do in the background is no part of the exit.
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();
        server.Signal();
        await server.ExitAsync();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task<double> BusyExitAsync(string kind)
    {
        await using var server = Start(kind);
        var url = await UrlAsync(server, kind);
        using var client = new HttpClient();
        var request = client.GetStringAsync(url + "/slow");
        await server.LineAsync("begun");
        server.Signal();
        await request;
        var clock = Stopwatch.StartNew();
        await server.ExitAsync();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static ServiceProcess Start(string kind) => ServiceProcess.Start("dotnet", [typeof(LoadAndExit).Assembly.Location, "serve", kind]);

    private static async Task<string> UrlAsync(ServiceProcess server, string kind) => (await server.LineAsync(kind + " listens on ")).Split(' ')[^1];

    /// <summary>Requests per second, and what one takes of the server's processor time, which other work on the machine distorts far less.</summary>
    private static async Task<(double PerSecond, double Microseconds)> LoadAsync(ServiceProcess server, string url, int seconds)
    {
        var before = ProcessorTime(server);
        await using var wrk = ServiceProcess.Start("wrk", ["-t1", "-c32", $"-d{seconds}s", url + "/"]);
        await wrk.ExitAsync();
        var used = ProcessorTime(server) - before;
        var requests = double.Parse((await wrk.LineAsync(" requests in ")).Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        return (double.Parse((await wrk.LineAsync("Requests/sec:")).Split(':')[1], CultureInfo.InvariantCulture), used.TotalMicroseconds / requests);
    }

    private static TimeSpan ProcessorTime(ServiceProcess server)
    {
        using var process = Process.GetProcessById(server.Id);
        return process.TotalProcessorTime;
    }

    private sealed class Pairs(string name)
    {
        private readonly List<double> _stock = [];
        private readonly List<double> _drain = [];

        public void Add(double stock, double drain)
        {
            _stock.Add(stock);
            _drain.Add(drain);
        }

        public void Print()
        {
            var difference = Median.Of(_stock.Zip(_drain, (a, b) => b - a));
            var ratio = Median.Of(_stock.Zip(_drain, (a, b) => b / a));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}, {_stock.Count} pairs: stock {Median.Of(_stock).Value:0.0}, drain {Median.Of(_drain).Value:0.0} (least {_stock.Min():0.0} and {_drain.Min():0.0}); ")
                + string.Create(CultureInfo.InvariantCulture,
                $"difference {difference.Value:+0.0;-0.0;0.0}, ratio {ratio.Value:0.000} (95 % confidence: {ratio.From:0.000} to {ratio.To:0.000})"));
        }
    }
}
