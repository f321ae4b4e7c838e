using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Demonstration.Tests;

/// <summary>The command of the README, from the packing to the table.</summary>
public sealed class WholeDemonstrationTests
{
    [Fact]
    public async Task TheFixedServiceLosesNothingAndTheOtherOneLosesSome()
    {
        var program = typeof(RollingDeploy.Settings).Assembly.Location;
        await using var demonstration = ServiceProcess.Start("dotnet", [program, "--seconds", "3"]);
        var exitCode = await demonstration.ExitAsync(TimeSpan.FromMinutes(15));

        Assert.True(exitCode == 0, $"Exit code {exitCode}:\n{demonstration.Output}");
        foreach (var rule in new[] { "SHUT101", "SHUT103", "SHUT301", "SHUT302", "SHUT401" })
            Assert.Contains(rule, demonstration.Output);
        Assert.Contains("With the fixes none of", demonstration.Output);
    }
}
