using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using ShutdownAnalyzers.TestSupport;
using Xunit;

namespace ShutdownAnalyzers.Http3;

/// <summary>
/// Two shops as processes of their own, stopped and started again in turn, under clients that each keep one HTTP/3 connection and send GET and POST by turns. A client turns to the other shop where a connect fails;
/// every other request without its answer is lost.
/// </summary>
internal sealed class RollingRestarts(string form) : IAsyncDisposable
{
    private const int Crowd = 16;
    private const int Stops = 3;

    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _lost = [];
    private readonly int[] _ports = [LoopbackPort.Take(), LoopbackPort.Take()];
    private readonly ServiceProcess?[] _shops = new ServiceProcess?[2];
    private readonly List<int> _exitCodes = [];
    private int _answered;
    private int _moved;

    public override string ToString() =>
        $"{_answered} requests answered, {_lost.Count} lost, {_moved} connects refused; exit codes {string.Join(", ", _exitCodes)}{string.Concat(_lost.GroupBy(loss => loss).Select(group => $"\n    {group.Count()} x {group.Key}"))}";

    /// <summary>The shop with the drain, beside the stock host. What is lost is shown and not judged: Kestrel's last close of a connection and HttpClient's answer to it lose some with either.</summary>
    public static async Task<string> CheckAsync()
    {
        await using var drained = new RollingRestarts("minimal");
        await drained.RunAsync();
        await using var stock = new RollingRestarts("stock");
        await stock.RunAsync();
        Assert.All(drained._exitCodes, code => Assert.Equal(0, code));
        return $"\n  drained: {drained}\n  stock: {stock}";
    }

    private async Task RunAsync()
    {
        File.WriteAllBytes(_folder.File("shop.pfx"), Clients.CreateCertificate().Export(X509ContentType.Pfx));
        foreach (var shop in new[] { 0, 1 })
            await StartAsync(shop);
        Task[] clients = [.. Enumerable.Range(0, Crowd).Select(client => Task.Run(() => SendAsync(client)))];
        for (var stop = 0; stop < Stops; stop++)
        {
            await Task.Delay(Pause);
            await StopAsync(stop % 2);
            await StartAsync(stop % 2);
        }

        await _end.CancelAsync();
        await Task.WhenAll(clients);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var shop in _shops)
        {
            if (shop is not null)
                await shop.DisposeAsync();
        }

        _end.Dispose();
        _folder.Dispose();
    }

    private string Address(int shop) => $"https://127.0.0.1:{_ports[shop]}";

    private async Task StartAsync(int shop)
    {
        _shops[shop] = ServiceUnderTest.Start("Shop", form, new Dictionary<string, string>
        {
            ["SHUTDOWN_DRAIN_DELAY"] = "4",
            ["Kestrel__Endpoints__Shop__Url"] = Address(shop),
            ["Kestrel__Endpoints__Shop__Protocols"] = "Http1AndHttp2AndHttp3",
            ["Kestrel__Certificates__Default__Path"] = _folder.File("shop.pfx"),
        });
        await _shops[shop]!.LineAsync("Application started.");
    }

    private async Task StopAsync(int shop)
    {
        var process = _shops[shop]!;
        process.Signal();
        _exitCodes.Add(await process.ExitAsync());
        await process.DisposeAsync();
    }

    private async Task SendAsync(int client)
    {
        var shop = client % 2;
        var http = Clients.Http3(Address(shop));
        for (var number = 0; !_end.IsCancellationRequested; number++)
        {
            var (id, isGet) = ($"{client}-{number}", number % 2 == 0);
            for (var refusals = 0; ; refusals++)
            {
                try
                {
                    using var answer = isGet ? await http.GetAsync($"/orders/{id}") : await http.PostAsync("/orders", new StringContent(id));
                    var body = await answer.Content.ReadAsStringAsync();
                    if (answer.IsSuccessStatusCode && body == $"order {id}")
                        Interlocked.Increment(ref _answered);
                    else
                        _lost.Enqueue($"{(isGet ? "GET" : "POST")}: {(int)answer.StatusCode} '{body}'");
                }
                catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError && refusals < 2)
                {
                    // A client that could not connect asks for HTTP/3 no more.
                    Interlocked.Increment(ref _moved);
                    shop = 1 - shop;
                    http.Dispose();
                    http = Clients.Http3(Address(shop));
                    continue;
                }
                catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
                {
                    _lost.Enqueue($"{(isGet ? "GET" : "POST")}: {(e as HttpRequestException)?.HttpRequestError} {e.Message} {e.InnerException?.Message}");
                }

                break;
            }

            await Task.Delay(Think);
        }

        http.Dispose();
    }
}
