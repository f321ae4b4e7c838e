using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>Cleanup handlers: their order, their isolation, and pools as the servers see them.</summary>
public sealed class CleanupTests
{
    private const int CleanupFailed = 81;

    [Fact]
    public async Task HandlersThatHangBlockOrThrowKeepNobodyFromRunning()
    {
        await using var shop = await Shop.StartAsync("minimal", TimeSpan.Zero, new Dictionary<string, string>
        {
            ["Cleanup__Hang"] = "true",
            ["Cleanup__Block"] = "true",
            ["Cleanup__Throw"] = "true",
        });

        shop.Process.Signal();

        Assert.Equal(CleanupFailed, await shop.Process.ExitAsync());
        // By stage, and within a stage the newest first.
        Assert.Equal(["hanging", "blocking", "intake", "throwing", "flush"], Ran(shop.Process));
        Assert.Contains("'hanging' (StopIntake) did not end", shop.Process.Output);
        Assert.Contains("'blocking' (StopIntake) did not end", shop.Process.Output);
        Assert.Contains("'throwing' (Flush) failed", shop.Process.Output);
        Assert.Contains("the broker is gone", shop.Process.Output);
        Assert.Contains($"exit code {CleanupFailed}", shop.Process.Output);
    }

    /// <summary>
    /// The servers are asked while the process still lives: a last handler holds it. A process that is gone has no connections, closed or not. The run without the handlers shows that the look would find them.
    /// </summary>
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PoolsAreClosedByTheirHandlersAlone(bool handlers)
    {
        await using var postgres = await PostgreSql.StartAsync();
        await using var redis = await Redis.StartAsync();
        using var folder = new TemporaryFolder();
        var looked = folder.File("looked");
        await using var shop = await Shop.StartAsync("minimal", TimeSpan.Zero, new Dictionary<string, string>
        {
            ["ConnectionStrings__PostgreSql"] = postgres.ConnectionString("shop"),
            ["ConnectionStrings__Redis"] = redis.ConnectionString("shop"),
            ["Cleanup__ClosePools"] = handlers.ToString(),
            ["Cleanup__HoldUntil"] = looked,
            ["GracefulShutdown__CleanupTimeout"] = "60",
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => shop.GetAsync("/stock/tea")));
        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode, shop.Process.Output));

        var (postgresBefore, redisBefore) = (await postgres.ConnectionsAsync("shop"), await redis.ConnectionsAsync("shop"));
        Assert.True(postgresBefore > 1, $"PostgreSQL sees {postgresBefore} connections; more than one was to be in use.");
        Assert.True(redisBefore > 0, "Redis sees no connection.");

        shop.Process.Signal();
        await shop.Process.LineAsync("cleanup: hold");
        if (handlers)
        {
            // The servers notice in their own time.
            await Until.TrueAsync(async () => await postgres.ConnectionsAsync("shop") == 0, "PostgreSQL sees no connection");
            await Until.TrueAsync(async () => await redis.ConnectionsAsync("shop") == 0, "Redis sees no connection");
        }
        else
        {
            Assert.Equal(postgresBefore, await postgres.ConnectionsAsync("shop"));
            Assert.Equal(redisBefore, await redis.ConnectionsAsync("shop"));
        }

        Assert.False(shop.Process.HasExited);
        await File.WriteAllTextAsync(looked, "");
        Assert.Equal(0, await shop.Process.ExitAsync());

        // OnCleanup's handlers were registered after those of AddShutdownCleanup, so they run before them; the stages come first of all.
        Assert.Equal(handlers ? ["intake", "flush", "redis", "postgres", "hold"] : ["intake", "flush", "hold"], Ran(shop.Process));
        Assert.Contains("exit code 0", await shop.Process.LineAsync("Drained in "));
    }

    private static string[] Ran(ServiceProcess process)
    {
        const string Cleanup = "cleanup: ";
        return [.. process.Output.Split('\n').Where(line => line.StartsWith(Cleanup, StringComparison.Ordinal)).Select(line => line[Cleanup.Length..])];
    }
}
