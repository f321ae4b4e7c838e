using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>
/// How a connection is asked to close, whatever its protocol: by the server's own feature and never by a header. HTTP/1.1 and HTTP/2 are tested on Kestrel (<see cref="ShedTests"/>); HTTP/3 needs libmsquic, which is not
/// everywhere, and is run by tests/Http3.
/// </summary>
public sealed class CloseRequestTests
{
    [Theory]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/2")]
    [InlineData("HTTP/3")]
    public async Task AsksByTheFeatureAndWritesNoHeader(string protocol)
    {
        var connection = new Connection();
        await using DrainHost host = await DrainHost.StartWebAsync(build: b => b.WebHost.UseTestServer(), map: app => app.MapGet("/hello", () => "hello"));
        TestServer server = host.Host.GetTestServer();
        await AskAsync();
        await host.Shutdown.StartAsync("a test host has no signals");
        await AskAsync();
        Assert.Equal(0, connection.Asked);
        host.Process.Advance(5);
        host.Process.Advance(4.9999);
        HttpContext answer = await AskAsync();
        Assert.Equal(1, connection.Asked);
        Assert.Equal(200, answer.Response.StatusCode);
        Assert.Equal(0, answer.Response.Headers.Connection.Count);

        Task<HttpContext> AskAsync() => server.SendAsync(context =>
        {
            context.Request.Path = "/hello";
            context.Request.Protocol = protocol;
            context.Features.Set<IConnectionLifetimeNotificationFeature>(connection);
        });
    }

    private sealed class Connection : IConnectionLifetimeNotificationFeature
    {
        public int Asked { get; private set; }

        public CancellationToken ConnectionClosedRequested { get; set; }

        public void RequestClose() => Asked++;
    }
}
