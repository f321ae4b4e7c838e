namespace ShutdownAnalyzers.Runtime;

/// <summary>The sums over the options that the deadline, the host's timeout, the checks at start and the messages share.</summary>
internal static class DrainBudget
{
    /// <summary>For everything that no other part of the budget pays for: closing connections that were aborted, disposing of the container, the last log lines.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    /// <summary>Between telling what still runs that it is about to be aborted and aborting it. Paid from the margin.</summary>
    public static readonly TimeSpan AbortNotice = TimeSpan.FromMilliseconds(250);

    /// <summary>How much of the margin the host may take to end after the requests' time is up; then cleanup begins without it, so that its time isn't lost.</summary>
    public static readonly TimeSpan Overtime = TimeSpan.FromMilliseconds(1500);

    /// <summary>The whole sequence with the given delay.</summary>
    public static TimeSpan Total(GracefulShutdownOptions options, TimeSpan delay) => delay + AfterDelay(options);

    /// <summary>What the host's own stop may take: all but the delay, which comes ahead of it.</summary>
    public static TimeSpan AfterDelay(GracefulShutdownOptions options) => options.RequestTimeout + options.CleanupTimeout + Margin;

    /// <summary>The sum as a message shows it.</summary>
    public static string Show(GracefulShutdownOptions options) =>
        $"DrainDelay {DurationText.Show(options.DrainDelay)} + RequestTimeout {DurationText.Show(options.RequestTimeout)} + CleanupTimeout {DurationText.Show(options.CleanupTimeout)} + "
        + $"margin {DurationText.Show(Margin)} = {DurationText.Show(Total(options, options.DrainDelay))}";
}
