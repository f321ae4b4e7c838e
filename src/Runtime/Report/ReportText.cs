using System.Globalization;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The report as a person reads it: one line, in which nothing stands that did not happen.</summary>
internal static class ReportText
{
    public static string Sentence(DrainReport report)
    {
        List<string> parts =
        [
            report.CutOff is { } cut
                ? $"Drain cut off after {Show(report.Duration)} by {cut.Why}, exit code {report.ExitCode}"
                : $"Drained in {Show(report.Duration)}, exit code {report.ExitCode}",
            $"Cause: {report.Cause}",
            $"Phases: {string.Join(", ", report.Phases.Select(p => $"{p.Phase} {Show(p.Duration)}"))}",
        ];
        Add(parts, "Requests", Requests(report.Requests));
        Add(parts, "Aborted", Aborted(report));
        Add(parts, "Work left behind", Names(report.AbandonedWork));
        Add(parts, "Work that gave up", Names(report.WorkThatGaveUp));
        Add(parts, "Participants", Participants(report));
        Add(parts, "Cleanup", Cleanup(report));
        Add(parts, "Background services that had failed", Names(report.FaultedServices));
        Add(parts, "The drain could not", Names(report.FailedSteps));
        Add(parts, "Longest wait", LongestHold(report));
        Add(parts, "Still running", report.CutOff?.StillRunning ?? "");
        return string.Join(". ", parts) + ".";
    }

    public static string Aborted(DrainReport report) => string.Join(", ", report.Aborted.Select(a => a.Count == 1 ? a.Endpoint : string.Create(CultureInfo.InvariantCulture, $"{a.Count} x {a.Endpoint}")));

    public static string Names(IReadOnlyList<string> names) => string.Join(", ", names);

    public static string Participants(DrainReport report) => string.Join(", ", report.Participants.Select(p => p.Outcome switch
    {
        ParticipantOutcome.Idle => $"'{p.Name}' idle after {Show(p.Duration)}",
        ParticipantOutcome.Failed => $"'{p.Name}' failed after {Show(p.Duration)}",
        _ => $"'{p.Name}' still busy after {Show(p.Duration)}",
    }));

    public static string Cleanup(DrainReport report) => string.Join(", ", report.Cleanup.Select(c =>
        $"'{c.Name}' ({c.Stage}) " + Step(c.Outcome) + (c.Forced is { } forced ? $", its forced step {Step(forced)}" : "") + $" in {Show(c.Duration)}"));

    public static string LongestHold(DrainReport report) => report.LongestHold is { } hold ? $"{hold.What}, {Show(hold.Duration)}" : "";

    private static string Requests(RequestCounts counts) => string.Join(", ", new[]
    {
        Count(counts.ServedInDelay, "served during the delay"),
        Count(counts.Refused, "refused"),
        Count(counts.ClosesAsked, "connections asked to close"),
        Count(counts.StreamsAsked, "streams asked to end"),
    }.Where(text => text.Length > 0));

    private static string Count(long count, string what) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count} {what}");

    private static string Step(CleanupOutcome outcome) => outcome switch
    {
        CleanupOutcome.Done => "done",
        CleanupOutcome.Failed => "failed",
        _ => "did not end",
    };

    private static string Show(TimeSpan time) => DurationText.Show(time);

    private static void Add(List<string> parts, string title, string text)
    {
        if (text.Length > 0) parts.Add($"{title}: {text}");
    }
}
