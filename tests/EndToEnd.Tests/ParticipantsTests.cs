using System.Diagnostics;
using System.Net;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>The consumers and queues of samples/Participants: what they hold is finished, what they don't hold is left to others, and those that hold nothing keep nobody waiting.</summary>
public sealed class ParticipantsTests
{
    /// <summary>Far more than anything here needs: whoever waits for it is seen.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(50);

    [SkippableFact]
    public async Task RabbitMqMessagesInWorkAreFinishedAndAcknowledgedAndTheRestStaysInTheQueue()
    {
        await using var rabbit = await RabbitMq.StartAsync();
        var all = Enumerable.Range(1, 20).Select(number => $"{number}").ToArray();
        await rabbit.PublishAsync("orders", all);
        await using var worker = Start("RabbitMq", ("ConnectionStrings__RabbitMq", rabbit.ConnectionString));
        await worker.LineAsync("order 1 begins");

        worker.Signal();

        Assert.Equal(0, await worker.ExitAsync());
        var (begun, ended) = (Orders(worker, "begins"), Orders(worker, "ends"));
        Assert.NotEmpty(begun);
        Assert.Equal(begun.Order(), ended.Order());
        await rabbit.ConsumersAsync("orders", 0);
        var left = await rabbit.TakeAllAsync("orders");
        Assert.All(left, message => Assert.False(message.Redelivered, $"Message {message.Message} had been given to the worker before."));
        // Each one is either done or left, and none both.
        Assert.Equal(all.Order(), ended.Concat(left.Select(message => message.Message)).Order());
        Assert.NotEmpty(left);

        Assert.Contains("'RabbitMQ orders' idle after", worker.Output);
        Assert.Contains("closing AMQP connection", rabbit.Log);
        Assert.DoesNotContain("client unexpectedly closed TCP connection", rabbit.Log);
    }

    [SkippableFact]
    public async Task AnIdleRabbitMqConsumerEndsAtOnce()
    {
        await using var rabbit = await RabbitMq.StartAsync();
        await rabbit.PublishAsync("orders", []);
        await using var worker = Start("RabbitMq", ("ConnectionStrings__RabbitMq", rabbit.ConnectionString));
        await worker.LineAsync("Application started");
        await rabbit.ConsumersAsync("orders", 1);

        await EndsAtOnceAsync(worker);

        Assert.Contains("closing AMQP connection", rabbit.Log);
        Assert.DoesNotContain("client unexpectedly closed TCP connection", rabbit.Log);
    }

    [Fact]
    public async Task WhatAChannelHasTakenIsDone()
    {
        await using var worker = Start("Channel");
        const string Listening = "Now listening on: ";
        var line = await worker.LineAsync(Listening);
        await worker.LineAsync("Application started");
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()) };
        foreach (var name in new[] { "ann", "ben", "eve" })
        {
            using var answer = await client.PostAsync($"/mails/{name}", null);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        await worker.LineAsync("mail to ann begins");
        worker.Signal();

        Assert.Equal(0, await worker.ExitAsync());
        Assert.Equal(["ann", "ben", "eve"], worker.Output.Split('\n').Where(text => text.StartsWith("mail to ", StringComparison.Ordinal) && text.EndsWith(" ends", StringComparison.Ordinal)).Select(text => text.Split(' ')[2]));
    }

    [Fact]
    public async Task AQuartzJobInWorkIsFinished()
    {
        await using var worker = Start("Quartz");
        await worker.LineAsync("packing begins");

        worker.Signal();

        Assert.Equal(0, await worker.ExitAsync());
        Assert.Equal(Count("packing begins"), Count("packing ends"));

        int Count(string text) => worker.Output.Split('\n').Count(line => line == text);
    }

    [Fact]
    public async Task AHangfireJobInWorkIsFinishedAndNoOtherBegun()
    {
        await using var worker = Start("Hangfire", ("Orders", "tea,cups"));
        await worker.LineAsync(" begins");

        worker.Signal();

        Assert.Equal(0, await worker.ExitAsync());
        Assert.Single(worker.Output.Split('\n'), line => line.EndsWith(" begins", StringComparison.Ordinal));
        Assert.Single(worker.Output.Split('\n'), line => line.EndsWith(" ends", StringComparison.Ordinal));
        Assert.Contains("'Hangfire' idle after", worker.Output);
    }

    [Theory]
    [InlineData("Channel")]
    [InlineData("Hangfire")]
    // Its broker isn't there: the consumer has nothing, and tries to connect.
    [InlineData("Kafka")]
    public async Task IdleOnesEndAtOnce(string sample)
    {
        await using var worker = Start(sample, ("ConnectionStrings__Kafka", $"127.0.0.1:{LoopbackPort.Take()}"));
        await worker.LineAsync("Application started");
        await EndsAtOnceAsync(worker);
    }

    private static async Task EndsAtOnceAsync(ServiceProcess worker)
    {
        var clock = Stopwatch.StartNew();
        worker.Signal();
        Assert.Equal(0, await worker.ExitAsync());
        Assert.True(clock.Elapsed < RequestTimeout / 2, worker.Output);
        Assert.Contains("idle after", worker.Output);
    }

    private static string[] Orders(ServiceProcess worker, string what) =>
        [.. worker.Output.Split('\n').Select(line => line.Split(' ')).Where(words => words is ["order", _, { } last] && last == what).Select(words => words[1])];

    private static ServiceProcess Start(string sample, params ReadOnlySpan<(string Name, string Value)> settings)
    {
        var all = new Dictionary<string, string> { ["SHUTDOWN_DRAIN_DELAY"] = "0", ["GracefulShutdown__RequestTimeout"] = Shop.Seconds(RequestTimeout) };
        foreach (var (name, value) in settings)
            all[name] = value;
        return ServiceUnderTest.StartSample($"Participants/{sample}", $"{sample}Worker", all);
    }
}
