using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>A logger that can't break what it reports on: while the host stops, a provider may be closed already or unable to write. Its line goes to the error stream then.</summary>
internal sealed class GuardedLogger(ILogger logger) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => logger.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        try { return logger.IsEnabled(logLevel); }
        // The line is on its way, and gets to the error stream.
        catch (Exception) { return true; }
    }

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try { logger.Log(logLevel, eventId, state, exception, formatter); }
        catch (Exception e) { Console.Error.WriteLine($"{formatter(state, exception)} {exception} (It could not be logged: {e.Message})"); }
    }
}
