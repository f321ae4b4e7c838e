namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.11: a thread of the service's own, in the foreground or in the background.</summary>
internal sealed class ForegroundThread : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddSingleton<IHostedService>(new Threaded(isBackground: args is ["background"]));
        builder.Build().Run();
        Console.WriteLine("run returned");
        return Task.CompletedTask;
    }

    private sealed class Threaded(bool isBackground) : IHostedService
    {
        private volatile bool _stopping;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            new Thread(Run) { IsBackground = isBackground }.Start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _stopping = true;
            return Task.CompletedTask;
        }

        private void Run()
        {
            while (!_stopping)
                Thread.Sleep(20);
            Thread.Sleep(2000);
            Console.WriteLine("thread ends");
        }
    }
}
