using System.Collections.Concurrent;
using System.Net.Sockets;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>What a load run has seen.</summary>
/// <param name="Answered">Requests answered 2xx with the right body.</param>
/// <param name="Moved">Connects that an instance refused, so that the client went to the next one.</param>
/// <param name="Repeated">GETs that met a closed connection and were sent again, as HTTP allows.</param>
/// <param name="Lost">All others, each with what became of it.</param>
internal sealed record LoadResult(int Answered, int Moved, int Repeated, IReadOnlyCollection<string> Lost)
{
    public int Requests => Answered + Lost.Count;

    public override string ToString() =>
        $"{Requests} requests, {Answered} answered, {Lost.Count} lost ({string.Join(", ", Lost.GroupBy(what => what).Select(group => $"{group.Count()}x {group.Key}"))}), {Moved} connects refused, {Repeated} GETs repeated";
}

/// <summary>
/// Clients that keep their connections and send one request after the other (a closed loop). A request is lost unless it is answered 2xx with the body that belongs to it. Two things are no loss:
/// <list type="bullet">
/// <item>a connect that is refused: nothing was sent, every client and proxy goes to the next address; the request is lost only when all refuse;</item>
/// <item>for GETs, where the test allows it: a connection that has carried a request before and is found closed, without a byte of an answer. An idle connection may be closed at any time, the client can't
/// see it before it sends, and RFC 9110 (9.2.2) has it send an idempotent request again. It is sent again once.</item>
/// </list>
/// Everything else is: a 503 or any other status, a POST on a closed connection (it may have been carried out), an answer that breaks off, a fresh connection that ends without an answer.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<int> _ports;
    private readonly IReadOnlyList<string> _methods;
    private readonly bool _repeat;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _lost = [];
    private readonly Task[] _clients;
    private int _answered;
    private int _moved;
    private int _repeated;

    private Load(IReadOnlyList<int> ports, int clients, IReadOnlyList<string> methods, bool repeat)
    {
        (_ports, _methods, _repeat) = (ports, methods, repeat);
        _clients = [.. Enumerable.Range(0, clients).Select(client => Task.Run(() => RunAsync(client)))];
    }

    /// <summary>Through a proxy: GET and POST in turn, nothing is ever sent again.</summary>
    public static Load Through(int port, int clients) => new([port], clients, ["GET", "POST"], repeat: false);

    /// <summary>Straight to the instances: the first one as long as it accepts, then the next.</summary>
    public static Load Direct(IReadOnlyList<int> ports, int clients) => new(ports, clients, ["GET"], repeat: true);

    /// <summary>Waits until so many more requests have been answered, or lost.</summary>
    public Task MoreAsync(int requests)
    {
        var target = Volatile.Read(ref _answered) + _lost.Count + requests;
        return Until.TrueAsync(() => Volatile.Read(ref _answered) + _lost.Count >= target, $"{requests} more requests are done");
    }

    public async Task<LoadResult> StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
        return new LoadResult(_answered, _moved, _repeated, _lost);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task RunAsync(int client)
    {
        var instance = 0;
        KeepAliveConnection? connection = null;
        try
        {
            for (var number = 0; !_end.IsCancellationRequested; number++)
            {
                var method = _methods[number % _methods.Count];
                var repeats = 0;
                while (true)
                {
                    try
                    {
                        connection ??= await OpenAsync();
                        Check(method, $"{client}-{number}", await SendAsync(connection, method, $"{client}-{number}"));
                        break;
                    }
                    catch (ClosedUnansweredException) when (_repeat && method == "GET" && connection is { IsReused: true } && repeats++ == 0)
                    {
                        Interlocked.Increment(ref _repeated);
                        Drop();
                    }
                    catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
                    {
                        _lost.Enqueue($"{method} on a {(connection is { IsReused: true } ? "kept" : "fresh")} connection: {e.Message}");
                        Drop();
                        break;
                    }
                }

                if (connection is { IsClosing: true })
                    Drop();
                await Task.Delay(Think);
            }
        }
        finally
        {
            Drop();
        }

        void Drop()
        {
            connection?.Dispose();
            connection = null;
        }

        async Task<KeepAliveConnection> OpenAsync()
        {
            for (var refusals = 1; ; refusals++)
            {
                try
                {
                    return await KeepAliveConnection.OpenAsync(_ports[instance]);
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && refusals < _ports.Count)
                {
                    Interlocked.Increment(ref _moved);
                    instance = (instance + 1) % _ports.Count;
                }
            }
        }
    }

    private static Task<Answer> SendAsync(KeepAliveConnection connection, string method, string id) =>
        method == "GET" ? connection.SendAsync(method, $"/orders/{id}", "") : connection.SendAsync(method, "/orders", id);

    private void Check(string method, string id, Answer answer)
    {
        if (answer.Status is >= 200 and < 300 && answer.Body == $"order {id}")
            Interlocked.Increment(ref _answered);
        else
            _lost.Enqueue($"{method}: {answer.Status}{(answer.Status < 300 ? $" with '{answer.Body}'" : "")}");
    }
}
