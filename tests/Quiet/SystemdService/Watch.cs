namespace Quiet.SystemdService;

/// <summary>A thread of its own, in the background and joined at the stop.</summary>
internal sealed class Watch : IHostedService, IDisposable
{
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    public Watch() => _thread = new Thread(Run) { IsBackground = true, Name = "watch" };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        _thread.Join(TimeSpan.FromSeconds(5));
        return Task.CompletedTask;
    }

    public void Dispose() => _stop.Dispose();

    private void Run()
    {
        while (!_stop.Wait(TimeSpan.FromSeconds(1)))
            Console.WriteLine("watching");
    }
}
