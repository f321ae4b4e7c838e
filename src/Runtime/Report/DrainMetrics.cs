using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The report as metrics. The instruments come into being with it: a listener hears of them then, and until then they cost nothing.</summary>
internal sealed class DrainMetrics(IMeterFactory? meters) : IDisposable
{
    private Meter? _own;

    public void Record(DrainReport report)
    {
        Meter meter = meters?.Create(ReportNames.Source) ?? (_own = new Meter(ReportNames.Source));

        var outcome = new TagList { { ReportNames.Cause, report.Cause }, { ReportNames.ExitCode, report.ExitCode } };
        if (ReportNames.ErrorTypeOf(report.ExitCode) is { } error) outcome.Add(ReportNames.ErrorType, error);
        Seconds(meter, ReportNames.DrainDuration, "How long the drain took, from the signal to the end of cleanup.").Record(report.Duration.TotalSeconds, outcome);

        Histogram<double> phases = Seconds(meter, ReportNames.PhaseDuration, "How long each phase of the drain took.");
        foreach (PhaseTime phase in report.Phases) phases.Record(phase.Duration.TotalSeconds, Tag(ReportNames.Phase, ReportNames.Of(phase.Phase)));

        meter.CreateCounter<long>(ReportNames.RequestsServed, "{request}", "Requests that came during the drain delay and were served.").Add(report.Requests.ServedInDelay);
        meter.CreateCounter<long>(ReportNames.RequestsRefused, "{request}", "Requests that were answered with 503.").Add(report.Requests.Refused);
        meter.CreateCounter<long>(ReportNames.ClosesAsked, "{connection}", "Connections that were asked to close.").Add(report.Requests.ClosesAsked);
        meter.CreateCounter<long>(ReportNames.StreamsAsked, "{stream}", "Streams that were asked to end.").Add(report.Requests.StreamsAsked);

        Counter<long> aborted = meter.CreateCounter<long>(ReportNames.RequestsAborted, "{request}", "Requests and streams that did not end in their time and were aborted.");
        foreach ((string endpoint, int count) in report.Aborted) aborted.Add(count, Tag(ReportNames.Endpoint, endpoint));

        Counter<long> abandoned = meter.CreateCounter<long>(ReportNames.WorkAbandoned, "{work}", "Tracked work that did not end in its time and was left behind.");
        foreach (string name in report.AbandonedWork) abandoned.Add(1, Tag(ReportNames.Work, name));

        Histogram<double> participants = Seconds(meter, ReportNames.ParticipantDuration, "How long each participant took to get idle.");
        foreach (ParticipantResult result in report.Participants)
        {
            participants.Record(result.Duration.TotalSeconds, Tag(ReportNames.Participant, result.Name), Tag(ReportNames.ParticipantResult, ReportNames.Of(result.Outcome)));
        }

        Histogram<double> cleanup = Seconds(meter, ReportNames.CleanupDuration, "How long each cleanup handler took.");
        foreach (CleanupResult result in report.Cleanup)
        {
            var tags = new TagList
            {
                { ReportNames.Cleanup, result.Name }, { ReportNames.CleanupStage, ReportNames.Of(result.Stage) }, { ReportNames.CleanupResult, ReportNames.Of(result.Outcome) },
            };
            if (result.Forced is { } forced) tags.Add(ReportNames.ForcedResult, ReportNames.Of(forced));
            cleanup.Record(result.Duration.TotalSeconds, tags);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _own?.Dispose();

    private static Histogram<double> Seconds(Meter meter, string name, string description) => meter.CreateHistogram<double>(name, "s", description);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
