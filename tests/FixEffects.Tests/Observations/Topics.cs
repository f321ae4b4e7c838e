using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>Kafka, as the cluster sees it.</summary>
internal static class Topics
{
    /// <summary>A message that is still in the producer's buffer at the signal.</summary>
    public static async Task<Outcome> SentAsync(string file)
    {
        using var kafka = KafkaCluster.Start();
        await using var service = await StartAsync(file, kafka);
        using var answer = await service.Client.PostAsync("/orders/7", null);
        Assert.True(answer.IsSuccessStatusCode, service.Process.Output);
        await service.SignalAsync();
        var exit = await service.ExitAsync();
        var isSent = kafka.Messages("orders") == 1;
        return new(isSent, isSent ? "in the topic" : "lost", exit);
    }

    /// <summary>A message that is read and done: the group's next member must not get it again.</summary>
    public static async Task<Outcome> CommittedAsync(string file)
    {
        using var kafka = KafkaCluster.Start();
        await kafka.PublishAsync("orders", "7");
        await using var service = await StartAsync(file, kafka);
        await Until.TrueAsync(async () => await service.StatusAsync("/orders/7") == System.Net.HttpStatusCode.OK, "the service reads the message");
        await service.SignalAsync();
        var exit = await service.ExitAsync();
        var isCommitted = kafka.Committed("orders", "shop") == 1;
        return new(isCommitted, isCommitted ? "committed" : "not committed: it is read again", exit);
    }

    private static Task<RunningService> StartAsync(string file, KafkaCluster kafka) =>
        RunningService.StartAsync(file, new Dictionary<string, string> { ["Server"] = kafka.Servers });
}
