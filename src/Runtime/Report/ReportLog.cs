using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The report as one log record: a sentence as its message, and each of its parts as a property, which a source-generated method has no way to pass beside its message.</summary>
internal static class ReportLog
{
    private static readonly EventId Event = new(19, "DrainReport");

    public static void Report(this ILogger logger, DrainReport report)
    {
        LogLevel level = report.CutOff is not null ? LogLevel.Critical : report.ExitCode == ShutdownExitCodes.Clean ? LogLevel.Information : LogLevel.Error;
        if (!logger.IsEnabled(level)) return;
        Exception? error = report.Errors.Count > 1 ? new AggregateException(report.Errors) : report.Errors.FirstOrDefault();
        string sentence = ReportText.Sentence(report);
        logger.Log(level, Event, Properties(report, sentence), error, (_, _) => sentence);
    }

    private static KeyValuePair<string, object?>[] Properties(DrainReport report, string sentence) =>
    [
        new("Report", sentence),
        new("Cause", report.Cause),
        new("ExitCode", report.ExitCode),
        new("DurationSeconds", report.Duration.TotalSeconds),
        new("AnnounceSeconds", Seconds(report, DrainPhase.Announce)),
        new("ShedSeconds", Seconds(report, DrainPhase.Shed)),
        new("RefuseSeconds", Seconds(report, DrainPhase.Refuse)),
        new("StopSeconds", Seconds(report, DrainPhase.Stop)),
        new("CleanUpSeconds", Seconds(report, DrainPhase.CleanUp)),
        new("RequestsServed", report.Requests.ServedInDelay),
        new("RequestsRefused", report.Requests.Refused),
        new("ClosesAsked", report.Requests.ClosesAsked),
        new("StreamsAsked", report.Requests.StreamsAsked),
        new("RequestsAborted", report.Aborted.Sum(a => a.Count)),
        new("AbortedEndpoints", ReportText.Aborted(report)),
        new("AbandonedWork", ReportText.Names(report.AbandonedWork)),
        new("WorkThatGaveUp", ReportText.Names(report.WorkThatGaveUp)),
        new("Participants", ReportText.Participants(report)),
        new("Cleanup", ReportText.Cleanup(report)),
        new("FaultedServices", ReportText.Names(report.FaultedServices)),
        new("FailedSteps", ReportText.Names(report.FailedSteps)),
        new("LongestWait", ReportText.LongestHold(report)),
        new("CutOffBy", report.CutOff?.Why ?? ""),
        new("StillRunning", report.CutOff?.StillRunning ?? ""),
        // By convention the last one, by which structured loggers tell kinds of messages apart.
        new("{OriginalFormat}", "{Report}"),
    ];

    private static double Seconds(DrainReport report, DrainPhase phase) => report.Phases.Where(p => p.Phase == phase).Sum(p => p.Duration.TotalSeconds);
}
