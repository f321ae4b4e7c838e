using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>gRPC's own server and client: what a stream's client sees when the drain ends it.</summary>
public sealed class GrpcStreamTests
{
    /// <summary>The handler ends in its own way when it is asked to, by the token that the name says.</summary>
    [Theory]
    [InlineData("drain token, cancelled", StatusCode.Unavailable)]
    [InlineData("drain token, returns", StatusCode.Unavailable)]
    [InlineData("Draining, cancelled", StatusCode.Unavailable)]
    [InlineData("drain token, own status", StatusCode.FailedPrecondition)]
    [InlineData("finishes", StatusCode.OK)]
    public async Task AStreamThatIsAskedToEnd(string how, StatusCode expected)
    {
        await using DrainHost host = await StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Url);
        Task<StatusCode> watch = await WatchAsync(channel, how);
        Task<StatusCode> talk = await TalkAsync(channel, how);
        host.Signal();
        host.Process.Advance(5);
        host.Process.Advance(4.9999);
        Assert.Equal(expected, await watch.WaitAsync(Eventually.Patience));
        Assert.Equal(expected, await talk.WaitAsync(Eventually.Patience));
        host.Process.Advance(1);
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);
    }

    /// <summary>The handler knows of no drain, or of nothing at all, and is cut off when its time is over.</summary>
    [Theory]
    [InlineData("context token, cancelled", true)]
    [InlineData("context token, cancelled", false)]
    [InlineData("context token, returns", true)]
    [InlineData("deaf", true)]
    [InlineData("deaf", false)]
    [InlineData("deaf and silent", false)]
    public async Task AStreamThatIsCutOff(string how, bool ownTimeout)
    {
        await using DrainHost host = await StartAsync(options => options.StreamTimeout = ownTimeout ? TimeSpan.FromSeconds(3) : null);
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Url);
        Task<StatusCode> watch = await WatchAsync(channel, how);
        host.Signal();
        host.Process.Advance(10);
        host.Process.Advance(2.9);
        Assert.False(watch.IsCompleted);
        host.Process.Advance(ownTimeout ? 0.1 : 7.1);
        if (!ownTimeout) host.Process.Advance(0.25);
        Assert.Equal(StatusCode.Unavailable, await watch.WaitAsync(Eventually.Patience));
        FeedService.Release.SetResult();
        await host.EndAsync();
        Assert.Equal(ShutdownExitCodes.WorkAborted, host.Process.ExitCode);
        Assert.Contains("Watch", (string)Assert.Single(host.Logs.Reports)["AbortedEndpoints"]!);
    }

    [Fact]
    public async Task ANewStreamIsUnavailableFromShedOnAndAnOrdinaryCallIsNot()
    {
        await using DrainHost host = await StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Url);
        var client = new Feed.FeedClient(channel);
        host.Signal();
        host.Process.Advance(5);
        using AsyncServerStreamingCall<Word> call = client.Watch(new Word { Text = "finishes" });
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal("yes", (await client.AskAsync(new Word())).Text);
        host.Process.Advance(5);
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);
    }

    /// <summary>While nothing drains, everything is as gRPC makes it.</summary>
    [Fact]
    public async Task OutsideTheDrainNoStatusIsTouched()
    {
        await using DrainHost host = await StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Url);
        Assert.Equal(StatusCode.Unknown, await await WatchAsync(channel, "fails"));
        Assert.Equal(StatusCode.OK, await await WatchAsync(channel, "finishes"));
        using var leave = new CancellationTokenSource();
        using AsyncServerStreamingCall<Word> call = new Feed.FeedClient(channel).Watch(new Word { Text = "context token, cancelled" }, cancellationToken: leave.Token);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await leave.CancelAsync();
        await Eventually.IsTrue(() => host.InFlight.Count == 0, "the handler hears that its client has left");
    }

    private static Task<DrainHost> StartAsync(Action<GracefulShutdownOptions>? configure = null)
    {
        FeedService.Release = new TaskCompletionSource();
        return DrainHost.StartWebAsync(
            configure,
            b =>
            {
                b.Services.AddGrpc();
                b.WebHost.ConfigureKestrel(k => k.ConfigureEndpointDefaults(e => e.Protocols = HttpProtocols.Http2));
            },
            app => app.MapGrpcService<FeedService>());
    }

    /// <summary>Complete when the stream has begun; the inner task is its end.</summary>
    private static async Task<Task<StatusCode>> WatchAsync(GrpcChannel channel, string how)
    {
        AsyncServerStreamingCall<Word> call = new Feed.FeedClient(channel).Watch(new Word { Text = how });
        if (how.EndsWith("silent", StringComparison.Ordinal)) await call.ResponseHeadersAsync.WaitAsync(Eventually.Patience);
        else if (how != "fails") Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Eventually.Patience));
        return EndAsync(call.ResponseStream, call);
    }

    private static async Task<Task<StatusCode>> TalkAsync(GrpcChannel channel, string how)
    {
        AsyncDuplexStreamingCall<Word, Word> call = new Feed.FeedClient(channel).Talk();
        await call.RequestStream.WriteAsync(new Word { Text = how });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Eventually.Patience));
        return EndAsync(call.ResponseStream, call);
    }

    private static async Task<StatusCode> EndAsync(IAsyncStreamReader<Word> responses, IDisposable call)
    {
        using (call)
        {
            try
            {
                while (await responses.MoveNext(CancellationToken.None))
                {
                }

                return StatusCode.OK;
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }
        }
    }

    internal sealed class FeedService(IGracefulShutdown shutdown) : Feed.FeedBase
    {
        public static TaskCompletionSource Release { get; set; } = new();

        public override Task<Word> Ask(Word request, ServerCallContext context) => Task.FromResult(new Word { Text = "yes" });

        public override Task Watch(Word request, IServerStreamWriter<Word> responseStream, ServerCallContext context) => ServeAsync(request.Text, responseStream, context);

        public override async Task Talk(IAsyncStreamReader<Word> requestStream, IServerStreamWriter<Word> responseStream, ServerCallContext context)
        {
            Assert.True(await requestStream.MoveNext(CancellationToken.None));
            await ServeAsync(requestStream.Current.Text, responseStream, context);
        }

        private async Task ServeAsync(string how, IServerStreamWriter<Word> responses, ServerCallContext context)
        {
            if (how == "fails") throw new InvalidOperationException("broken handler");
            // Before the client hears of the stream: from then on the test moves the clock.
            CancellationToken drain = how.StartsWith("drain token", StringComparison.Ordinal) ? context.GetHttpContext().GetDrainToken() : default;
            if (how.EndsWith("silent", StringComparison.Ordinal)) await context.WriteResponseHeadersAsync([]);
            else await responses.WriteAsync(new Word { Text = "begun" });
            switch (how)
            {
                case "drain token, cancelled": await Task.Delay(Timeout.Infinite, drain); break;
                case "drain token, returns": await Fired(drain); break;
                case "drain token, own status":
                    await Fired(drain);
                    throw new RpcException(new Status(StatusCode.FailedPrecondition, "not any more"));
                case "Draining, cancelled": await Task.Delay(Timeout.Infinite, shutdown.Draining); break;
                case "context token, cancelled": await Task.Delay(Timeout.Infinite, context.CancellationToken); break;
                case "context token, returns": await Fired(context.CancellationToken); break;
                case "finishes": if (shutdown.IsDraining) await Fired(shutdown.Draining); break;
                default: await Release.Task; break;
            }
        }

        private static Task Fired(CancellationToken token) => Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
