using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>One running instance of the shop (tests/Services/Shop).</summary>
internal sealed class Shop : IAsyncDisposable
{
    /// <summary>Comes before a delay's end even where the machine is busy with something else.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(4);

    private readonly HttpClient _client;

    private Shop(ServiceProcess process, Uri address, Version version)
    {
        Process = process;
        Address = address;
        // Every request on a connection of its own unless a test wants otherwise: no test here may profit from one that is still open.
        _client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false })
        {
            BaseAddress = address,
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public ServiceProcess Process { get; }

    public Uri Address { get; }

    public static Task<Shop> StartAsync(string form, TimeSpan? delay = null, IReadOnlyDictionary<string, string>? settings = null, int port = 0) =>
        StartAsync(form, HttpVersion.Version11, delay, With(settings, ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}")));

    /// <summary>Cleartext HTTP/2 and nothing else, as behind a gRPC proxy.</summary>
    public static Task<Shop> StartHttp2Async(string form, TimeSpan? delay = null, IReadOnlyDictionary<string, string>? settings = null) =>
        StartAsync(form, HttpVersion.Version20, delay, With(settings, ("Kestrel__Endpoints__Http2__Url", "http://127.0.0.1:0"), ("Kestrel__Endpoints__Http2__Protocols", "Http2")));

    public static string Seconds(TimeSpan delay) => delay.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    public Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path);

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await _client.GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>A request that takes its time; complete once it has begun inside the service. The result is the request itself.</summary>
    public async Task<Task<HttpResponseMessage>> BeginSlowAsync(string id, TimeSpan length)
    {
        var request = _client.GetAsync($"/slow/{id}/{(int)length.TotalMilliseconds}");
        await Process.LineAsync($"slow {id} begins");
        return request;
    }

    /// <summary>SIGTERM, and the drain has begun.</summary>
    public async Task StopAsync()
    {
        Process.Signal();
        await Process.LineAsync("Draining because of SIGTERM");
    }

    /// <summary>Waits until the kernel refuses connections.</summary>
    public async Task RefusedAsync()
    {
        await Until.TrueAsync(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
                return false;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return true;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // The listener was closed while this one stood in its line.
                return false;
            }
        }, "the port is refused");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Process.DisposeAsync();
    }

    private static async Task<Shop> StartAsync(string form, Version version, TimeSpan? delay, Dictionary<string, string> settings)
    {
        if (delay is { } length)
            settings["SHUTDOWN_DRAIN_DELAY"] = Seconds(length);
        var process = ServiceUnderTest.Start("Shop", form, settings);
        try
        {
            const string Listening = "Now listening on: ";
            var line = await process.LineAsync(Listening);
            // The last word of a host that has started, whichever it is.
            await process.LineAsync("Application started.");
            return new Shop(process, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()), version);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string>? settings, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var all = new Dictionary<string, string>(settings ?? new Dictionary<string, string>());
        foreach (var (name, value) in more)
            all[name] = value;
        return all;
    }
}
