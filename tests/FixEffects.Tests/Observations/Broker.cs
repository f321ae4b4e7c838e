using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>RabbitMQ, as the server sees it.</summary>
internal static class Broker
{
    /// <summary>A message that a request's work sends later than the drain delay lasts.</summary>
    public static async Task<Outcome> KeptAsync(string file)
    {
        await using var rabbit = await RabbitMq.StartAsync();
        await rabbit.PublishAsync("mails", []);
        await using var service = await StartAsync(file, rabbit);
        using var answer = await service.Client.PostAsync("/orders/7", null);
        Assert.True(answer.IsSuccessStatusCode, service.Process.Output);
        await service.SignalAsync();
        var exit = await service.ExitAsync();
        var isKept = (await rabbit.TakeAllAsync("mails")).Select(mail => mail.Message).SequenceEqual(["7"]);
        return new(isKept, isKept ? "in the queue" : "lost", exit);
    }

    /// <summary>A connection that its client doesn't close is one that the server has to find dead.</summary>
    public static async Task<Outcome> ClosedAsync(string file)
    {
        await using var rabbit = await RabbitMq.StartAsync();
        await using var service = await StartAsync(file, rabbit);
        Assert.Equal(System.Net.HttpStatusCode.OK, await service.StatusAsync("/"));
        await service.SignalAsync();
        var exit = await service.ExitAsync();
        await Until.TrueAsync(() => Task.FromResult(rabbit.Log.Contains("closing AMQP connection", StringComparison.Ordinal)), "RabbitMQ notices the end of the connection");
        var isClosed = !rabbit.Log.Contains("client unexpectedly closed TCP connection", StringComparison.Ordinal);
        return new(isClosed, isClosed ? "closed" : "client unexpectedly closed TCP connection", exit);
    }

    private static Task<RunningService> StartAsync(string file, RabbitMq rabbit) =>
        RunningService.StartAsync(file, new Dictionary<string, string> { ["Server"] = rabbit.ConnectionString });
}
