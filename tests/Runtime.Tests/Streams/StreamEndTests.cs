using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ShutdownAnalyzers.Runtime.AspNetCore;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Streams whose drain token leaves the handler as an exception, as their clients see them on Kestrel.</summary>
public sealed class StreamEndTests : IDisposable
{
    private readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/events", "text/event-stream", "^data: 1\n\nretry: [0-9]+\n\n$")]
    [InlineData("/events", null, "^data: 1\n\nretry: [0-9]+\n\n$")]
    [InlineData("/lines", null, "^1\n$")]
    [InlineData("/action", null, "^\\[1$")]
    [InlineData("/plain", null, "^begun$")]
    [InlineData("/plain", "text/event-stream", "^begun$")]
    [InlineData("/late", null, "^begun$")]
    public async Task AStreamThatHasBegunEndsAsAWhole(string path, string? accept, string expected)
    {
        await using DrainHost host = await StartAsync();
        using HttpResponseMessage answer = await BeginAsync(host, path, accept);
        await StopAsync(host);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Matches(expected, await answer.Content.ReadAsStringAsync().WaitAsync(Eventually.Patience));
        await host.EndAsync();
        AssertCalm(host);
        Assert.Equal(0, host.Process.ExitCode);
    }

    /// <summary>Requests of an endpoint that has long done without its token aren't awaited any more: but for one that takes it at once, and all behind the first that has taken it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnEndpointThatStreamsLateEndsAsAWholeToo(bool isSecondStream)
    {
        await using DrainHost host = await StartAsync();
        for (int i = 0; i < 1_100; i++) Assert.Equal("answer", await _client.GetStringAsync(host.Url + "/either"));
        if (isSecondStream)
        {
            using HttpResponseMessage first = await BeginAsync(host, "/either?stream=at-once");
            first.Dispose();
            await Eventually.IsTrue(() => host.InFlight.Count == 0, "the first stream's client has left");
        }

        using HttpResponseMessage answer = await BeginAsync(host, isSecondStream ? "/either?stream=late" : "/either?stream=at-once");
        await StopAsync(host);
        Assert.Matches("^begun\n\nretry: [0-9]+\n\n$", await answer.Content.ReadAsStringAsync().WaitAsync(Eventually.Patience));
        await host.EndAsync();
        AssertCalm(host);
    }

    [Fact]
    public async Task OverHttp2Too()
    {
        await using DrainHost host = await StartAsync(build: b => b.WebHost.ConfigureKestrel(k => k.ConfigureEndpointDefaults(e => e.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2)));
        _client.DefaultRequestVersion = HttpVersion.Version20;
        _client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using HttpResponseMessage answer = await BeginAsync(host, "/plain");
        await StopAsync(host);
        Assert.Equal("begun", await answer.Content.ReadAsStringAsync().WaitAsync(Eventually.Patience));
        await host.EndAsync();
        AssertCalm(host);
    }

    /// <summary>A client that has seen nothing yet asks again, elsewhere: as for a request that is refused. What the handler had prepared is not in the answer.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALongPollThatHasNotBegunIsRefused(bool hasExceptionHandler)
    {
        await using DrainHost host = await StartAsync(hasExceptionHandler ? app => app.UseExceptionHandler("/error") : null);
        Task<HttpResponseMessage> poll = _client.GetAsync(host.Url + "/poll");
        await InFlightAsync(host);
        await StopAsync(host);
        using HttpResponseMessage answer = await poll.WaitAsync(Eventually.Patience);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 5);
        Assert.True(answer.Headers.ConnectionClose);
        Assert.False(answer.Headers.Contains("X-Prepared"));
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
        await host.EndAsync();
        Assert.Equal(1, host.Services.GetRequiredService<IRequestDrain>().Counts.Refused);
        AssertCalm(host);
    }

    [Fact]
    public async Task AnEventSourceThatHasSeenNothingIsSentElsewhere()
    {
        await using DrainHost host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, host.Url + "/poll");
        request.Headers.Accept.ParseAdd("text/event-stream");
        Task<HttpResponseMessage> poll = _client.SendAsync(request);
        await InFlightAsync(host);
        await StopAsync(host);
        using HttpResponseMessage answer = await poll.WaitAsync(Eventually.Patience);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Matches("^retry: [0-9]+\n\n$", await answer.Content.ReadAsStringAsync());
        await host.EndAsync();
        AssertCalm(host);
    }

    /// <summary>The application's exception handler sees nothing of an endpoint that is known to be a stream, and of others only what has begun; that ends as a whole all the same.</summary>
    [Theory]
    [InlineData("/marked", false, true)]
    [InlineData("/marked", true, true)]
    [InlineData("/plain", false, false)]
    [InlineData("/plain", true, false)]
    public async Task BehindTheApplicationsOwnExceptionHandler(string path, bool isDeveloperPage, bool isCalm)
    {
        await using DrainHost host = await StartAsync(app =>
        {
            if (isDeveloperPage) app.UseDeveloperExceptionPage();
            else app.UseExceptionHandler("/error");
        });
        using HttpResponseMessage answer = await BeginAsync(host, path);
        await StopAsync(host);
        Assert.Equal("begun", await answer.Content.ReadAsStringAsync().WaitAsync(Eventually.Patience));
        await host.EndAsync();
        Assert.Equal(isCalm, !Errors(host).Any());
        Assert.DoesNotContain(host.Logs.Lines, l => l.Category.StartsWith("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) && l.Level >= LogLevel.Error);
    }

    /// <summary>Not by the drain, or not to be taken for whole: the connection is cut, as ever.</summary>
    [Theory]
    [InlineData("/fails")]
    [InlineData("/other-timeout")]
    [InlineData("/promised")]
    public async Task WhateverElseEndsTheHandlerStays(string path)
    {
        await using DrainHost host = await StartAsync();
        using HttpResponseMessage answer = await BeginAsync(host, path);
        await StopAsync(host);
        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync().WaitAsync(Eventually.Patience));
        await host.EndAsync();
        Assert.NotEmpty(Errors(host));
    }

    [Fact]
    public async Task ACancellationOutsideTheDrainStays()
    {
        await using DrainHost host = await StartAsync();
        using HttpResponseMessage answer = await _client.GetAsync(host.Url + "/own-token");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.NotEmpty(Errors(host));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AClientThatHasLeftIsNoEndByTheDrain(bool hasLeft)
    {
        await using DrainHost host = await StartAsync();
        var request = new DefaultHttpContext { RequestAborted = new CancellationToken(hasLeft) };
        using var stream = new OpenStream(request);
        request.Features.Set(stream);
        CancellationToken token = stream.Token;
        stream.AskToEnd();
        await Eventually.IsTrue(() => stream.HasEndedByToken, "the token fires");
        Task end = host.Services.GetRequiredService<StreamEnd>().AwaitAsync(request, Task.FromCanceled(token));
        if (hasLeft) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => end);
        else await end;
        Assert.Equal(hasLeft ? 200 : 503, request.Response.StatusCode);
    }

    private static Task<DrainHost> StartAsync(Action<WebApplication>? use = null, Action<WebApplicationBuilder>? build = null) => DrainHost.StartWebAsync(
        build: b =>
        {
            b.Services.AddControllers().AddApplicationPart(typeof(NumbersController).Assembly);
            build?.Invoke(b);
        },
        map: app =>
        {
            use?.Invoke(app);
            app.MapControllers();
            app.MapGet("/error", () => Results.Problem());
            app.MapGet("/events", (HttpContext context) => TypedResults.ServerSentEvents(NumbersAsync(context.GetDrainToken())));
            app.MapGet("/lines", async (HttpContext context) =>
            {
                context.Response.ContentType = "application/x-ndjson";
                await foreach (int number in NumbersAsync(context.GetDrainToken()))
                {
                    await context.Response.WriteAsync($"{number}\n");
                    await context.Response.Body.FlushAsync();
                }
            });
            app.MapGet("/plain", (HttpContext context) => ServeAsync(context, Waits));
            app.MapGet("/marked", [LongRunning] (HttpContext context) => ServeAsync(context, Waits));
            app.MapGet("/late", async (HttpContext context) =>
            {
                await Task.Delay(20);
                await ServeAsync(context, Waits);
            });
            app.MapGet("/either", async (HttpContext context, string? stream) =>
            {
                CancellationToken token = stream == "at-once" ? context.GetDrainToken() : default;
                await Task.Yield();
                if (stream is null)
                {
                    await context.Response.WriteAsync("answer");
                    return;
                }

                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("begun\n\n");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, stream == "late" ? context.GetDrainToken() : token);
            });
            app.MapGet("/poll", async (HttpContext context) =>
            {
                context.Response.Headers["X-Prepared"] = "yes";
                await Waits(context);
                return "answer";
            });
            app.MapGet("/promised", (HttpContext context) =>
            {
                context.Response.ContentLength = 1000;
                return ServeAsync(context, Waits);
            });
            app.MapGet("/fails", (HttpContext context) => ServeAsync(context, async c =>
            {
                await AskedAsync(c);
                throw new InvalidOperationException("broken handler");
            }));
            app.MapGet("/other-timeout", (HttpContext context) => ServeAsync(context, async c =>
            {
                await AskedAsync(c);
                throw new TaskCanceledException("somebody else's", new TimeoutException());
            }));
            app.MapGet("/own-token", async (HttpContext context) =>
            {
                context.GetDrainToken();
                await Task.Delay(Timeout.Infinite, new CancellationToken(canceled: true));
            });
        });

    private static async Task ServeAsync(HttpContext context, Func<HttpContext, Task> rest)
    {
        await context.Response.WriteAsync("begun");
        await context.Response.Body.FlushAsync();
        await rest(context);
    }

    private static Task Waits(HttpContext context) => Task.Delay(Timeout.Infinite, context.GetDrainToken());

    private static Task AskedAsync(HttpContext context) => Waits(context).ContinueWith(_ => { }, TaskScheduler.Default);

    internal static async IAsyncEnumerable<int> NumbersAsync([EnumeratorCancellation] CancellationToken token)
    {
        yield return 1;
        await Task.Delay(Timeout.Infinite, token);
    }

    private async Task<HttpResponseMessage> BeginAsync(DrainHost host, string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, host.Url + path) { Version = _client.DefaultRequestVersion, VersionPolicy = _client.DefaultVersionPolicy };
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Eventually.Patience);
    }

    private static Task InFlightAsync(DrainHost host) =>
        Eventually.IsTrue(() => host.InFlight.Count == 1, "the request is in flight");

    /// <summary>Asks all streams to end.</summary>
    private static async Task StopAsync(DrainHost host)
    {
        host.Signal();
        host.Process.Advance(5);
        host.Process.Advance(5);
        await Eventually.IsTrue(() => host.InFlight.Count == 0, "the request ends");
    }

    private static IEnumerable<string> Errors(DrainHost host) => host.Logs.Lines.Where(l => l.Level >= LogLevel.Error).Select(l => l.Category + ": " + l.Text);

    private static void AssertCalm(DrainHost host) => Assert.Empty(Errors(host));
}

/// <summary>An action that streams a sequence.</summary>
public sealed class NumbersController : ControllerBase
{
    [HttpGet("/action")]
    public IAsyncEnumerable<int> Numbers() => StreamEndTests.NumbersAsync(HttpContext.GetDrainToken());
}
