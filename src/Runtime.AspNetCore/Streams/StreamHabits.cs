using System.Runtime.CompilerServices;
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

    /// <summary>What the table has found last, each at a place that its endpoint tells: the table itself takes as long as all the rest.</summary>
    private readonly Habit?[] _found = new Habit?[256];
    private volatile bool _hasStreams;

    /// <summary>Whether the request has taken its token.</summary>
    public bool IsStream(IFeatureCollection features) => _hasStreams && features[typeof(OpenStream)] is not null;

    /// <summary>Whether a request has to be awaited that waits for something.</summary>
    public bool MayStream(IFeatureCollection features)
    {
        Habit habit = Of(features);
        // A race loses a count, and nothing else; behind the last of them nobody writes, which would cost the other processors. The endpoint may have been another one when the token was taken.
        return habit.Streams || (habit.Seen < Enough && habit.Seen++ < Enough) || IsStream(features);
    }

    /// <summary>The request has taken its token.</summary>
    public void Streams(IFeatureCollection features)
    {
        _hasStreams = true;
        Of(features).Streams = true;
    }

    private Habit Of(IFeatureCollection features)
    {
        // Kestrel's features hold the endpoint themselves. Not GetEndpoint, which asks them by a generic method: that costs several times as much.
        IEndpointFeature? feature = features as IEndpointFeature ?? features[typeof(IEndpointFeature)] as IEndpointFeature;
        object endpoint = feature?.Endpoint ?? NoEndpoint;
        ref Habit? found = ref _found[RuntimeHelpers.GetHashCode(endpoint) & (_found.Length - 1)];
        if (found is not { } habit || habit.Endpoint != endpoint) found = habit = _habits.GetValue(endpoint, static endpoint => new Habit(endpoint));
        return habit;
    }

    private sealed class Habit(object endpoint)
    {
        public object Endpoint { get; } = endpoint;

        public int Seen { get; set; }

        public bool Streams { get; set; }
    }
}
