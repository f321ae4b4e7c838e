using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;

namespace RollingDeploy;

/// <summary>
/// Clients that each keep one connection and send one request after the other, as fast as they are answered: 4 new orders, 5 orders read and 1 list in 10 requests.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    // A client that lost a request waits a little: answers that fail fast would inflate the count.
    private static readonly TimeSpan s_pauseAfterLoss = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _abort = new();
    private readonly ConcurrentDictionary<string, int> _lost = new();
    private readonly Task[] _clients;
    private volatile bool _stopping;
    private int _answered;

    public Load(Uri address, int clients) =>
        _clients = [.. Enumerable.Range(1, clients).Select(client => Task.Run(() => RunAsync(address, client)))];

    public Tally Tally => new(Volatile.Read(ref _answered), new SortedDictionary<string, int>(_lost.ToDictionary()));

    /// <summary>Sends nothing new, waits for every answer and gives the final count.</summary>
    public async Task<Tally> FinishAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        await Task.WhenAll(_clients).WaitAsync(cancellationToken);
        return Tally;
    }

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        await _abort.CancelAsync();
        await Task.WhenAll(_clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _abort.Dispose();
    }

    private async Task RunAsync(Uri address, int client)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false };
        using var http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        string? order = null;
        for (var request = client; !_stopping; request++)
        {
            try
            {
                order = await SendAsync(http, request, order);
                Interlocked.Increment(ref _answered);
            }
            catch (Exception e) when (e is LostException or HttpRequestException or IOException or TaskCanceledException)
            {
                if (_abort.IsCancellationRequested)
                    return;

                _lost.AddOrUpdate(Reason(e), 1, (_, count) => count + 1);
                await Task.Delay(s_pauseAfterLoss);
            }
        }
    }

    // The order that the next reads ask for: what the service has confirmed it must know from then on, whichever instance is asked.
    private async Task<string?> SendAsync(HttpClient http, int request, string? order)
    {
        if (order is null || request % 10 is 0 or 3 or 6 or 8)
        {
            using var created = await http.PostAsJsonAsync("/orders", new { customer = "Ada", product = "Teapot", quantity = 1 + (request % 5) }, _abort.Token);
            return (await ReadAsync<OrderId>(created, HttpStatusCode.Created)).Id;
        }

        if (request % 10 == 9)
        {
            using var latest = await http.GetAsync("/orders", _abort.Token);
            await ReadAsync<List<OrderId>>(latest, HttpStatusCode.OK);
            return order;
        }

        using var found = await http.GetAsync($"/orders/{order}", _abort.Token);
        var answer = await ReadAsync<OrderId>(found, HttpStatusCode.OK);
        return answer.Id == order ? order : throw new LostException("another order");
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, HttpStatusCode expected)
    {
        if (response.StatusCode != expected)
            throw new LostException($"{(int)response.StatusCode} {response.ReasonPhrase}");
        return await response.Content.ReadFromJsonAsync<T>(_abort.Token) ?? throw new LostException("an empty answer");
    }

    private static string Reason(Exception e) => e switch
    {
        LostException => e.Message,
        TaskCanceledException => "no answer in 30 s",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => http.HttpRequestError.ToString(),
        _ => "connection broken",
    };

    private sealed record OrderId(string Id);

    private sealed class LostException(string reason) : Exception(reason);
}

/// <summary>How many requests were answered as they should be, and how many were not, by reason.</summary>
internal sealed record Tally(int Answered, IReadOnlyDictionary<string, int> LostBy)
{
    public int Lost => LostBy.Values.Sum();

    public int Requests => Answered + Lost;
}
