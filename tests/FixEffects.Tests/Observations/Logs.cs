namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>A log, as its file holds it when the process has ended.</summary>
internal static class Logs
{
    /// <summary>The last that there is to say is the drain's report.</summary>
    public static async Task<Outcome> EndAsync(string file)
    {
        await using var service = await RunningService.StartAsync(file, new Dictionary<string, string>());
        await service.SignalAsync();
        var exit = await service.ExitAsync();
        var lines = await File.ReadAllLinesAsync(service.Folder.File("service.log"));
        var isWhole = lines.Any(line => line.Contains("Drained in", StringComparison.Ordinal));
        return new(isWhole, isWhole ? "the drain's report" : lines.Length == 0 ? "nothing in the file" : "the drain's report is missing", exit);
    }
}
