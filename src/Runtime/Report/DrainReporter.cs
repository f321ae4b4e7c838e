using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Writes the report: one log record, the metrics, one activity. Comes from the last step of the host's stop, so that exporters, which are closed with the container, still get it. What one of the
/// three can't take does not keep the others from theirs, and nothing is thrown.
/// </summary>
internal sealed class DrainReporter : IDisposable
{
    private readonly Lazy<DrainMetrics>? _metrics;
    private int _published;

    public DrainReporter(ILoggerFactory loggers, IMeterFactory? meters = null)
        : this(new GuardedLogger(loggers.CreateLogger(DrainLog.Category)), new Lazy<DrainMetrics>(() => new DrainMetrics(meters)))
    {
    }

    private DrainReporter(ILogger logger, Lazy<DrainMetrics>? metrics)
    {
        Logger = logger;
        _metrics = metrics;
    }

    public ILogger Logger { get; }

    /// <summary>One that makes the same records and passes nothing on.</summary>
    public DrainReporter ForRehearsal() => new(new GuardedLogger(new UnreadLogger(Logger)), metrics: null);

    /// <summary>Brings the instruments into being, so that listeners hear of them ahead of the drain.</summary>
    public void Prepare() => Try("prepare its metrics", () => _ = _metrics?.Value);

    public void Write(DrainReport report)
    {
        // The log first: on a forced exit it may be all that there is time for.
        Logger.Report(report);
        // A process that is forced to end after its drain was done gets a second log record, but nothing counts twice.
        if (_metrics is null || Interlocked.Exchange(ref _published, 1) != 0) return;
        Try("record its metrics", () =>
        {
            if (_metrics.Value is { IsListenedTo: true } metrics) metrics.Record(report);
        });
        Try("record its activity", () => DrainActivity.Record(report));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_metrics is { IsValueCreated: true }) _metrics.Value.Dispose();
    }

    private void Try(string step, Action action)
    {
        try { action(); }
        catch (Exception e) { Logger.StepFailed(e, step); }
    }

    /// <summary>Has every line made that the real one would take, and drops it.</summary>
    private sealed class UnreadLogger(ILogger real) : ILogger
    {
        /// <inheritdoc/>
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        /// <inheritdoc/>
        public bool IsEnabled(LogLevel logLevel) => real.IsEnabled(logLevel);

        /// <inheritdoc/>
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _ = formatter(state, exception);
    }
}
