using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Benchmarks;

/// <summary>One request through Kestrel, routing and an endpoint, with and without the drain, while nothing drains. The difference is what the library adds to every request.</summary>
[MemoryDiagnoser]
[InProcess]
public class RequestPath
{
    private Client _stock = null!;
    private Client _drained = null!;

    /// <summary>Whether the endpoint waits for a scoped service, as one does that asks a database.</summary>
    [Params(false, true)]
    public bool Waits { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _stock = await ServeAsync(drain: false);
        _drained = await ServeAsync(drain: true);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _stock.DisposeAsync();
        await _drained.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public void Stock() => _stock.Request();

    [Benchmark]
    public void Drained() => _drained.Request();

    private async Task<Client> ServeAsync(bool drain)
    {
        var transport = new MemoryTransport();
        Gate? answer = Waits ? new Gate() : null;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        builder.WebHost.ConfigureKestrel(options => options.Listen(transport.EndPoint));
        builder.Services.AddScoped(_ => new Database(answer!));
        if (drain) builder.AddGracefulShutdown();
        WebApplication application = builder.Build();
        if (answer is null) application.MapGet("/", () => "hello");
        else
        {
            application.MapGet("/", async (Database database) =>
            {
                await database.AskAsync();
                return "hello";
            });
        }

        await application.StartAsync();
        return new Client(application, transport, answer);
    }

    /// <summary>A client that sends its requests over many connections by turns.</summary>
    private sealed class Client(WebApplication application, MemoryTransport transport, Gate? answer) : IAsyncDisposable
    {
        // As a browser sends it: the drain reads what it accepts.
        private static readonly byte[] s_request = "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\r\n"u8.ToArray();

        // Not one: where a connection's objects lie in memory makes it faster or slower than the next.
        private readonly IDuplexPipe[] _connections = [.. Enumerable.Range(0, 32).Select(_ => transport.Connect())];
        private int _next;

        public void Request()
        {
            IDuplexPipe connection = _connections[_next++ % _connections.Length];
            if (!connection.Output.WriteAsync(s_request).IsCompletedSuccessfully) throw new InvalidOperationException("The request was not taken.");
            answer?.Open();
            // Only a connection's first request is served by another thread.
            ReadResult read = connection.Input.ReadAsync().AsTask().GetAwaiter().GetResult();
            if (!read.Buffer.FirstSpan.StartsWith("HTTP/1.1 200"u8)) throw new InvalidOperationException("The answer is not 200.");
            connection.Input.AdvanceTo(read.Buffer.End);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (IDuplexPipe connection in _connections) await connection.Output.CompleteAsync();
            await application.DisposeAsync();
        }
    }

    private sealed class Database(Gate answer)
    {
        public ValueTask AskAsync() => answer.OpensAsync();
    }

    /// <summary>Lets one request go on, on the thread that opens it, without an allocation.</summary>
    private sealed class Gate : IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<bool> _core;
        public ValueTask OpensAsync() => new(this, _core.Version);
        public void Open() => _core.SetResult(true);

        void IValueTaskSource.GetResult(short token)
        {
            _core.GetResult(token);
            _core.Reset();
        }

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);
        void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
    }
}
