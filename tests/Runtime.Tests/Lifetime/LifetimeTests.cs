using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The wrapped host lifetime, in every way in which it can be registered, and the lifetimes that come after it.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public async Task ALifetimeRegisteredByFactoryIsBuiltByItWithTheWrappedStop()
    {
        await using DrainHost host = BuildWith(s => s.AddSingleton<IHostLifetime>(p => new ManualLifetime(p.GetRequiredService<IHostApplicationLifetime>())));
        await host.StartAsync();
        host.Signal();
        Assert.Equal(DrainPhase.Announce, host.Phase);
        Assert.False(host.IsStopping);
        host.Process.Advance(10);
        await host.EndAsync();
    }

    [Fact]
    public async Task ALifetimeRegisteredAsAnInstanceStillRunsAndIsSaidToHaveNoDelay()
    {
        var instance = new InstanceLifetime();
        await using DrainHost host = BuildWith(s => s.AddSingleton<IHostLifetime>(instance));
        await host.StartAsync();
        Assert.True(instance.Started);
        Assert.Contains(host.Logs.Ours(LogLevel.Warning), l => l.Contains(nameof(InstanceLifetime)));
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
    }

    [Fact]
    public async Task TheLifetimeIsStoppedAndDisposedOfWithTheHost()
    {
        DrainHost host = await DrainHost.StartAsync();
        var inner = (ManualLifetime)host.Lifetime.Inner;
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.True(inner.IsStopped);
        Assert.False(inner.IsDisposed);
        await host.DisposeAsync();
        Assert.True(inner.IsDisposed);
    }

    [Fact]
    public async Task ALifetimeRegisteredAfterOursIsSaidAtStartAndDoesNotBreakTheHost()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddSingleton<IHostLifetime, LateLifetime>());
        string line = Assert.Single(host.Logs.Ours(LogLevel.Error));
        Assert.Contains(nameof(LateLifetime), line);
        Assert.Contains("AddGracefulShutdown", line);
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
        Assert.Empty(host.Process.Deadlines);
    }

    [Fact]
    public async Task UnderATestHostItIsQuietAndWorks()
    {
        var logs = new LogCollector();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.AddGracefulShutdown();
        builder.WebHost.UseTestServer();
        await using WebApplication app = builder.Build();
        app.MapReadiness();
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();
        Assert.Equal(System.Net.HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        Assert.Empty(logs.Ours(LogLevel.Error));
        Assert.Empty(logs.Ours(LogLevel.Warning));
        int exitCode = Environment.ExitCode;
        await app.StopAsync();
        Assert.Equal(DrainPhase.Exit, app.Services.GetRequiredService<IGracefulShutdown>().Phase);
        Assert.Equal(exitCode, Environment.ExitCode);
    }

    [Fact]
    public async Task TheHostsFormInAWebApplicationSaysWhatIsMissing()
    {
        var logs = new LogCollector();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Host.UseGracefulShutdown();
        await using WebApplication app = builder.Build();
        await app.StartAsync();
        string line = Assert.Single(logs.Ours(LogLevel.Warning));
        Assert.Contains("IHostBuilder.UseGracefulShutdown", line);
        Assert.Contains("WebApplicationBuilder", line);
        await app.StopAsync();
    }

    [Fact]
    public async Task AStopBeforeTheHostHasStartedHasNoDelay()
    {
        await using DrainHost host = DrainHost.Build(build: b => b.Services.AddHostedService<StopsAtStart>());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(host.StartAsync);
        Assert.True(host.IsStopping);
    }

    /// <summary>The builders' forms bind to the web form on web builders, and to the host's on the others.</summary>
    [Fact]
    public void TheFormsOfTheRegistrationBindByTheirBuilder()
    {
        WebApplicationBuilder web = WebApplication.CreateSlimBuilder();
        web.AddGracefulShutdown().WebHost.UseSetting("x", "y");
        Assert.True(Registered(web.Services).IsWeb);

        HostApplicationBuilder worker = Host.CreateApplicationBuilder();
        worker.AddGracefulShutdown();
        Assert.False(Registered(worker.Services).IsWeb);

        using IHost generic = Host.CreateDefaultBuilder().UseGracefulShutdown().Build();
        Assert.False(generic.Services.GetRequiredService<DrainRegistration>().IsWeb);

        using IHost startup = Host.CreateDefaultBuilder().ConfigureWebHostDefaults(w => w.UseGracefulShutdown().Configure(_ => { })).Build();
        Assert.True(startup.Services.GetRequiredService<DrainRegistration>().IsWeb);
        Assert.IsType<DrainLifetime>(startup.Services.GetRequiredService<IHostLifetime>());

        static DrainRegistration Registered(IServiceCollection services) => (DrainRegistration)services.Single(d => d.ServiceType == typeof(DrainRegistration)).ImplementationInstance!;
    }

    /// <summary>A host whose lifetime is the one that the delegate registers.</summary>
    private static DrainHost BuildWith(Action<IServiceCollection> lifetime) => DrainHost.Build(lifetime: lifetime);

    private sealed class InstanceLifetime : IHostLifetime
    {
        public bool Started { get; private set; }

        public Task WaitForStartAsync(CancellationToken cancellationToken)
        {
            Started = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class LateLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class StopsAtStart(IHostLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            ((ManualLifetime)((DrainLifetime)lifetime).Inner).RequestStop();
            cancellationToken.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
