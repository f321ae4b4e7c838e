namespace ShutdownAnalyzers.Facts.HostedServices;

/// <summary>6.2: a catch-all in an endless loop whose wait has the token.</summary>
internal sealed class SwallowedCancellation : IScenario
{
    public Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker(shutdownTimeout: 2);
        builder.Services.AddHostedService<Spinning>();
        builder.Build().Run();
        Console.WriteLine($"swallowed: {Spinning.Swallowed}");
        return Task.CompletedTask;
    }

    private sealed class Spinning : BackgroundService
    {
        public static int Swallowed { get; private set; }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (true)
            {
                try
                {
                    await Task.Delay(1000, stoppingToken);
                }
                catch (Exception)
                {
                    Swallowed++;
                }
            }
        }
    }
}
