using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The state at each phase of the sequence, in a worker.</summary>
public sealed class PhaseTests
{
    [Fact]
    public async Task SigtermServesForTheDelayThenStopsThenCleansUp()
    {
        var cleanup = new TaskCompletionSource();
        var cleanupPhase = DrainPhase.Running;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("held", async _ =>
        {
            cleanupPhase = host.Phase;
            await cleanup.Task;
        });

        Assert.Equal(DrainPhase.Running, host.Phase);
        Assert.False(host.Shutdown.IsDraining);
        Assert.False(host.Shutdown.Draining.IsCancellationRequested);

        host.Signal();
        Assert.Equal(DrainPhase.Announce, host.Phase);
        Assert.True(host.Shutdown.IsDraining);
        Assert.True(host.Shutdown.Draining.IsCancellationRequested);
        Assert.False(host.IsStopping);
        Assert.Equal([TimeSpan.FromSeconds(27)], host.Process.Deadlines);

        host.Process.Advance(4.9);
        Assert.Equal(DrainPhase.Announce, host.Phase);
        host.Process.Advance(0.1);
        Assert.Equal(DrainPhase.Shed, host.Phase);
        Assert.False(host.IsStopping);

        host.Process.Advance(4.9);
        Assert.Equal(DrainPhase.Shed, host.Phase);
        Assert.False(host.IsStopping);
        host.Process.Advance(0.1);
        Assert.True(host.IsStopping);
        Assert.True(host.Phase >= DrainPhase.Stop);

        await Eventually.IsTrue(() => cleanupPhase == DrainPhase.CleanUp, "the handler runs in its phase");
        Assert.False(host.Shutdown.GraceOver.IsCancellationRequested);
        Assert.False(host.IsStopped);
        cleanup.SetResult();

        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
        Assert.True(host.IsStopped);
        Assert.Equal(0, host.Process.ExitCode);
        Assert.Empty(host.Process.Exits);
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGQUIT)]
    public async Task AKeyboardSignalHasNoDelay(PosixSignal signal)
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Signal(signal);
        Assert.True(host.IsStopping);
        Assert.Equal([TimeSpan.FromSeconds(17)], host.Process.Deadlines);
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
    }

    [Fact]
    public async Task DevelopmentHasNoDelay()
    {
        await using DrainHost host = await DrainHost.StartAsync(environment: "Development");
        host.Signal();
        Assert.True(host.IsStopping);
        await host.EndAsync();
    }

    [Fact]
    public async Task DevelopmentHasTheDelayThatWasSet()
    {
        await using DrainHost host = await DrainHost.StartAsync(options => options.DrainDelay = TimeSpan.FromSeconds(3), environment: "Development");
        host.Signal();
        Assert.False(host.IsStopping);
        host.Process.Advance(3);
        Assert.True(host.IsStopping);
        await host.EndAsync();
    }

    [Fact]
    public async Task StopApplicationDrainsFromStopOn()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Application.StopApplication();
        Assert.True(host.Phase >= DrainPhase.Stop);
        Assert.Equal([TimeSpan.FromSeconds(17)], host.Process.Deadlines);
        // The host's own steps may be what began the drain, on their thread.
        await Eventually.IsTrue(() => host.Shutdown.Draining.IsCancellationRequested, "the token fires");
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
    }

    /// <summary>The host stops its services on another thread, as soon as the first callback on ApplicationStopping has told it to; ours is one of the last.</summary>
    [Fact]
    public async Task StopApplicationIsTheCauseThoughTheHostsOwnStepsOvertakeIt()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddHostedService<SlowCallback>());
        host.Application.StopApplication();
        Assert.Equal([TimeSpan.FromSeconds(17)], host.Process.Deadlines);
        await host.EndAsync();
        Assert.Equal("StopApplication", Assert.Single(host.Logs.Reports)["Cause"]);
    }

    /// <summary>As one does whose console nobody reads.</summary>
    [Fact]
    public async Task ALoggerThatBlocksDoesNotKeepTheDrainFromGoingOn()
    {
        using var logger = new BlockingProvider("Draining because");
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Logging.AddProvider(logger));
        Task signal = Task.Run(() => host.Signal());
        await Eventually.IsTrue(() => logger.IsReached, "the line is logged");
        host.Process.Advance(10);
        Assert.True(host.IsStopping);
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
        logger.Release();
        await signal.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task ASignalToAHostThatSomebodyIsStoppingArmsTheDeadline()
    {
        var stuck = new TaskCompletionSource();
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.Track("stuck", _ => stuck.Task);
        Task stop = host.Host.StopAsync();
        Assert.Empty(host.Process.Deadlines);
        host.Signal();
        host.Signal();
        Assert.Equal([TimeSpan.FromSeconds(17)], host.Process.Deadlines);
        stuck.SetResult();
        await stop;
        await host.EndAsync();
    }

    [Fact]
    public async Task StoppingTheHostDrainsFromStopOnAndArmsNoDeadline()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        await host.Host.StopAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
        Assert.Empty(host.Process.Deadlines);
        await host.EndAsync();
    }

    [Fact]
    public async Task StopApplicationDuringTheDelayCutsItShort()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Signal();
        Assert.Equal(DrainPhase.Announce, host.Phase);
        host.Application.StopApplication();
        Assert.True(host.Phase >= DrainPhase.Stop);
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
    }

    [Fact]
    public async Task TheSequenceRunsOnceHoweverOftenItIsStarted()
    {
        int cleanups = 0;
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.OnCleanup("counted", _ =>
        {
            Interlocked.Increment(ref cleanups);
            return ValueTask.CompletedTask;
        });
        host.Signal();
        host.Signal();
        await host.Shutdown.StartAsync("again");
        host.Process.Advance(10);
        await Task.WhenAll(host.Host.StopAsync(), host.Host.StopAsync());
        await host.EndAsync();
        Assert.Equal(1, cleanups);
        Assert.Single(host.Process.Deadlines);
    }

    [Fact]
    public async Task StartAsyncRunsTheWholeSequenceAndReturnsAtOnce()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        await host.Shutdown.StartAsync("rollout");
        Assert.Equal(DrainPhase.Announce, host.Phase);
        Assert.False(host.IsStopping);
        host.Process.Advance(10);
        Assert.True(host.IsStopping);
        await host.EndAsync();
    }

    [Fact]
    public async Task StartAsyncObservesItsTokenAndItsReason()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Shutdown.StartAsync("late", new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => host.Shutdown.StartAsync(" "));
        Assert.Equal(DrainPhase.Running, host.Phase);
    }

    [Fact]
    public async Task ACallbackThatThrowsDoesNotKeepTheDrainFromGoingOn()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.Draining.Register(() => throw new InvalidOperationException("broken callback"));
        host.Signal(PosixSignal.SIGINT);
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
        Assert.Contains(host.Logs.Ours(LogLevel.Error), l => l.Contains("Draining") && l.Contains("broken callback"));
    }

    [Fact]
    public async Task ACallbackThatBlocksDoesNotKeepTheDrainFromGoingOn()
    {
        using var release = new ManualResetEventSlim();
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.Draining.Register(release.Wait);
        _ = Task.Run(() => host.Signal(PosixSignal.SIGINT));
        await Eventually.IsTrue(() => host.Shutdown.Draining.IsCancellationRequested, "the drain begins");
        host.Process.Advance(1.1);
        await host.EndAsync();
        release.Set();
        Assert.Equal(DrainPhase.Exit, host.Phase);
    }

    [Fact]
    public async Task ASecondSignalForcesTheExitOnceASecondHasPassed()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Signal();
        host.Process.Advance(0.5);
        host.Signal();
        Assert.Empty(host.Process.Exits);
        host.Process.Advance(1);
        host.Signal(PosixSignal.SIGINT);
        Assert.Equal([ShutdownExitCodes.ForcedBySignal], host.Process.Exits);
    }

    [Fact]
    public async Task TheHardDeadlineNamesWhatIsStillRunning()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddHostedService<StubbornService>());
        host.Signal();
        host.Process.Advance(10);
        await Eventually.IsTrue(() => host.IsStopping, "the host stops");
        // All but the deadline itself: the late cleanup runs before it.
        host.Process.Advance(11.5);
        await Eventually.IsTrue(() => host.Phase == DrainPhase.Exit, "cleanup runs although the host is held up");
        Assert.Empty(host.Process.Exits);
        host.Process.Advance(5.5);
        Assert.Equal([ShutdownExitCodes.DeadlineExceeded], host.Process.Exits);
        Assert.Contains(host.Logs.Ours(LogLevel.Critical), l => l.Contains(nameof(StubbornService)));
        StubbornService.Release.SetResult();
    }

    [Fact]
    public async Task AFailedBackgroundServiceIsNeverExitCodeZero()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddHostedService<FailingService>());
        await host.EndAsync();
        Assert.Equal(ShutdownExitCodes.BackgroundServiceFaulted, host.Process.ExitCode);
    }

    [Fact]
    public async Task OurServiceStandsFirstWhateverTheOrderOfRegistration()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddHostedService<FailingService>());
        Assert.IsType<DrainService>(host.Services.GetServices<IHostedService>().First());
    }

    /// <summary>Registers its callback when it starts, as services do: after the drain sequence and before the host waits for its end.</summary>
    private sealed class SlowCallback(IHostApplicationLifetime application, IGracefulShutdown shutdown) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            application.ApplicationStopping.Register(() => Assert.True(SpinWait.SpinUntil(() => shutdown.Phase >= DrainPhase.Stop, Eventually.Patience)));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class BlockingProvider(string text) : ILoggerProvider, ILogger
    {
        private readonly ManualResetEventSlim _release = new();
        private volatile bool _isReached;

        public bool IsReached => _isReached;

        public void Release() => _release.Set();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!formatter(state, exception).StartsWith(text, StringComparison.Ordinal)) return;
            _isReached = true;
            _release.Wait();
        }

        public void Dispose() => _release.Dispose();
    }

    private sealed class StubbornService : BackgroundService
    {
        public static TaskCompletionSource Release { get; } = new();

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Release.Task;
    }

    private sealed class FailingService : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("broken service");
        }
    }
}
