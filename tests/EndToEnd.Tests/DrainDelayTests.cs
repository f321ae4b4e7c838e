using System.Net;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>Between the signal and the end of the delay, and what comes after, in every form of web host.</summary>
public sealed class DrainDelayTests
{
    [Theory]
    [InlineData("minimal")]
    [InlineData("startup")]
    [InlineData("webhost")]
    public async Task ServesThenRefusesThenEnds(string form)
    {
        await using var shop = await Shop.StartAsync(form, Shop.Delay);
        Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("/health/ready"));
        // Goes on well after the delay, within the time that requests have.
        var slow = await shop.BeginSlowAsync("one", Shop.Delay + TimeSpan.FromSeconds(4));

        await shop.StopAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await shop.StatusAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("/health/live"));
        using (var order = await shop.GetAsync("/orders/7"))
            Assert.Equal("order 7", await order.Content.ReadAsStringAsync());

        await shop.RefusedAsync();
        Assert.False(slow.IsCompleted, "The port was closed by the end of the process, not by the end of the delay.");
        using (var answer = await slow)
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        Assert.Equal(0, await shop.Process.ExitAsync());
        // Only then does cleanup run.
        Assert.Equal(["cleanup: intake", "cleanup: flush"], Lines(shop.Process.Output, "cleanup: "));
        Assert.Contains("exit code 0", Assert.Single(Lines(shop.Process.Output, "Drained in ")));
    }

    [Fact]
    public async Task ProbesSpeakHttp2Too()
    {
        await using var shop = await Shop.StartHttp2Async("minimal", Shop.Delay);
        Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("/health/ready"));

        await shop.StopAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await shop.StatusAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("/health/live"));
        Assert.Equal(HttpStatusCode.OK, await shop.StatusAsync("/orders/7"));
        await shop.RefusedAsync();
        Assert.Equal(0, await shop.Process.ExitAsync());
    }

    private static string[] Lines(string output, string text) => [.. output.Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal)).Select(line => line.Trim())];
}
