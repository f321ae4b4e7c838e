using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogCollector : ILoggerProvider
{
    /// <summary>The properties of the records, in the same order.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, object?>> Properties { get; } = [];

    /// <summary>The drain reports: one, unless the process was forced to end after it.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Reports => [.. Properties.Where(p => p.ContainsKey("Report"))];

    public ConcurrentQueue<(string Category, LogLevel Level, string Text)> Lines { get; } = [];

    public IEnumerable<string> Ours(LogLevel level) => Lines.Where(l => l.Category == DrainLog.Category && l.Level == level).Select(l => l.Text);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogCollector owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (state is IEnumerable<KeyValuePair<string, object?>> properties) owner.Properties.Enqueue(properties.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value));
            owner.Lines.Enqueue((category, logLevel, formatter(state, exception) + (exception is null ? "" : " " + exception.Message)));
        }
    }
}
