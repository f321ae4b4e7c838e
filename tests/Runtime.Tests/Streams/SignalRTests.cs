using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>SignalR's own client, behind a balancer that has two processes and has not yet noticed that one of them drains.</summary>
public sealed class SignalRTests
{
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task AClientThatIsAskedToGoIsRefusedByTheSameProcessAndGoesOnWithTheOther(HttpTransportType transport)
    {
        await using DrainHost draining = await StartAsync("draining");
        await using DrainHost other = await StartAsync("other");
        var balancer = new Balancer(new Uri(draining.Url), new Uri(other.Url));
        var reconnected = new TaskCompletionSource();
        await using HubConnection client = new HubConnectionBuilder()
            .WithUrl("http://balancer/hub", transport, options =>
            {
                options.HttpMessageHandlerFactory = handler => balancer.Through(handler);
                options.WebSocketFactory = (context, token) => balancer.ConnectAsync(context.Uri, token);
            })
            .WithAutomaticReconnect([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(50), 20)])
            .Build();
        client.Reconnected += _ =>
        {
            reconnected.TrySetResult();
            return Task.CompletedTask;
        };
        await client.StartAsync();
        Assert.Equal("draining", await client.InvokeAsync<string>(nameof(NameHub.Name)));

        draining.Signal();
        Assert.Equal("draining", await client.InvokeAsync<string>(nameof(NameHub.Name)));
        draining.Process.Advance(5);
        draining.Process.Advance(4.4);
        // Those transports have no word for it: they hear of it when SignalR itself closes them, at the end of the delay.
        if (transport != HttpTransportType.WebSockets) draining.Process.Advance(1);
        await reconnected.Task.WaitAsync(Eventually.Patience);
        Assert.Equal("other", await client.InvokeAsync<string>(nameof(NameHub.Name)));
        if (transport == HttpTransportType.WebSockets) Assert.True(balancer.Refusals > 0);
        draining.Process.Advance(1);
        await draining.EndAsync();
        Assert.Equal(0, draining.Process.ExitCode);
    }

    private static Task<DrainHost> StartAsync(string name) => DrainHost.StartWebAsync(
        build: b =>
        {
            b.Services.AddSignalR();
            b.Services.AddSingleton(new ProcessName(name));
        },
        map: app => app.MapHub<NameHub>("/hub"));

    internal sealed record ProcessName(string Name);

    internal sealed class NameHub(ProcessName process) : Hub
    {
        public string Name() => process.Name;
    }

    /// <summary>Sends everything to the first process until that one refuses; what belongs to a connection stays with it.</summary>
    private sealed class Balancer(Uri draining, Uri other)
    {
        private volatile Uri _target = draining;

        private bool IsAtFirst => _target != other;

        public int Refusals { get; private set; }

        public HttpMessageHandler Through(HttpMessageHandler inner) => new Rewriting(this) { InnerHandler = inner };

        public async ValueTask<WebSocket> ConnectAsync(Uri uri, CancellationToken token)
        {
            var socket = new ClientWebSocket();
            await socket.ConnectAsync(Rewrite(uri), token);
            return socket;
        }

        private Uri Rewrite(Uri uri) => new UriBuilder(uri) { Host = _target.Host, Port = _target.Port }.Uri;

        private sealed class Rewriting(Balancer owner) : DelegatingHandler
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                request.RequestUri = owner.Rewrite(request.RequestUri!);
                try
                {
                    HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
                    if ((int)response.StatusCode == 503 && owner.IsAtFirst) owner.GoElsewhere();
                    return response;
                }
                catch (HttpRequestException) when (owner.IsAtFirst)
                {
                    owner.GoElsewhere();
                    throw;
                }
            }
        }

        private void GoElsewhere()
        {
            Refusals++;
            _target = other;
        }
    }
}
