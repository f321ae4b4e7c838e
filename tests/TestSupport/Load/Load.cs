using System.Collections.Concurrent;
using System.Net.Sockets;

namespace ShutdownAnalyzers.TestSupport;

/// <summary>
/// Clients that keep their connections and send one request after the other (a closed loop). A request is lost unless it is answered 2xx with the body that belongs to it. Two things are no loss:
/// <list type="bullet">
/// <item>a connect that is refused: nothing was sent, every client and proxy goes to the next address; the request is lost only when all refuse;</item>
/// <item>for GETs, where the test allows it: a connection that has carried a request before and is found closed, without a byte of an answer. An idle connection may be closed at any time, the client can't
/// see it before it sends, and RFC 9110 (9.2.2) has it send an idempotent request again. It is sent again once.</item>
/// </list>
/// Everything else is: a 503 or any other status, a POST on a closed connection (it may have been carried out), an answer that breaks off, a fresh connection that ends without an answer.
/// </summary>
public sealed class Load : IAsyncDisposable
{
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<int> _ports;
    private readonly IReadOnlyList<string> _methods;
    private readonly bool _repeat;
    private readonly bool _spread;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<Loss> _lost = [];
    private readonly Task[] _clients;
    private int _answeredGets;
    private int _answeredPosts;
    private int _moved;
    private int _repeated;

    private Load(IReadOnlyList<int> ports, int clients, IReadOnlyList<string> methods, bool repeat, bool spread)
    {
        (_ports, _methods, _repeat, _spread) = (ports, methods, repeat, spread);
        _clients = [.. Enumerable.Range(0, clients).Select(client => Task.Run(() => RunAsync(client)))];
    }

    private int Done => Volatile.Read(ref _answeredGets) + Volatile.Read(ref _answeredPosts) + _lost.Count;

    /// <summary>Through a proxy: GET and POST in turn, nothing is ever sent again.</summary>
    public static Load Through(int port, int clients) => new([port], clients, ["GET", "POST"], repeat: false, spread: false);

    /// <summary>Straight to the instances: the first one as long as it accepts, then the next.</summary>
    public static Load Direct(IReadOnlyList<int> ports, int clients) => new(ports, clients, ["GET"], repeat: true, spread: false);

    /// <summary>Straight to the instances, each client to all of them in turn; GET and POST, nothing is ever sent again.</summary>
    public static Load RoundRobin(IReadOnlyList<int> ports, int clients) => new(ports, clients, ["GET", "POST"], repeat: false, spread: true);

    /// <summary>Waits until so many more requests have been answered, or lost.</summary>
    public Task MoreAsync(int requests)
    {
        var target = Done + requests;
        return Until.TrueAsync(() => Done >= target, $"{requests} more requests are done");
    }

    public async Task<LoadResult> StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
        return new LoadResult(_answeredGets, _answeredPosts, _moved, _repeated, _lost);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task RunAsync(int client)
    {
        using var connections = new ClientConnections(_ports, () => Interlocked.Increment(ref _moved));
        for (var number = 0; !_end.IsCancellationRequested; number++)
        {
            if (_spread)
                connections.Turn(client + number);
            await RequestAsync(connections, _methods[number % _methods.Count], $"{client}-{number}");
            await Task.Delay(Think);
        }
    }

    private async Task RequestAsync(ClientConnections connections, string method, string id)
    {
        for (var attempt = 1; ; attempt++)
        {
            KeepAliveConnection? connection = null;
            try
            {
                connection = await connections.OpenAsync();
                Check(method, id, await SendAsync(connection, method, id));
                if (connection.IsClosing)
                    connections.Drop();
                return;
            }
            catch (ClosedUnansweredException) when (_repeat && method == "GET" && connection is { IsReused: true } && attempt == 1)
            {
                Interlocked.Increment(ref _repeated);
                connections.Drop();
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                _lost.Enqueue(new Loss(method, 0, $"{method} on a {(connection is { IsReused: true } ? "kept" : "fresh")} connection: {e.Message}"));
                connections.Drop();
                return;
            }
        }
    }

    private static Task<Answer> SendAsync(KeepAliveConnection connection, string method, string id) =>
        method == "GET" ? connection.SendAsync(method, $"/orders/{id}", "") : connection.SendAsync(method, "/orders", id);

    private void Check(string method, string id, Answer answer)
    {
        if (answer.Status is >= 200 and < 300 && answer.Body == $"order {id}")
            Interlocked.Increment(ref method == "GET" ? ref _answeredGets : ref _answeredPosts);
        else
            _lost.Enqueue(new Loss(method, answer.Status, $"{method}: {answer.Status}{(answer.Status < 300 ? $" with '{answer.Body}'" : "")}"));
    }
}
