using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks;

/// <summary>
/// The whole process against the stock host's, in turns: requests per second under wrk, and the time from SIGTERM, or from the last
/// response, to the exit. The drain's delay is off, so that what is left is what the library itself costs.
/// </summary>
internal static class LoadAndExit
{
    private const int Rounds = 7;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(500);

    /// <summary>The server under load, in a process of its own.</summary>
    public static async Task ServeAsync(bool drains)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (drains)
            builder.AddGracefulShutdown(options => options.DrainDelay = TimeSpan.Zero);
        var app = builder.Build();
        app.MapGet("/", () => "hello");
        app.MapGet("/slow", async () =>
        {
            await Task.Delay(Slow);
            return "done";
        });
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("listening " + app.Urls.First()));
        await app.RunAsync();
    }

    public static async Task MeasureAsync()
    {
        var (stock, drained) = (new Figures(), new Figures());
        for (var round = 0; round < Rounds; round++)
        {
            // In turns, and each first as often as second.
            foreach (var figures in round % 2 == 0 ? new[] { stock, drained } : [drained, stock])
                await RoundAsync(figures, figures == drained);
            Console.WriteLine($"round {round + 1}: {stock.Requests[^1]:0} and {drained.Requests[^1]:0} requests/s");
        }

        Console.WriteLine($"{"",-28}{"stock",12}{"drain",12}{"",12}");
        Print("requests/s", stock.Requests, drained.Requests, ratio: true);
        Print("idle: SIGTERM to exit, ms", stock.IdleExit, drained.IdleExit, ratio: false);
        Print("last response to exit, ms", stock.BusyExit, drained.BusyExit, ratio: false);
    }

    private static async Task RoundAsync(Figures figures, bool drains)
    {
        await using (var server = Start(drains))
        {
            var url = await UrlAsync(server);
            await LoadAsync(url, 1);
            figures.Requests.Add(await LoadAsync(url, 5));
            figures.IdleExit.Add(await ExitAsync(server));
        }

        await using (var server = Start(drains))
        {
            var url = await UrlAsync(server);
            using var client = new HttpClient();
            var request = client.GetStringAsync(url + "/slow");
            await Task.Delay(Slow / 2);
            server.Signal();
            await request;
            var clock = Stopwatch.StartNew();
            await server.ExitAsync();
            figures.BusyExit.Add(clock.Elapsed.TotalMilliseconds);
        }
    }

    private static ServiceProcess Start(bool drains) => ServiceProcess.Start("dotnet", [typeof(LoadAndExit).Assembly.Location, "serve", drains ? "drain" : "stock"]);

    private static async Task<string> UrlAsync(ServiceProcess server) => (await server.LineAsync("listening ")).Split(' ')[1];

    private static async Task<double> ExitAsync(ServiceProcess server)
    {
        var clock = Stopwatch.StartNew();
        server.Signal();
        await server.ExitAsync();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task<double> LoadAsync(string url, int seconds)
    {
        await using var wrk = ServiceProcess.Start("wrk", ["-t1", "-c32", $"-d{seconds}s", url + "/"]);
        await wrk.ExitAsync();
        var line = await wrk.LineAsync("Requests/sec:");
        return double.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }

    private static void Print(string name, List<double> stock, List<double> drained, bool ratio)
    {
        var (a, b) = (Median(stock), Median(drained));
        var difference = ratio ? $"{b / a:0.000} x" : $"{b - a:+0;-0} ms";
        Console.WriteLine($"{name,-28}{a,12:0}{b,12:0}{difference,12}   (least and most: {stock.Min():0}-{stock.Max():0}, {drained.Min():0}-{drained.Max():0})");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class Figures
    {
        public List<double> Requests { get; } = [];

        public List<double> IdleExit { get; } = [];

        public List<double> BusyExit { get; } = [];
    }
}
