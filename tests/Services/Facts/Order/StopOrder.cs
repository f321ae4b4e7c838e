namespace ShutdownAnalyzers.Facts.Order;

/// <summary>8.1 to 8.3: the steps of the stop, asked for by a signal, by StopAsync before anything waits, or by StopAsync beside Run.</summary>
internal sealed class StopOrder : IScenario
{
    public async Task RunAsync(string[] args)
    {
        var builder = Hosting.Worker();
        builder.Services.AddSingleton<IHostedService>(services => new Steps("a", services.GetRequiredService<IHostApplicationLifetime>()));
        builder.Services.AddSingleton<IHostedService>(services => new Steps("b", services.GetRequiredService<IHostApplicationLifetime>()));
        var host = builder.Build();
        host.Lifetime().ApplicationStopping.Register(() => Console.WriteLine("ApplicationStopping"));
        host.Lifetime().ApplicationStopped.Register(() => Console.WriteLine("ApplicationStopped"));
        switch (args[0])
        {
            case "signal":
                await host.RunAsync();
                break;
            case "direct":
                await host.StartAsync();
                await host.StopAsync();
                host.Dispose();
                break;
            case "beside-run":
                var run = host.RunAsync();
                await host.StopAsync();
                await run;
                break;
            default:
                throw new ArgumentException("Name the way: signal, direct or beside-run.");
        }
    }
}
