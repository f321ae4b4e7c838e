namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>Work that goes on after its request.</summary>
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
}
