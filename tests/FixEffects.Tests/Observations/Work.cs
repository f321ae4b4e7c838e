namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>Work that a stop can lose.</summary>
internal static class Work
{
    /// <summary>The work takes longer than the drain delay, and leaves a file when it has ended.</summary>
    public static async Task<Outcome> FinishesAsync(string file)
    {
        await using var service = await RunningService.StartAsync(file, new Dictionary<string, string>());
        using var answer = await service.Client.PostAsync("/orders/7", null);
        Assert.True(answer.IsSuccessStatusCode, service.Process.Output);
        await service.SignalAsync();
        var exit = await service.ExitAsync();
        var isDone = File.Exists(service.Folder.File("mail-7"));
        return new(isDone, isDone ? "done" : "lost", exit);
    }

    /// <summary>The program writes a file at its stop.</summary>
    public static async Task<Outcome> WritesAtStopAsync(string file)
    {
        await using var service = await RunningService.StartAsync(file, new Dictionary<string, string>());
        await service.SignalAsync();
        var exit = await service.ExitAsync();
        var isWritten = new FileInfo(service.Folder.File("ledger")) is { Exists: true, Length: > 0 };
        return new(isWritten, isWritten ? "written" : "lost", exit);
    }
}
