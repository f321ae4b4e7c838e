using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>What could not work at the end keeps the process from starting, and it says what and why.</summary>
public sealed class BadOptionsTests
{
    [Theory]
    [InlineData("minimal", "SHUTDOWN_DRAIN_DELAY", "-5", "SHUTDOWN_DRAIN_DELAY", "'-5'")]
    [InlineData("minimal", "SHUTDOWN_DRAIN_DELAY", "soon", "SHUTDOWN_DRAIN_DELAY", "'soon'")]
    [InlineData("startup", "SHUTDOWN_DRAIN_DELAY", "soon", "SHUTDOWN_DRAIN_DELAY", "'soon'")]
    [InlineData("webhost", "SHUTDOWN_DRAIN_DELAY", "soon", "SHUTDOWN_DRAIN_DELAY", "'soon'")]
    [InlineData("minimal", "GracefulShutdown__DrainDelay", "-1", "DrainDelay", "-1 s")]
    [InlineData("minimal", "GracefulShutdown__RequestTimeout", "ten", "GracefulShutdown:RequestTimeout", "'ten'")]
    [InlineData("minimal", "GracefulShutdown__LateRequests", "Ignore", "GracefulShutdown:LateRequests", "'Ignore'")]
    [InlineData("minimal", "GracefulShutdown__PlatformGrace", "15", "DrainDelay 10 s + RequestTimeout 10 s + CleanupTimeout 5 s", "PlatformGrace 15 s")]
    [InlineData("registered-twice", "", "", "WebApplicationBuilder.AddGracefulShutdown", "IServiceCollection.AddGracefulShutdown")]
    public async Task EndTheProcessAtItsStart(string form, string setting, string value, params string[] named)
    {
        var settings = setting.Length > 0 ? new Dictionary<string, string> { [setting] = value } : null;
        await using var process = ServiceUnderTest.Start("Shop", form, settings);

        Assert.NotEqual(0, await process.ExitAsync());

        Assert.DoesNotContain("Now listening on", process.Output);
        Assert.All(named, part => Assert.Contains(part, process.Output));
    }

    [Fact]
    public async Task EndAWorkerToo()
    {
        await using var process = ServiceUnderTest.Start("ShopJobs", "worker", new Dictionary<string, string> { ["SHUTDOWN_DRAIN_DELAY"] = "-0.5" });

        Assert.NotEqual(0, await process.ExitAsync());

        Assert.DoesNotContain("item 1 begins", process.Output);
        Assert.Contains("SHUTDOWN_DRAIN_DELAY is '-0.5'", process.Output);
    }
}
