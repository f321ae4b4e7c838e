using System.Runtime.InteropServices;

namespace ShutdownAnalyzers.Shop;

/// <summary>SIGTERM ends the process, as programs without a thought of it do.</summary>
internal static class ExitShop
{
    public static void Run(string[] args)
    {
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(0));
        StockShop.Run(args);
    }
}

/// <summary>The delay that is found most often: a callback that blocks, and a readiness that turns with it.</summary>
internal static class StoppingDelayShop
{
    public static void Run(string[] args)
    {
        var app = WebApplication.CreateBuilder(args).Build();
        var stopping = app.Lifetime.ApplicationStopping;
        app.MapGet("/health/ready", () => stopping.IsCancellationRequested ? Results.StatusCode(503) : Results.Text("Healthy"));
        app.MapShop();
        stopping.Register(() => Thread.Sleep(app.Configuration.StopDelay()));
        app.Run();
    }
}

/// <summary>The delay in a lifetime of its own, in place of the console's.</summary>
internal static class LifetimeShop
{
    public static void Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton<IHostLifetime, DelayedLifetime>();
        var app = builder.Build();
        var lifetime = (DelayedLifetime)app.Services.GetRequiredService<IHostLifetime>();
        app.MapGet("/health/ready", () => lifetime.IsStopping ? Results.StatusCode(503) : Results.Text("Healthy"));
        app.MapShop();
        app.Run();
    }

    private sealed class DelayedLifetime(IHostApplicationLifetime application, IConfiguration configuration) : IHostLifetime, IDisposable
    {
        private PosixSignalRegistration? _term;

        public bool IsStopping { get; private set; }

        public Task WaitForStartAsync(CancellationToken cancellationToken)
        {
            _term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                _ = StopAsync();
            });
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => _term?.Dispose();

        private async Task StopAsync()
        {
            IsStopping = true;
            await Task.Delay(configuration.StopDelay());
            application.StopApplication();
        }
    }
}

internal static class DelaySetting
{
    /// <summary>The same setting as the library's, so that all forms can be told alike.</summary>
    public static TimeSpan StopDelay(this IConfiguration configuration) => TimeSpan.FromSeconds(configuration.GetValue<double>("SHUTDOWN_DRAIN_DELAY"));
}
