using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Everything that can begin a stop, at the same moment and in places where nobody expects it.</summary>
public sealed class ManyAtOnceTests
{
    /// <summary>Each round begins in all ways together, on threads that a barrier lets go at once, with the clock running away beside them.</summary>
    [Fact]
    public async Task HoweverItBeginsItRunsOnceToItsEnd()
    {
        for (int round = 0; round < 60; round++)
        {
            int cleanups = 0;
            await using DrainHost host = await DrainHost.StartAsync();
            host.Shutdown.OnCleanup("counted", _ =>
            {
                Interlocked.Increment(ref cleanups);
                return ValueTask.CompletedTask;
            });
            host.Shutdown.Track("work", _ => Task.CompletedTask);
            Func<Task>[] begins =
            [
                () => Run(() => host.Signal()),
                () => Run(() => host.Signal(PosixSignal.SIGINT)),
                () => host.Shutdown.StartAsync("asked"),
                () => Run(host.Application.StopApplication),
                () => host.Host.StopAsync(),
                () => Run(() => host.Process.Advance(0.5)),
            ];
            using var start = new Barrier(begins.Length);
            Task[] all = [.. begins.Select(begin => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return begin();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap())];
            await Task.WhenAll(all).WaitAsync(Eventually.Patience);
            await host.EndAsync();
            Assert.Equal(DrainPhase.Exit, host.Phase);
            Assert.Equal(1, cleanups);
            Assert.Single(host.Logs.Reports);
            Assert.True(host.Process.Deadlines.Count <= 1);
            Assert.Empty(host.Process.Exits);
            Assert.Equal(0, host.Process.ExitCode);
        }

        static Task Run(Action action)
        {
            action();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task ASignalWhileServicesStartEndsTheStartAndHasNoDelay()
    {
        var service = new SlowToStart();
        await using DrainHost host = DrainHost.Build(build: b => b.Services.AddSingleton<IHostedService>(service));
        Task start = host.StartAsync();
        await Eventually.IsTrue(() => service.IsStarting, "the service starts");
        host.Signal();
        Assert.True(host.IsStopping);
        Assert.Equal([TimeSpan.FromSeconds(17)], host.Process.Deadlines);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
    }

    [Fact]
    public async Task AStartThatHangsIsEndedByTheDeadlineOfItsSignal()
    {
        var service = new SlowToStart { IsDeaf = true };
        await using DrainHost host = DrainHost.Build(build: b => b.Services.AddSingleton<IHostedService>(service));
        Task start = host.StartAsync();
        await Eventually.IsTrue(() => service.IsStarting, "the service starts");
        host.Signal();
        host.Process.Advance(17);
        Assert.Equal([ShutdownExitCodes.DeadlineExceeded], host.Process.Exits);
        service.Release.SetResult();
        await start;
    }

    [Fact]
    public async Task AHostThatFailsToStartLeavesNothingArmed()
    {
        DrainHost host = DrainHost.Build(build: b => b.Services.AddSingleton<IHostedService>(new SlowToStart { Error = new InvalidOperationException("no database") }));
        await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
        host.Host.Dispose();
        host.Process.Advance(100);
        Assert.Empty(host.Process.Deadlines);
        Assert.Empty(host.Process.Exits);
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Fact]
    public void AHostThatWasNeverStartedIsDisposedOf()
    {
        DrainHost host = DrainHost.Build();
        _ = host.Shutdown.Draining;
        host.Host.Dispose();
        Assert.Empty(host.Process.Deadlines);
    }

    [Fact]
    public async Task TwoHostsInOneProcessDrainEachByItself()
    {
        await using DrainHost one = await DrainHost.StartAsync();
        await using DrainHost two = await DrainHost.StartAsync();
        one.Signal();
        Assert.Equal(DrainPhase.Announce, one.Phase);
        Assert.Equal(DrainPhase.Running, two.Phase);
        one.Process.Advance(10);
        await one.EndAsync();
        Assert.Equal(DrainPhase.Running, two.Phase);
        Assert.False(two.IsStopping);
        await two.Host.StopAsync();
        Assert.Equal(DrainPhase.Exit, two.Phase);
    }

    [Fact]
    public async Task AnIdleHostHasNoTimer()
    {
        var clock = new CountingClock();
        await using DrainHost host = DrainHost.Build(process: new FakeProcess(clock));
        await host.StartAsync();
        host.Shutdown.Track("work", _ => Task.CompletedTask);
        host.Shutdown.OnCleanup("pool", _ => default);
        host.Process.Advance(3600);
        Assert.Equal(0, clock.Timers);
    }

    [Fact]
    public async Task TheDrainMayBeStartedFromItsOwnToken()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        host.Shutdown.Draining.Register(() => host.Shutdown.StartAsync("again").GetAwaiter().GetResult());
        host.Shutdown.Draining.Register(host.Application.StopApplication);
        host.Signal();
        Assert.True(host.IsStopping);
        await host.EndAsync();
        Assert.Equal(DrainPhase.Exit, host.Phase);
    }

    private sealed class SlowToStart : IHostedService
    {
        private volatile bool _isStarting;

        public bool IsStarting => _isStarting;

        public bool IsDeaf { get; init; }

        public Exception? Error { get; init; }

        public TaskCompletionSource Release { get; } = new();

        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (Error is not null) throw Error;
            _isStarting = true;
            return Release.Task.WaitAsync(IsDeaf ? CancellationToken.None : cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class CountingClock : Microsoft.Extensions.Time.Testing.FakeTimeProvider
    {
        public int Timers { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
