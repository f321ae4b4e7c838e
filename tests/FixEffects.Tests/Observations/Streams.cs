using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Grpc.Core;
using Grpc.Net.Client;

namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>Streams, as their clients see them.</summary>
internal static class Streams
{
    public static Task<Outcome> EventsAsync(string file) => ReadAsync(file, "text/event-stream");

    public static Task<Outcome> LinesAsync(string file) => ReadAsync(file, "application/x-ndjson");

    /// <summary>A request that waits for something that doesn't come must be answered.</summary>
    public static async Task<Outcome> LongPollAsync(string file)
    {
        await using var service = await RunningService.StartAsync(file, new Dictionary<string, string>());
        var poll = service.Client.GetAsync("/next");
        await service.Process.LineAsync("polling");
        await service.SignalAsync();
        string seen;
        try
        {
            using var answer = await poll;
            seen = answer.StatusCode == HttpStatusCode.NoContent ? "answered" : $"answered {(int)answer.StatusCode}";
        }
        catch (HttpRequestException)
        {
            seen = "reset";
        }

        return Ended(seen == "answered", seen, service.SinceSignal, await service.ExitAsync());
    }

    /// <summary>A client that gets the close frame and neither answers nor leaves.</summary>
    public static async Task<Outcome> SilentWebSocketAsync(string file)
    {
        await using var service = await RunningService.StartAsync(file, new Dictionary<string, string>());
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{service.Address.Port}/chat"), CancellationToken.None);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var buffer = new byte[64];
        await socket.ReceiveAsync(buffer, CancellationToken.None);

        await service.SignalAsync();
        var closed = await socket.ReceiveAsync(buffer, CancellationToken.None);
        var exit = await service.ExitAsync();
        var wasAborted = service.Process.Output.Contains("GET /chat", StringComparison.Ordinal);
        return new(!wasAborted && closed.CloseStatus == WebSocketCloseStatus.EndpointUnavailable, wasAborted ? "close frame, cut off at the request timeout" : "close frame, ended", exit);
    }

    /// <summary>A gRPC client must hear that it should call again, elsewhere, before the stream's time is over.</summary>
    public static async Task<Outcome> RemoteAsync(string file)
    {
        await using var service = await RunningService.StartAsync(file, new Dictionary<string, string> { ["Kestrel__EndpointDefaults__Protocols"] = "Http2" });
        using var channel = GrpcChannel.ForAddress(service.Address);
        var watch = new Method<string, string>(MethodType.ServerStreaming, "Prices", "Watch", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(watch, null, new CallOptions(), "");
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        await service.SignalAsync();
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        });
        var after = service.SinceSignal;
        var exit = await service.ExitAsync();
        var wasAborted = service.Process.Output.Contains("/Prices/Watch", StringComparison.Ordinal);
        return Ended(!wasAborted && error.StatusCode == StatusCode.Unavailable, $"{error.StatusCode}, {(wasAborted ? "cut off" : "ended")}", after, exit);
    }

    private static async Task<Outcome> ReadAsync(string file, string accept)
    {
        await using var service = await RunningService.StartAsync(file, new Dictionary<string, string>());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stream");
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.NotNull(await reader.ReadLineAsync());

        await service.SignalAsync();
        var isWhole = true;
        try
        {
            while (await reader.ReadLineAsync() is not null)
            {
            }
        }
        catch (IOException)
        {
            isWhole = false;
        }

        return Ended(isWhole, isWhole ? "ended" : "cut off", service.SinceSignal, await service.ExitAsync());
    }

    private static Outcome Ended(bool isGood, string seen, TimeSpan after, TimeSpan exit) =>
        new(isGood, string.Create(CultureInfo.InvariantCulture, $"{seen} after {after.TotalSeconds:F1} s"), exit);
}
