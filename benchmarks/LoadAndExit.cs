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

    /// <summary>The server under load, in a process of its own: "stock", "drain" without a delay, or "delay".</summary>
    public static async Task ServeAsync(string kind)
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
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("listening " + app.Urls.First()));
        await app.RunAsync();
    }

    /// <summary>Throughput: both servers stand ready, and are loaded by turns for a second each. Several times, since no two processes of the same program are equally fast.</summary>
    public static async Task MeasureLoadAsync(int processes, int pairs)
    {
        var (perSecond, processor) = (new Pairs("requests/s"), new Pairs("processor time of a request, us"));
        for (var process = 0; process < processes; process++)
        {
            await using var stock = Start("stock");
            await using var drain = Start("drain");
            var (stockUrl, drainUrl) = (await UrlAsync(stock), await UrlAsync(drain));
            // Until the compiler has nothing left to improve.
            await LoadAsync(stock, stockUrl, 8);
            await LoadAsync(drain, drainUrl, 8);
            await ByTurnsAsync(pairs, () => LoadAsync(stock, stockUrl, 1), () => LoadAsync(drain, drainUrl, 1), (a, b) =>
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
        await UrlAsync(server);
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
        var url = await UrlAsync(server);
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

    private static async Task<string> UrlAsync(ServiceProcess server) => (await server.LineAsync("listening ")).Split(' ')[1];

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
            var differences = _stock.Zip(_drain, (a, b) => b - a).ToList();
            var ratios = _stock.Zip(_drain, (a, b) => b / a).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}, {ratios.Count} pairs: stock {Quantile(_stock, 0.5):0.0}, drain {Quantile(_drain, 0.5):0.0} (least {_stock.Min():0.0} and {_drain.Min():0.0}); ")
                + string.Create(CultureInfo.InvariantCulture,
                $"difference {Quantile(differences, 0.5):+0.0;-0.0;0.0}, ratio {Quantile(ratios, 0.5):0.000} (middle half {Quantile(ratios, 0.25):0.000} to {Quantile(ratios, 0.75):0.000})"));
        }

        private static double Quantile(List<double> values, double part) => values.Order().ElementAt((int)(part * (values.Count - 1)));
    }
}
