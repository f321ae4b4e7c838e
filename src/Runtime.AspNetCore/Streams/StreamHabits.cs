using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// Which requests are awaited because they may end by their drain token (<see cref="StreamEnd"/>). To await costs an allocation, so that requests of endpoints that never take the token are not: an endpoint whose first
/// requests have all done without it counts as one of those, until one takes it.
/// </summary>
internal sealed class StreamHabits
{
    private const int Enough = 1000;

    /// <summary>For requests that no endpoint serves.</summary>
    private static readonly object NoEndpoint = new();

    private readonly ConditionalWeakTable<object, Habit> _habits = [];
    private volatile bool _hasStreams;

    /// <summary>Whether a request has to be awaited that waits for something.</summary>
    public bool MayStream(HttpContext request)
    {
        if (_hasStreams && request.Features.Get<OpenStream>() is not null) return true;
        Habit habit = Of(request);
        // A race loses a count, and nothing else.
        return habit.Streams || habit.Seen++ < Enough;
    }

    /// <summary>The request has taken its token.</summary>
    public void Streams(HttpContext request)
    {
        _hasStreams = true;
        Of(request).Streams = true;
    }

    private Habit Of(HttpContext request)
    {
        // Not GetEndpoint, which asks Kestrel by a generic method: that costs several times as much.
        object endpoint = (request.Features[typeof(IEndpointFeature)] as IEndpointFeature)?.Endpoint ?? NoEndpoint;
        return _habits.TryGetValue(endpoint, out Habit? habit) ? habit : _habits.GetValue(endpoint, static _ => new Habit());
    }

    private sealed class Habit
    {
        public int Seen { get; set; }

        public bool Streams { get; set; }
    }
}
