namespace ShutdownAnalyzers.Facts.Signals;

/// <summary>2.1 to 2.4: a handler of Ctrl+C which sets Cancel never, first, before an await or after one.</summary>
internal sealed class CtrlC : IScenario
{
    public async Task RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += args[0] switch
        {
            "never" => (_, _) =>
            {
                Console.WriteLine("handler");
                stop.Cancel();
                Thread.Sleep(100);
            },
            "first" => (_, e) =>
            {
                e.Cancel = true;
                Console.WriteLine("handler");
                stop.Cancel();
            },
            "before-await" => async (_, e) =>
            {
                e.Cancel = true;
                await Task.Delay(100);
                Console.WriteLine("handler");
                await stop.CancelAsync();
            },
            "after-await" => async (_, e) =>
            {
                await Task.Delay(100);
                e.Cancel = true;
                Console.WriteLine("handler");
                await stop.CancelAsync();
            },
            _ => throw new ArgumentException("Name the form."),
        };
        await MainLoop.RunAsync(stop.Token);
    }
}
