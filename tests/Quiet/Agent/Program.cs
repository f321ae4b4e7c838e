using Quiet.Agent;

// A program without a host that holds its signals itself.
if (args is ["--help"])
{
    Console.WriteLine("Reports the machine's load.");
    Environment.Exit(0);
}

using var stop = new CancellationTokenSource();
Signals.Keep(stop.Cancel);
Console.CancelKeyPress += OnCancelKeyPress;
AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine("The agent is gone.");

await using (var load = new LoadReport(TimeSpan.FromSeconds(5)))
    await load.RunAsync(stop.Token);

// The first Ctrl+C asks, the second one insists.
void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs e)
{
    if (stop.IsCancellationRequested)
        return;

    e.Cancel = true;
    stop.Cancel();
}
