namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.7: work that holds the token of StartAsync.</summary>
internal sealed class CapturedStartToken : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddHostedService<Capturing>();
        builder.Build().Run();
        return Task.CompletedTask;
    }

    private sealed class Capturing : IHostedService
    {
        private CancellationToken _start;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _start = cancellationToken;
            return Task.CompletedTask;
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(300, cancellationToken);
            Console.WriteLine($"start token fired: {_start.IsCancellationRequested}");
        }
    }
}
