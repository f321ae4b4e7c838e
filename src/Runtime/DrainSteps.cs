using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>Runs the steps of the drain: one that fails is reported, and the ones behind it still run.</summary>
internal sealed class DrainSteps(ILogger logger, DrainJournal journal)
{
    /// <param name="step">What the drain could not do, for the log and the report.</param>
    /// <param name="action">The step.</param>
    public async Task TryAsync(string step, Func<Task> action)
    {
        try { await action().ConfigureAwait(false); }
        catch (Exception e) { Failed(step, e); }
    }

    /// <inheritdoc cref="TryAsync"/>
    public void Try(string step, Action action)
    {
        try { action(); }
        catch (Exception e) { Failed(step, e); }
    }

    /// <summary>Fires a token, whatever the application's callbacks on it do.</summary>
    public void Fire(CancellationTokenSource source, string name)
    {
        try { source.Cancel(); }
        catch (AggregateException e) { logger.CallbackFailed(e, name); }
    }

    private void Failed(string step, Exception error)
    {
        logger.StepFailed(error, step);
        journal.Failed(step);
    }
}
