namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>The same wish many times over is one wish.</summary>
public sealed class SignalStormTests
{
    [Theory]
    [InlineData("minimal")]
    [InlineData("webhost")]
    public async Task AHundredSignalsAtOnceAreOneDrain(string form)
    {
        await using var shop = await Shop.StartAsync(form, TimeSpan.FromSeconds(2));
        var slow = await shop.BeginSlowAsync("one", TimeSpan.FromSeconds(3));

        for (var i = 0; i < 100; i++)
            shop.Process.Signal(i % 3 == 2 ? 2 : 15);

        using (var answer = await slow)
            Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(0, await shop.Process.ExitAsync());
        Assert.Single(shop.Process.Output.Split('\n'), line => line.Contains("Draining because of", StringComparison.Ordinal));
        Assert.Single(shop.Process.Output.Split('\n'), line => line.Contains("Drained in", StringComparison.Ordinal));
        Assert.DoesNotContain("second signal", shop.Process.Output);
    }
}
