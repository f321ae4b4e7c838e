using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Requests on HTTP/1.1, which count as ended when the pipeline is done with them: what their response still needs then is Kestrel's.</summary>
public sealed class PipelineEndTests
{
    private const int Length = 8_000_000;

    /// <summary>Far more than Kestrel and the kernel take from a handler whose client doesn't read: it is on its way from before the signal until after the listener has closed.</summary>
    [Fact]
    public async Task WhatAHandlerHasNotFlushedReachesAClientThatReadsLate()
    {
        bool isDone = false;
        await using DrainHost host = await DrainHost.StartWebAsync(
            build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = null),
            map: app => app.MapGet("/export", (HttpContext request) =>
            {
                request.Response.ContentLength = Length;
                request.Response.BodyWriter.GetSpan(Length)[..Length].Fill((byte)'x');
                request.Response.BodyWriter.Advance(Length);
                isDone = true;
            }));
        using var client = new TcpClient("127.0.0.1", new Uri(host.Url).Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync("GET /export HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        await Eventually.IsTrue(() => isDone && host.InFlight.Count == 0, "the handler is done");

        host.Signal();
        host.Process.Advance(10);
        await Eventually.IsTrue(() => host.Phase == DrainPhase.Stop, "the server stops");
        // Enough for whatever would cut it to have done so.
        await Task.Delay(300);
        Assert.False(host.IsStopped);

        using var response = new MemoryStream();
        await stream.CopyToAsync(response).WaitAsync(Eventually.Patience);
        string text = Encoding.ASCII.GetString(response.GetBuffer(), 0, (int)response.Length);
        Assert.StartsWith("HTTP/1.1 200", text);
        Assert.EndsWith("\r\n\r\n" + new string('x', Length), text);
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARequestWhoseHandlerThrowsHasEnded(bool atOnce)
    {
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.Run(request => atOnce ? throw new InvalidOperationException() : ThrowAsync()));
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(host.Url);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(host.InFlight);

        host.Signal();
        host.Process.Advance(10);
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);

        static async Task ThrowAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException();
        }
    }

    /// <summary>It stays in its slot until another comes. So it must not keep its connection.</summary>
    [Fact]
    public async Task ARequestThatHasEndedKeepsNothing()
    {
        HttpContext? seen = null;
        await using DrainHost host = await DrainHost.StartWebAsync(map: app => app.MapGet("/", async (HttpContext request) =>
        {
            seen = request;
            await Task.Yield();
        }));
        using (var client = new HttpClient()) (await client.GetAsync(host.Url)).EnsureSuccessStatusCode();
        await Eventually.IsTrue(() => HasNoFeatures(seen!), "the host takes the request apart");
    }

    private static bool HasNoFeatures(HttpContext request)
    {
        try
        {
            _ = request.Features;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
