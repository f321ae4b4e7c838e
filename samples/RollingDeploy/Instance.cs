using System.Diagnostics;
using System.Net;

namespace RollingDeploy;

/// <summary>One instance of the service: a process of its own on a port that stays the same over restarts.</summary>
internal sealed class Instance(string name, Service service, int port, string connectionString, string logs) : IAsyncDisposable
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_exitTimeout = TimeSpan.FromSeconds(90);
    private static readonly HttpClient s_client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    private readonly string _log = Path.Combine(logs, $"{service.Name}-{name}.log");
    private Process? _process;
    private Task _output = Task.CompletedTask;

    public string Name => name;

    public string Address => $"http://127.0.0.1:{port}";

    /// <summary>Starts the process and waits until it says that it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(DotNet.Path, [service.Assembly, "--urls", Address])
        {
            WorkingDirectory = Path.GetDirectoryName(service.Assembly),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment["ConnectionStrings__Orders"] = connectionString;

        _process = DotNet.Start(start);
        _output = LogAsync(_process);

        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (_process.HasExited)
                throw new EnvironmentException($"Instance {name} ended with exit code {_process.ExitCode} instead of getting ready:\n{await LogTailAsync()}");
            if (Stopwatch.GetElapsedTime(started) > s_startTimeout)
                throw new EnvironmentException($"Instance {name} didn't get ready in {s_startTimeout.TotalSeconds} s:\n{await LogTailAsync()}");
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Sends SIGTERM and waits for the end of the process.</summary>
    public async Task<Exit> StopAsync(CancellationToken cancellationToken)
    {
        if (_process is not { HasExited: false } process)
            throw new EnvironmentException($"Instance {name} ended by itself:\n{await LogTailAsync()}");

        var signalled = Stopwatch.GetTimestamp();
        Signals.Terminate(process);
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(s_exitTimeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new EnvironmentException($"Instance {name} still runs {s_exitTimeout.TotalSeconds} s after SIGTERM:\n{await LogTailAsync()}");
        }

        return new Exit(process.ExitCode, Stopwatch.GetElapsedTime(signalled));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;

        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _output;
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await s_client.GetAsync($"{Address}/health/ready", cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task LogAsync(Process process)
    {
        await using var log = new StreamWriter(_log, append: true) { AutoFlush = true };
        using var gate = new SemaphoreSlim(1);
        await Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));

        async Task CopyAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                await gate.WaitAsync();
                await log.WriteLineAsync(line);
                gate.Release();
            }
        }
    }

    private async Task<string> LogTailAsync()
    {
        await using var file = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return string.Join('\n', (await reader.ReadToEndAsync()).Split('\n').TakeLast(30));
    }
}

/// <summary>How a process ended after SIGTERM.</summary>
internal sealed record Exit(int Code, TimeSpan After);
