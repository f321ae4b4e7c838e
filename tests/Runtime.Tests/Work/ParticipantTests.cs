using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Queues and consumers at each phase of the drain.</summary>
public sealed class ParticipantTests
{
    [Fact]
    public async Task IntakeGoesOnDuringTheDelayAndStopsAheadOfApplicationStopping()
    {
        bool stoppingSeen = false;
        DrainPhase? phase = null;
        DrainHost? started = null;
        var consumer = new FakeParticipant("orders")
        {
            StopIntake = _ =>
            {
                phase = started!.Phase;
                return Task.CompletedTask;
            },
        };
        await using DrainHost host = started = await StartAsync(consumer);
        host.Application.ApplicationStopping.Register(() =>
        {
            stoppingSeen = true;
            // Its own thread has been started by now.
            Assert.True(SpinWait.SpinUntil(() => phase is not null, Eventually.Patience));
        });

        host.Signal();
        Assert.Empty(consumer.Calls);
        host.Process.Advance(5);
        Assert.Equal(DrainPhase.Shed, host.Phase);
        host.Process.Advance(4.9);
        Assert.Empty(consumer.Calls);
        host.Process.Advance(0.1);
        Assert.True(stoppingSeen);
        await host.EndAsync();
        Assert.Equal(DrainPhase.Stop, phase);
        Assert.Equal(["stop", "idle", "idle"], consumer.Calls);
        Assert.Equal(0, host.Process.ExitCode);
        Assert.Equal("'orders' idle after 0 s", Assert.Single(host.Logs.Reports)["Participants"]);
    }

    [Fact]
    public async Task ABusyOneFinishesWhatItHoldsAndOnlyThenArePoolsClosed()
    {
        var held = new TaskCompletionSource();
        bool closed = false;
        var consumer = new FakeParticipant("orders") { WhenIdle = _ => held.Task };
        await using DrainHost host = await StartAsync(consumer);
        host.Shutdown.OnCleanup("pool", _ =>
        {
            closed = true;
            return ValueTask.CompletedTask;
        });
        host.Application.StopApplication();
        await Eventually.IsTrue(() => consumer.Calls.Contains("idle"), "the consumer is waited for");
        host.Process.Advance(4);
        await Task.Delay(50);
        Assert.False(closed);
        Assert.Equal(DrainPhase.Stop, host.Phase);
        held.SetResult();
        await host.EndAsync();
        Assert.True(closed);
        Assert.Equal(0, host.Process.ExitCode);
        IReadOnlyDictionary<string, object?> report = Assert.Single(host.Logs.Reports);
        Assert.Equal("'orders' idle after 4 s", report["Participants"]);
        Assert.Equal("participant 'orders', 4 s", report["LongestWait"]);
    }

    [Fact]
    public async Task OneThatHangsIsToldThenLeftBehindAndNamed()
    {
        CancellationToken seen = default;
        var never = new TaskCompletionSource();
        var hanging = new FakeParticipant("hanging")
        {
            WhenIdle = token =>
            {
                seen = token;
                return never.Task;
            },
        };
        var good = new FakeParticipant("good");
        await using DrainHost host = await StartAsync(hanging, good);
        host.Application.StopApplication();
        await Eventually.IsTrue(() => seen.CanBeCanceled && good.Calls.Contains("idle") && Busy(host).SequenceEqual(["hanging"]), "the other one is idle");
        host.Process.Advance(9.9);
        Assert.False(seen.IsCancellationRequested);
        host.Process.Advance(0.1);
        Assert.True(seen.IsCancellationRequested);
        Assert.Equal(DrainPhase.Stop, host.Phase);
        host.Process.Advance(0.25);
        await host.EndAsync();
        Assert.Equal(ShutdownExitCodes.WorkAborted, host.Process.ExitCode);
        Assert.Equal("'hanging' still busy after 10.25 s, 'good' idle after 0 s", Assert.Single(host.Logs.Reports)["Participants"]);
        never.SetResult();
    }

    [Fact]
    public async Task OneThatBlocksItsThreadKeepsNoOtherFromEnding()
    {
        using var release = new ManualResetEventSlim();
        var blocking = new FakeParticipant("blocking")
        {
            StopIntake = _ =>
            {
                release.Wait();
                return Task.CompletedTask;
            },
        };
        var good = new FakeParticipant("good");
        await using DrainHost host = await StartAsync(blocking, good);
        host.Application.StopApplication();
        await Eventually.IsTrue(() => blocking.Calls.Contains("stop") && Busy(host).SequenceEqual(["blocking"]), "the other one is idle");
        Assert.Equal(["stop", "idle"], good.Calls);
        host.Process.Advance(10);
        host.Process.Advance(0.25);
        await host.EndAsync();
        Assert.Equal(ShutdownExitCodes.WorkAborted, host.Process.ExitCode);
        Assert.Contains("'blocking' still busy", (string)Assert.Single(host.Logs.Reports)["Participants"]!);
        release.Set();
    }

    [Fact]
    public async Task OneThatGivesUpWhenItsTokenFiresCountsAsBusy()
    {
        var consumer = new FakeParticipant("orders") { WhenIdle = token => Task.Delay(Timeout.Infinite, token) };
        await using DrainHost host = await StartAsync(consumer);
        host.Application.StopApplication();
        await Eventually.IsTrue(() => consumer.Calls.Contains("idle"), "the consumer is asked");
        host.Process.Advance(10);
        await host.EndAsync();
        Assert.Equal(ShutdownExitCodes.WorkAborted, host.Process.ExitCode);
        Assert.Equal("'orders' still busy after 10 s", Assert.Single(host.Logs.Reports)["Participants"]);
    }

    [Fact]
    public async Task OneWhoseIntakeFailsIsStillWaitedFor()
    {
        var held = new TaskCompletionSource();
        var consumer = new FakeParticipant("orders") { StopIntake = _ => throw new InvalidOperationException("no broker"), WhenIdle = _ => held.Task };
        await using DrainHost host = await StartAsync(consumer);
        host.Application.StopApplication();
        await Eventually.IsTrue(() => consumer.Calls.Contains("idle"), "what it holds is waited for");
        host.Process.Advance(2);
        held.SetResult();
        await host.EndAsync();
        Assert.Equal(ShutdownExitCodes.WorkAborted, host.Process.ExitCode);
        Assert.Equal("'orders' failed after 2 s", Assert.Single(host.Logs.Reports)["Participants"]);
        Assert.Contains(host.Logs.Ours(LogLevel.Error), l => l.Contains("no broker"));
    }

    [Fact]
    public async Task OneThatFailsToGetIdleIsNamed()
    {
        await using DrainHost host = await StartAsync(new FakeParticipant("orders") { WhenIdle = _ => Task.FromException(new InvalidOperationException("ack refused")) }, new FakeParticipant("good"));
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.Equal(ShutdownExitCodes.WorkAborted, host.Process.ExitCode);
        Assert.Contains(host.Logs.Ours(LogLevel.Error), l => l.Contains("'orders' failed") && l.Contains("'good' idle") && l.Contains("ack refused"));
    }

    [Fact]
    public async Task OneThatCancelsItselfHasFailed()
    {
        await using DrainHost host = await StartAsync(new FakeParticipant("orders") { WhenIdle = _ => Task.FromCanceled(new CancellationToken(canceled: true)) });
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.Contains("'orders' failed", (string)Assert.Single(host.Logs.Reports)["Participants"]!);
    }

    /// <summary>A request that is still in flight may give a queue more after that has said it is idle.</summary>
    [Fact]
    public async Task WhatARequestAddsToAnIdleQueueIsWaitedForToo()
    {
        var request = new TaskCompletionSource();
        var job = new TaskCompletionSource();
        bool entered = false;
        Thread? asking = null;
        var queue = new FakeParticipant("jobs");
        await using DrainHost host = await DrainHost.StartWebAsync(
            build: b => b.Services.AddSingleton<IDrainParticipant>(queue),
            map: app => app.MapGet("/jobs", async () =>
            {
                entered = true;
                await request.Task;
                queue.WhenIdle = _ =>
                {
                    asking = Thread.CurrentThread;
                    return job.Task;
                };
                return "accepted";
            }));
        using var client = new HttpClient { BaseAddress = new Uri(host.Url) };
        Task<string> answer = client.GetStringAsync("/jobs");
        await Eventually.IsTrue(() => entered, "the request is in flight");
        host.Signal(PosixSignal.SIGINT);
        await Eventually.IsTrue(() => queue.Calls.Count == 2, "the queue is idle at first");
        host.Process.Advance(1);
        request.SetResult();
        Assert.Equal("accepted", await answer);
        await Eventually.IsTrue(() => asking is { IsAlive: false }, "the queue is asked again, and the answer has been looked at");
        host.Process.Advance(2);
        Assert.False(host.IsStopped);
        job.SetResult();
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);
        Assert.Equal("'jobs' idle after 3 s", Assert.Single(host.Logs.Reports)["Participants"]);
    }

    [Fact]
    public async Task TheHardDeadlineNamesTheBusyOne()
    {
        var consumer = new FakeParticipant("orders") { WhenIdle = _ => Task.Delay(Timeout.Infinite, CancellationToken.None) };
        await using DrainHost host = await StartAsync(consumer);
        host.Signal();
        host.Process.Advance(10);
        await Eventually.IsTrue(() => consumer.Calls.Contains("idle"), "the consumer is asked");
        host.Signal(PosixSignal.SIGINT);
        Assert.Contains("participant 'orders'", (string)Assert.Single(host.Logs.Reports)["StillRunning"]!);
    }

    [Fact]
    public async Task AHostedServiceTakesPartAsItself()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b =>
        {
            b.Services.AddHostedService<HostedConsumer>();
            b.Services.AddDrainParticipant<HostedConsumer>();
        });
        var consumer = host.Services.GetServices<IHostedService>().OfType<HostedConsumer>().Single();
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.Equal(["stop intake", "idle", "idle", "stop"], consumer.Calls);
    }

    [Fact]
    public async Task ASingletonTakesPartAsItselfAndOnceAndIsDisposedOfOnce()
    {
        DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddDrainParticipant<SingletonConsumer>().AddDrainParticipant<SingletonConsumer>());
        var consumer = host.Services.GetRequiredService<SingletonConsumer>();
        host.Application.StopApplication();
        await host.EndAsync();
        Assert.Equal(1, consumer.Stops);
        await host.DisposeAsync();
        Assert.Equal(1, consumer.Disposals);
    }

    [Fact]
    public async Task AParticipantMayUseTheDrain()
    {
        await using DrainHost host = await DrainHost.StartAsync(build: b => b.Services.AddDrainParticipant<DrainAwareConsumer>());
        Assert.NotNull(host.Services.GetRequiredService<DrainAwareConsumer>().Shutdown);
    }

    [Fact]
    public async Task OneWithoutANameIsAnErrorAtStart()
    {
        await using DrainHost host = DrainHost.Build(build: b => b.Services.AddSingleton<IDrainParticipant>(new FakeParticipant(" ")));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
        Assert.Contains(nameof(FakeParticipant), error.Message);
    }

    private static IReadOnlyList<string> Busy(DrainHost host) => host.Services.GetRequiredService<DrainCoordinator>().Participants.Busy;

    private static Task<DrainHost> StartAsync(params IDrainParticipant[] participants) => DrainHost.StartAsync(build: b =>
    {
        foreach (IDrainParticipant participant in participants) b.Services.AddSingleton(participant);
    });

    private sealed class HostedConsumer : IHostedService, IDrainParticipant
    {
        public List<string> Calls { get; } = [];

        public string Name => "hosted";

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Add("stop");

        public Task StopIntakeAsync(CancellationToken cancellationToken) => Add("stop intake");

        public Task WhenIdleAsync(CancellationToken cancellationToken) => Add("idle");

        private Task Add(string call)
        {
            lock (Calls) Calls.Add(call);
            return Task.CompletedTask;
        }
    }

    private sealed class SingletonConsumer : IDrainParticipant, IAsyncDisposable
    {
        public int Disposals { get; private set; }

        public int Stops { get; private set; }

        public string Name => "singleton";

        public Task StopIntakeAsync(CancellationToken cancellationToken)
        {
            Stops++;
            return Task.CompletedTask;
        }

        public Task WhenIdleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            Disposals++;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class DrainAwareConsumer(IGracefulShutdown shutdown) : IDrainParticipant
    {
        public IGracefulShutdown Shutdown => shutdown;

        public string Name => "aware";

        public Task StopIntakeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task WhenIdleAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
