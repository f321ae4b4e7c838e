using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>A host with the drain sequence, in a process that only pretends to end, on a clock that only the test moves.</summary>
internal sealed class DrainHost : IAsyncDisposable
{
    private readonly IHost _host;

    private DrainHost(IHost host, FakeProcess process, LogCollector logs)
    {
        _host = host;
        Process = process;
        Logs = logs;
    }

    public FakeProcess Process { get; }

    public LogCollector Logs { get; }

    public IServiceProvider Services => _host.Services;

    public IHost Host => _host;

    public IGracefulShutdown Shutdown => Services.GetRequiredService<IGracefulShutdown>();

    public IHostApplicationLifetime Application => Services.GetRequiredService<IHostApplicationLifetime>();

    public DrainLifetime Lifetime => (DrainLifetime)Services.GetRequiredService<IHostLifetime>();

    public DrainPhase Phase => Shutdown.Phase;

    /// <summary>The names of the requests in flight.</summary>
    public IReadOnlyList<string> InFlight => Services.GetRequiredService<IRequestDrain>().InFlight();

    public bool IsStopping => Application.ApplicationStopping.IsCancellationRequested;

    public bool IsStopped => Application.ApplicationStopped.IsCancellationRequested;

    /// <summary>Completes when the host has stopped, as <c>Run</c> would return.</summary>
    public Task Stopped { get; private set; } = Task.CompletedTask;

    public string Url => ((WebApplication)_host).Urls.Single();

    /// <summary>A worker that is built but not started.</summary>
    public static DrainHost Build(Action<GracefulShutdownOptions>? configure = null, Action<HostApplicationBuilder>? build = null, string environment = "Production", Dictionary<string, string?>? settings = null, FakeProcess? process = null, Action<IServiceCollection>? lifetime = null)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        var logs = new LogCollector();
        process ??= new FakeProcess();
        builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        builder.Configuration.AddInMemoryCollection(settings);
        (lifetime ?? (s => s.AddSingleton<IHostLifetime, ManualLifetime>()))(builder.Services);
        builder.AddGracefulShutdown(options =>
        {
            options.Process = process.Hooks;
            configure?.Invoke(options);
        });
        build?.Invoke(builder);
        return new DrainHost(builder.Build(), process, logs);
    }

    public static async Task<DrainHost> StartAsync(Action<GracefulShutdownOptions>? configure = null, Action<HostApplicationBuilder>? build = null, string environment = "Production", Dictionary<string, string?>? settings = null)
    {
        DrainHost host = Build(configure, build, environment, settings);
        await host.StartAsync();
        return host;
    }

    /// <summary>A web application on Kestrel and a free loopback port.</summary>
    public static async Task<DrainHost> StartWebAsync(Action<GracefulShutdownOptions>? configure = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        var logs = new LogCollector();
        var process = new FakeProcess();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IHostLifetime, ManualLifetime>();
        builder.AddGracefulShutdown(options =>
        {
            options.Process = process.Hooks;
            configure?.Invoke(options);
        });
        build?.Invoke(builder);
        WebApplication app = builder.Build();
        map?.Invoke(app);
        var host = new DrainHost(app, process, logs);
        await host.StartAsync();
        return host;
    }

    public async Task StartAsync()
    {
        await _host.StartAsync();
        Stopped = _host.WaitForShutdownAsync();
    }

    /// <summary>A signal arrives, and the wrapped lifetime does what it does with it.</summary>
    public void Signal(PosixSignal signal = PosixSignal.SIGTERM)
    {
        if (!Lifetime.Signals.Arrived(new PosixSignalContext(signal))) ((ManualLifetime)Lifetime.Inner).RequestStop();
    }

    /// <summary>Waits for the end without moving the clock.</summary>
    public Task EndAsync() => Stopped.WaitAsync(Eventually.Patience);

    public async ValueTask DisposeAsync()
    {
        // A test that failed half way must not wait for phases that nobody advances.
        Application.StopApplication();
        while (!Stopped.IsCompleted)
        {
            Process.Advance(1);
            await Task.WhenAny(Stopped, Task.Delay(5));
        }

        if (_host is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else _host.Dispose();
    }
}
