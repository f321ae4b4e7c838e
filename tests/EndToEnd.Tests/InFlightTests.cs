using System.Net;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>Requests that have begun when the signal comes.</summary>
public sealed class InFlightTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2.5);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task EndWith200OverHttp1(int delay)
    {
        await using var shop = await Shop.StartAsync("minimal", TimeSpan.FromSeconds(delay));
        await EndsWith200Async(shop, HttpVersion.Version11);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task EndWith200OverCleartextHttp2(int delay)
    {
        await using var shop = await Shop.StartHttp2Async("minimal", TimeSpan.FromSeconds(delay));
        await EndsWith200Async(shop, HttpVersion.Version20);
    }

    private static async Task EndsWith200Async(Shop shop, Version version)
    {
        Task<HttpResponseMessage>[] requests = [await shop.BeginSlowAsync("one", Length), await shop.BeginSlowAsync("two", Length)];
        await shop.StopAsync();

        foreach (var request in requests)
        {
            using var answer = await request;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(version, answer.Version);
            Assert.StartsWith("slow ", await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(0, await shop.Process.ExitAsync());
    }

    /// <summary>The old web host's own timeout would cut the request off, and nobody would be told.</summary>
    [Fact]
    public async Task EndWith200WhateverTheOldWebHostsOwnTimeout()
    {
        await using var shop = await Shop.StartAsync("webhost", TimeSpan.Zero, new Dictionary<string, string> { ["ASPNETCORE_SHUTDOWNTIMEOUTSECONDS"] = "1" });
        Assert.Contains("The web host's own timeout is 1 s, less than RequestTimeout 10 s", shop.Process.Output);
        var request = await shop.BeginSlowAsync("one", TimeSpan.FromSeconds(4));
        shop.Process.Signal();

        using var answer = await request;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await shop.Process.ExitAsync());
    }

    /// <summary>What everybody tries first.</summary>
    [SkippableFact]
    public async Task TwentyCurlsAreAnswered()
    {
        var curl = InstalledProgram.Find("curl");
        await using var shop = await Shop.StartAsync("minimal", Shop.Delay);

        var curls = Enumerable.Range(0, 20).Select(number => Command.RunAsync(
            curl, ["--silent", "--noproxy", "*", "--output", "/dev/null", "--write-out", "%{http_code}", new Uri(shop.Address, $"/slow/{number}/800").ToString()], mayFail: true)).ToArray();
        await Task.Delay(100);
        shop.Process.Signal();

        Assert.All(await Task.WhenAll(curls), status => Assert.Equal("200", status));
        Assert.Equal(0, await shop.Process.ExitAsync());
    }

    /// <summary>Without a delay nothing but what has begun is owed an answer; so all twenty have.</summary>
    [SkippableFact]
    public async Task TwentyCurlsInFlightAreAnsweredWithoutADelayToo()
    {
        var curl = InstalledProgram.Find("curl");
        await using var shop = await Shop.StartAsync("minimal", TimeSpan.Zero);

        var curls = Enumerable.Range(0, 20).Select(number => Command.RunAsync(
            curl, ["--silent", "--noproxy", "*", "--output", "/dev/null", "--write-out", "%{http_code}", new Uri(shop.Address, $"/slow/{number}/3000").ToString()], mayFail: true)).ToArray();
        foreach (var number in Enumerable.Range(0, 20))
            await shop.Process.LineAsync($"slow {number} begins");
        shop.Process.Signal();

        Assert.All(await Task.WhenAll(curls), status => Assert.Equal("200", status));
        Assert.Equal(0, await shop.Process.ExitAsync());
    }
}
