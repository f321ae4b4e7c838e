namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Ends the drain delay early where the evidence says that nobody needs the rest of it: readiness was seen unready often enough, and no request has come for a while. Off by default. The delay remains the
/// ceiling. For web applications; a worker has no such evidence and keeps its delay.
/// </summary>
public sealed class EarlyEndOptions
{
    /// <summary>How long no request may have come, probes and exempt endpoints aside; null, the default, turns the early end off. Take more than the pause between two requests of a quiet hour.</summary>
    public TimeSpan? QuietTime { get; set; }

    /// <summary>How many probes have to be answered with 503: at least as many as the balancer's threshold, times the number of balancers that probe. 3 by default.</summary>
    public int UnreadyProbes { get; set; } = 3;

    /// <summary>The least that the delay lasts whatever the evidence. 2 s by default. Has no effect where the delay is shorter.</summary>
    public TimeSpan MinDelay { get; set; } = TimeSpan.FromSeconds(2);
}
