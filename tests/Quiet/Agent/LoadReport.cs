namespace Quiet.Agent;

/// <summary>Reports until it is asked to stop; the last line is written in any case.</summary>
internal sealed class LoadReport(TimeSpan interval) : IAsyncDisposable
{
    private readonly StreamWriter _file = File.AppendText(Path.Combine(Path.GetTempPath(), "load.log"));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _file.WriteLineAsync($"{Environment.TickCount64} {Environment.WorkingSet}".AsMemory(), cancellationToken);
                await Task.Delay(interval, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await _file.WriteLineAsync("stopped".AsMemory(), CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
