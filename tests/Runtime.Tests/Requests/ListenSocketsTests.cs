using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ShutdownAnalyzers.Runtime.AspNetCore;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Connections that are made while the listener closes, on real sockets: each is either served or refused, and none is reset. What the kernel is asked for, Linux alone has.</summary>
public sealed class ListenSocketsTests
{
    [SkippableFact]
    public async Task WhatTheKernelHasAcceptedIsServedHoweverLateTheServerIs()
    {
        OnLinux();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using DrainHost host = await StartAsync(build: b =>
            b.Services.AddSingleton<IConnectionListenerFactory>(services => new HeldTransport(ActivatorUtilities.CreateInstance<SocketTransportFactory>(services), gate.Task)));
        using Client early = await Client.ConnectAsync(host);
        await early.AskAsync();

        host.Application.StopApplication();

        await Eventually.IsTrue(() => Client.IsRefused(host), "newcomers are refused");
        Assert.False(host.IsStopped);
        gate.SetResult();
        Assert.StartsWith("HTTP/1.1 200 ", await early.AnswerAsync());
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);
    }

    [SkippableTheory]
    [InlineData(10, 9.4, 9.6)]
    [InlineData(1, 0.7, 0.8)]
    public async Task AtTheEndOfTheDelayNobodyComesInAndThoseInsideAreServed(double delay, double open, double shut)
    {
        OnLinux();
        int created = 0;
        await using DrainHost host = await StartAsync(options => options.DrainDelay = TimeSpan.FromSeconds(delay), b => b.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = endpoint =>
        {
            created++;
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }));
        using Client early = await Client.ConnectAsync(host);
        host.Signal();
        host.Process.Advance(open);
        using (Client late = await Client.ConnectAsync(host))
        {
            await late.AskAsync();
            Assert.StartsWith("HTTP/1.1 200 ", await late.AnswerAsync());
        }

        host.Process.Advance(shut - open);
        Assert.True(Client.IsRefused(host));
        Assert.False(host.IsStopping);
        await early.AskAsync();
        string answer = await early.AnswerAsync();
        Assert.StartsWith("HTTP/1.1 200 ", answer);
        Assert.Contains("Connection: close", answer);

        host.Process.Advance(1);
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);
        // The application's own way to make a socket was asked.
        Assert.Equal(1, created);
    }

    /// <summary>Where late requests are to be refused with an answer, the door stays open for them.</summary>
    [Fact]
    public async Task NobodyIsTurnedAwayWhoIsToBeAnswered()
    {
        await using DrainHost host = await StartAsync(options => options.LateRequests = LateRequests.Refuse);
        using Client held = await Client.ConnectAsync(host);
        await held.AskAsync("/held");
        await Eventually.IsTrue(() => host.InFlight.Count == 1, "the request begins");
        host.Signal();
        host.Process.Advance(9.95);
        await AskAsync("HTTP/1.1 200 ");
        host.Process.Advance(0.05);
        await AskAsync("HTTP/1.1 503 ");

        async Task AskAsync(string expected)
        {
            using Client late = await Client.ConnectAsync(host);
            await late.AskAsync();
            Assert.StartsWith(expected, await late.AnswerAsync());
        }
    }

    /// <summary>As with systemd's socket activation: whoever made the socket goes on to listen on it.</summary>
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ASocketThatWasHandedOverStaysOpen(bool asHandle)
    {
        OnLinux();
        using var theirs = new Socket(SocketType.Stream, ProtocolType.Tcp);
        theirs.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        theirs.Listen();
        int handle = Duplicate((int)theirs.Handle);
        await using DrainHost host = await StartAsync(build: b =>
        {
            if (asHandle) b.WebHost.ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)handle));
            else b.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => new Socket(new SafeSocketHandle(handle, ownsHandle: true)));
        });
        using (Client early = await Client.ConnectAsync(theirs.LocalEndPoint!))
        {
            await early.AskAsync();
            Assert.StartsWith("HTTP/1.1 200 ", await early.AnswerAsync());
        }

        host.Application.StopApplication();
        await host.EndAsync();

        using Client late = await Client.ConnectAsync(theirs.LocalEndPoint!);
        using Socket accepted = await theirs.AcceptAsync().WaitAsync(Eventually.Patience);
    }

    [SkippableFact]
    public async Task AKernelThatDoesNotKnowItIsSaidAndNothingMore()
    {
        OnLinux();
        using var logs = new LogCollector();
        using ILoggerFactory loggers = LoggerFactory.Create(b => b.AddProvider(logs).SetMinimumLevel(LogLevel.Debug));
        using var reporter = new DrainReporter(loggers);
        using var sockets = new ListenSockets(Options.Create(new GracefulShutdownOptions()), reporter);
        var transport = new SocketTransportOptions();
        sockets.PostConfigure(null, transport);
        using Socket socket = transport.CreateBoundListenSocket(new IPEndPoint(IPAddress.Loopback, 0));
        // In its place something that takes no socket's options and has nothing to read.
        var pipe = new int[2];
        Assert.Equal(0, Pipe(pipe));
        Assert.Equal((int)socket.Handle, Replace(pipe[0], (int)socket.Handle));

        await sockets.EmptyAsync(CancellationToken.None);

        Assert.Contains(logs.Ours(LogLevel.Debug), l => l.Contains("shut to newcomers"));
        Assert.All(pipe, end => Assert.Equal(0, Close(end)));
    }

    private static void OnLinux() => Skip.IfNot(OperatingSystem.IsLinux(), "Only Linux's kernel refuses newcomers and keeps those who wait.");

    private static Task<DrainHost> StartAsync(Action<GracefulShutdownOptions>? configure = null, Action<WebApplicationBuilder>? build = null) =>
        DrainHost.StartWebAsync(configure, build, app =>
        {
            app.MapPost("/", () => "hello");
            app.MapPost("/held", () => Task.Delay(Timeout.Infinite));
        });

    [DllImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static extern int Duplicate(int descriptor);

    [DllImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static extern int Replace(int descriptor, int replaced);

    [DllImport("libc", EntryPoint = "pipe", SetLastError = true)]
    private static extern int Pipe([Out] int[] ends);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);

    /// <summary>A connection whose every step is the test's.</summary>
    private sealed class Client : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        public static Task<Client> ConnectAsync(DrainHost host) => ConnectAsync(EndPointOf(host));

        public static async Task<Client> ConnectAsync(EndPoint server)
        {
            var client = new Client();
            await client._socket.ConnectAsync(server).WaitAsync(Eventually.Patience);
            return client;
        }

        public static bool IsRefused(DrainHost host)
        {
            using var client = new Client();
            try
            {
                client._socket.Connect(EndPointOf(host));
                return false;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return true;
            }
        }

        public async Task AskAsync(string path = "/") => await _socket.SendAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n"));

        public async Task<string> AnswerAsync()
        {
            var buffer = new byte[4096];
            return Encoding.ASCII.GetString(buffer, 0, await _socket.ReceiveAsync(buffer).WaitAsync(Eventually.Patience));
        }

        public void Dispose() => _socket.Dispose();

        private static IPEndPoint EndPointOf(DrainHost host) => new(IPAddress.Loopback, new Uri(host.Url).Port);
    }

    /// <summary>A transport that accepts nothing until it is told to.</summary>
    private sealed class HeldTransport(SocketTransportFactory transport, Task gate) : IConnectionListenerFactory
    {
        public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken) => new Listener(await transport.BindAsync(endpoint, cancellationToken), gate);

        private sealed class Listener(IConnectionListener listener, Task gate) : IConnectionListener
        {
            public EndPoint EndPoint => listener.EndPoint;

            public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken)
            {
                await gate;
                return await listener.AcceptAsync(cancellationToken);
            }

            public ValueTask UnbindAsync(CancellationToken cancellationToken) => listener.UnbindAsync(cancellationToken);

            public ValueTask DisposeAsync() => listener.DisposeAsync();
        }
    }
}
