using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Listens to the library's meter and activity source as OpenTelemetry does: by name, and not before it is told of a thing.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly Func<object?, bool> _isOurs;

    /// <summary>Tests run beside each other, and listeners hear the whole process: the factory's scope, or none, tells whose meter it is, and the cause whose activity.</summary>
    public Telemetry(string cause, Func<object?, bool> isOurs)
    {
        _isOurs = isOurs;
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != "ShutdownAnalyzers.Runtime" || !_isOurs(instrument.Meter.Scope)) return;
            Instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ShutdownAnalyzers.Runtime",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("shutdown.cause"), cause)) Activities.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public ConcurrentDictionary<string, Instrument> Instruments { get; } = [];

    public ConcurrentQueue<(string Instrument, double Value, Dictionary<string, object?> Tags)> Measurements { get; } = [];

    public ConcurrentQueue<Activity> Activities { get; } = [];

    public double Value(string instrument, params (string Name, object Value)[] tags) =>
        Measurements.Single(m => m.Instrument == instrument && tags.All(t => Equals(m.Tags.GetValueOrDefault(t.Name), t.Value))).Value;

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Measurements.Enqueue((instrument.Name, value, tags.ToArray().ToDictionary(t => t.Key, t => t.Value)));
}
