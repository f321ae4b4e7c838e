using Xunit.Abstractions;

namespace ShutdownAnalyzers.Tests.Robustness;

/// <summary>No rule and no fix throws, whatever the code looks like. The first of the mutations that <c>tests/Robustness</c> makes by the hundred thousand.</summary>
public sealed class RobustnessTests(ITestOutputHelper output)
{
    private const int Seed = 1;
    private const int Count = 600;

    [Fact]
    public async Task NothingIsThrown()
    {
        var run = new RobustnessRun(Subjects.OfRepository(), Seed);
        await run.RunAsync(0, Count);

        output.WriteLine($"Seed {Seed}: {run.Mutations} mutations, {run.Findings} findings, {run.Fixes} fixes; slowest {run.Slowest.Rule}, {run.Slowest.Time.TotalMilliseconds:0} ms on {run.Slowest.Mutation}.");
        Assert.Empty(run.Failures);
        Assert.Equal(Count, run.Mutations);
        Assert.True(run.Findings > Count / 2, "Hardly anything is found: the mutations no longer reach the rules.");
        Assert.True(run.Fixes > 0, "No fix was offered.");
    }
}
