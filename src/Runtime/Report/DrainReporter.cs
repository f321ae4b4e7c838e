using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Writes the report: one log record, the metrics, one activity. Comes from the last step of the host's stop, so that exporters, which are closed with the container, still get it. What one of the
/// three can't take does not keep the others from theirs, and nothing is thrown.
/// </summary>
internal sealed class DrainReporter(ILoggerFactory loggers, IMeterFactory? meters = null) : IDisposable
{
    private readonly DrainMetrics _metrics = new(meters);
    private int _published;

    public ILogger Logger { get; } = new GuardedLogger(loggers.CreateLogger(DrainLog.Category));

    public void Write(DrainReport report)
    {
        // The log first: on a forced exit it may be all that there is time for.
        Logger.Report(report);
        // A process that is forced to end after its drain was done gets a second log record, but nothing counts twice.
        if (Interlocked.Exchange(ref _published, 1) != 0) return;
        Try("record its metrics", () => _metrics.Record(report));
        Try("record its activity", () => DrainActivity.Record(report));
    }

    /// <inheritdoc/>
    public void Dispose() => _metrics.Dispose();

    private void Try(string step, Action action)
    {
        try { action(); }
        catch (Exception e) { Logger.StepFailed(e, step); }
    }
}
