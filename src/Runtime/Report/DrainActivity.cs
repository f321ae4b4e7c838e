using System.Diagnostics;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The report as one activity, written when all is known, with the time at which the drain began. An event stands for each phase, participant and cleanup handler.</summary>
internal static class DrainActivity
{
    public const string Name = "shutdown.drain";

    private static readonly ActivitySource Source = new(ReportNames.Source);

    public static void Record(DrainReport report)
    {
        if (!Source.HasListeners()) return;
        // A trace of its own: the request or the job that happens to be current is not its parent.
        Activity? current = Activity.Current;
        Activity.Current = null;
        try
        {
            using Activity? activity = Source.StartActivity(Name, ActivityKind.Internal, default(ActivityContext), Tags(report), links: null, report.Begun);
            if (activity is null) return;
            foreach (ActivityEvent @event in Events(report)) activity.AddEvent(@event);
            if (ReportNames.ErrorTypeOf(report.ExitCode) is not null) activity.SetStatus(ActivityStatusCode.Error, ReportText.Sentence(report));
            activity.SetEndTime((report.Begun + report.Duration).UtcDateTime);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Tags(DrainReport report)
    {
        yield return new(ReportNames.Cause, report.Cause);
        yield return new(ReportNames.ExitCode, report.ExitCode);
        yield return new(ReportNames.RequestsServed, report.Requests.ServedInDelay);
        yield return new(ReportNames.RequestsRefused, report.Requests.Refused);
        yield return new(ReportNames.RequestsAborted, report.Aborted.Sum(a => a.Count));
        yield return new(ReportNames.ClosesAsked, report.Requests.ClosesAsked);
        yield return new(ReportNames.StreamsAsked, report.Requests.StreamsAsked);
        yield return new(ReportNames.WorkAbandoned, report.AbandonedWork.Count);
        if (ReportNames.ErrorTypeOf(report.ExitCode) is { } error) yield return new(ReportNames.ErrorType, error);
        if (report.LongestHold is { } hold) yield return new("shutdown.longest_wait", hold.What);
    }

    private static IEnumerable<ActivityEvent> Events(DrainReport report)
    {
        foreach (PhaseTime phase in report.Phases)
        {
            yield return new(ReportNames.Phase, report.Begun + phase.Start, new()
            {
                [ReportNames.Phase] = ReportNames.Of(phase.Phase),
                [ReportNames.PhaseDuration] = phase.Duration.TotalSeconds,
            });
        }

        foreach ((string endpoint, int count) in report.Aborted)
        {
            yield return new(ReportNames.RequestsAborted, End(report), new() { [ReportNames.Endpoint] = endpoint, [ReportNames.RequestsAborted] = count });
        }

        foreach (string work in report.AbandonedWork) yield return new(ReportNames.WorkAbandoned, End(report), new() { [ReportNames.Work] = work });

        foreach (ParticipantResult result in report.Participants)
        {
            yield return new("shutdown.participant", End(report), new()
            {
                [ReportNames.Participant] = result.Name,
                [ReportNames.ParticipantResult] = ReportNames.Of(result.Outcome),
                [ReportNames.ParticipantDuration] = result.Duration.TotalSeconds,
            });
        }

        foreach (CleanupResult result in report.Cleanup)
        {
            yield return new("shutdown.cleanup", End(report), new()
            {
                [ReportNames.Cleanup] = result.Name,
                [ReportNames.CleanupStage] = ReportNames.Of(result.Stage),
                [ReportNames.CleanupResult] = ReportNames.Of(result.Outcome),
                [ReportNames.ForcedResult] = result.Forced is { } forced ? ReportNames.Of(forced) : null,
                [ReportNames.CleanupDuration] = result.Duration.TotalSeconds,
            });
        }
    }

    private static DateTimeOffset End(DrainReport report) => report.Begun + report.Duration;
}
