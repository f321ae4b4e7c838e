using Microsoft.Extensions.Time.Testing;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>The machine's clock may be set while a process drains: the drain's times are not read from it.</summary>
public sealed class ClockTests
{
    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task AClockThatIsSetChangesNoPhase(int days)
    {
        var clock = new AdjustableClock();
        var process = new FakeProcess(clock);
        await using DrainHost host = DrainHost.Build(process: process);
        await host.StartAsync();
        host.Signal();
        process.Advance(4.9);
        clock.Offset = TimeSpan.FromDays(days);
        Assert.Equal(DrainPhase.Announce, host.Phase);
        process.Advance(0.1);
        Assert.Equal(DrainPhase.Shed, host.Phase);
        clock.Offset = TimeSpan.FromDays(-days);
        process.Advance(4.9);
        Assert.Equal(DrainPhase.Shed, host.Phase);
        process.Advance(0.1);
        Assert.True(host.IsStopping);
        await host.EndAsync();
        Assert.Contains(host.Logs.Lines, l => l.Text.StartsWith("Drained in 10 s,", StringComparison.Ordinal));
        Assert.Equal(0, process.ExitCode);
        Assert.Empty(process.Exits);
    }

    private sealed class AdjustableClock() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
