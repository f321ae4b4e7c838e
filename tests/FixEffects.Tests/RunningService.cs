using System.Diagnostics;
using System.Net;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>One of the two programs of an effect, running.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly Stopwatch _sinceSignal = new();

    private RunningService(ServiceProcess process, Uri address, TemporaryFolder folder)
    {
        (Process, Address, Folder) = (process, address, folder);
        Client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
    }

    public ServiceProcess Process { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>A folder that the program may write to; its path is the setting <c>Folder</c>.</summary>
    public TemporaryFolder Folder { get; }

    public TimeSpan SinceSignal => _sinceSignal.Elapsed;

    /// <summary>Starts it with a drain delay of 2 s and a request timeout of 6 s: long enough to be told apart on a busy machine.</summary>
    public static async Task<RunningService> StartAsync(string file, IReadOnlyDictionary<string, string> settings)
    {
        var folder = new TemporaryFolder();
        var all = new Dictionary<string, string>(settings)
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
            ["Logging__LogLevel__ShutdownAnalyzers"] = "Debug",
            ["SHUTDOWN_DRAIN_DELAY"] = "2",
            ["GracefulShutdown__RequestTimeout"] = "6",
            ["Folder"] = folder.Path,
        };
        var process = ServiceProcess.Start("dotnet", ["exec", file], all);
        try
        {
            const string Listening = "Now listening on: ";
            var line = await process.LineAsync(Listening);
            await process.LineAsync("Application started.");
            return new RunningService(process, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()), folder);
        }
        catch
        {
            await process.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>SIGTERM; what the test sees next it sees while the process drains.</summary>
    public async Task SignalAsync()
    {
        _sinceSignal.Start();
        Process.Signal();
        await Process.LineAsync("Draining because of SIGTERM");
    }

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await Client.GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>Waits for the end; how long it took since the signal.</summary>
    public async Task<TimeSpan> ExitAsync()
    {
        await Process.ExitAsync();
        return _sinceSignal.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
        Folder.Dispose();
    }
}
