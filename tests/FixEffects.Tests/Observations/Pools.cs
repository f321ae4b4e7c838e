namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>Connections, as the server sees them. The program holds its own end until it has been looked at: a process that is gone has no connections, closed or not.</summary>
internal static class Pools
{
    private const string Name = "service";

    public static async Task<Outcome> RedisAsync(string file)
    {
        await using var redis = await Redis.StartAsync();
        return await LookAsync(file, redis.ConnectionString(Name), () => redis.ConnectionsAsync(Name));
    }

    public static async Task<Outcome> PostgreSqlAsync(string file)
    {
        await using var postgres = await PostgreSql.StartAsync();
        return await LookAsync(file, postgres.ConnectionString(Name), () => postgres.ConnectionsAsync(Name));
    }

    private static async Task<Outcome> LookAsync(string file, string server, Func<Task<int>> connectionsAsync)
    {
        await using var service = await RunningService.StartAsync(file, new Dictionary<string, string> { ["Server"] = server });
        Assert.Equal(System.Net.HttpStatusCode.OK, await service.StatusAsync("/"));
        Assert.True(await connectionsAsync() > 0, "The server sees no connection while the service runs.");

        await service.SignalAsync();
        await service.Process.LineAsync("holding");
        // The server notices in its own time; what is still open after that is not going to be closed.
        var open = await connectionsAsync();
        for (var look = 0; open > 0 && look < 20; look++)
        {
            await Task.Delay(100);
            open = await connectionsAsync();
        }

        await File.WriteAllTextAsync(service.Folder.File("looked"), "");
        await service.ExitAsync();
        return new(open == 0, open == 0 ? "closed" : $"{open} open", null);
    }
}
