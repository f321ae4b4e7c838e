using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>Processes without a port: what they have begun they end, and only then close what they needed for it.</summary>
public sealed class JobsTests
{
    [Fact]
    public async Task WorkerGoesOnDuringTheDelayAndEndsItsItem()
    {
        await using var worker = ServiceUnderTest.Start("ShopJobs", "worker", new Dictionary<string, string> { ["SHUTDOWN_DRAIN_DELAY"] = "2" });
        await worker.LineAsync("item 1 begins");

        worker.Signal();

        Assert.Equal(0, await worker.ExitAsync());
        EndedInOrder(worker.Output);
        // The token has told of the drain at its start: items have begun after it.
        Assert.Contains(worker.Output[worker.Output.IndexOf("draining", StringComparison.Ordinal)..].Split('\n'), line => line.EndsWith(" begins", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WorkerEndsItsItemWithoutADelay()
    {
        await using var worker = ServiceUnderTest.Start("ShopJobs", "worker", new Dictionary<string, string> { ["SHUTDOWN_DRAIN_DELAY"] = "0" });
        await worker.LineAsync("item 1 begins");

        worker.Signal();

        Assert.Equal(0, await worker.ExitAsync());
        EndedInOrder(worker.Output);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ProgramWithoutAHostEndsItsItem(int signal)
    {
        await using var program = ServiceUnderTest.Start("ShopJobs", "program");
        await program.LineAsync("item 1 begins");

        program.Signal(signal);

        Assert.Equal(0, await program.ExitAsync());
        EndedInOrder(program.Output);
    }

    private static void EndedInOrder(string output)
    {
        var lines = output.Split('\n');
        var begun = lines.Count(line => line.StartsWith("item ", StringComparison.Ordinal) && line.EndsWith(" begins", StringComparison.Ordinal));
        Assert.Contains($"item {begun} ends", lines);
        Assert.True(Array.IndexOf(lines, "shelf closed") > Array.IndexOf(lines, $"item {begun} ends"), output);
    }
}
