using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The report as metrics.</summary>
internal sealed class DrainMetrics : IDisposable
{
    private readonly Meter? _own;
    private readonly Histogram<double> _drain;
    private readonly Histogram<double> _phase;
    private readonly Counter<long> _served;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _closesAsked;
    private readonly Counter<long> _streamsAsked;
    private readonly Counter<long> _aborted;
    private readonly Counter<long> _abandoned;
    private readonly Histogram<double> _participant;
    private readonly Histogram<double> _cleanup;

    public DrainMetrics(IMeterFactory? meters)
    {
        Meter meter = meters?.Create(ReportNames.Source) ?? (_own = new Meter(ReportNames.Source));
        _drain = Seconds(meter, ReportNames.DrainDuration, "How long the drain took, from the signal to the end of cleanup.");
        _phase = Seconds(meter, ReportNames.PhaseDuration, "How long each phase of the drain took.");
        _served = Count(meter, ReportNames.RequestsServed, "{request}", "Requests that came during the drain delay and were served.");
        _refused = Count(meter, ReportNames.RequestsRefused, "{request}", "Requests that were answered with 503.");
        _closesAsked = Count(meter, ReportNames.ClosesAsked, "{connection}", "Connections that were asked to close.");
        _streamsAsked = Count(meter, ReportNames.StreamsAsked, "{stream}", "Streams that were asked to end.");
        _aborted = Count(meter, ReportNames.RequestsAborted, "{request}", "Requests and streams that did not end in their time and were aborted.");
        _abandoned = Count(meter, ReportNames.WorkAbandoned, "{work}", "Tracked work that did not end in its time and was left behind.");
        _participant = Seconds(meter, ReportNames.ParticipantDuration, "How long each participant took to get idle.");
        _cleanup = Seconds(meter, ReportNames.CleanupDuration, "How long each cleanup handler took.");
    }

    /// <summary>Whether anybody listens to any of it. Where nobody does, the exit needn't wait for the rest of this code to be compiled.</summary>
    public bool IsListenedTo =>
        _drain.Enabled || _phase.Enabled || _served.Enabled || _refused.Enabled || _closesAsked.Enabled || _streamsAsked.Enabled || _aborted.Enabled || _abandoned.Enabled || _participant.Enabled || _cleanup.Enabled;

    public void Record(DrainReport report)
    {
        var outcome = new TagList { { ReportNames.Cause, report.Cause }, { ReportNames.ExitCode, report.ExitCode } };
        if (ReportNames.ErrorTypeOf(report.ExitCode) is { } error) outcome.Add(ReportNames.ErrorType, error);
        _drain.Record(report.Duration.TotalSeconds, outcome);
        foreach (PhaseTime phase in report.Phases) _phase.Record(phase.Duration.TotalSeconds, Tag(ReportNames.Phase, ReportNames.Of(phase.Phase)));

        _served.Add(report.Requests.ServedInDelay);
        _refused.Add(report.Requests.Refused);
        _closesAsked.Add(report.Requests.ClosesAsked);
        _streamsAsked.Add(report.Requests.StreamsAsked);
        foreach ((string endpoint, int count) in report.Aborted) _aborted.Add(count, Tag(ReportNames.Endpoint, endpoint));
        foreach (string name in report.AbandonedWork) _abandoned.Add(1, Tag(ReportNames.Work, name));

        foreach (ParticipantResult result in report.Participants)
        {
            _participant.Record(result.Duration.TotalSeconds, Tag(ReportNames.Participant, result.Name), Tag(ReportNames.ParticipantResult, ReportNames.Of(result.Outcome)));
        }

        foreach (CleanupResult result in report.Cleanup)
        {
            var tags = new TagList
            {
                { ReportNames.Cleanup, result.Name }, { ReportNames.CleanupStage, ReportNames.Of(result.Stage) }, { ReportNames.CleanupResult, ReportNames.Of(result.Outcome) },
            };
            if (result.Forced is { } forced) tags.Add(ReportNames.ForcedResult, ReportNames.Of(forced));
            _cleanup.Record(result.Duration.TotalSeconds, tags);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();

    private static Histogram<double> Seconds(Meter meter, string name, string description) => meter.CreateHistogram<double>(name, "s", description);

    private static Counter<long> Count(Meter meter, string name, string unit, string description) => meter.CreateCounter<long>(name, unit, description);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
