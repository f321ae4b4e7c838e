namespace ShutdownAnalyzers.Facts.Order;

/// <summary>8.5, 8.7: hosted services beside the server: of a WebApplication, after ConfigureWebHostDefaults, or stopped concurrently.</summary>
internal sealed class ServicesAndServer : IScenario
{
    public Task RunAsync(string[] args)
    {
        if (args is ["generic"])
        {
            Host.CreateDefaultBuilder()
                .ConfigureWebHostDefaults(web => web.Configure(app => app.UseRouting().UseEndpoints(endpoints => endpoints.MapSlow())))
                .ConfigureServices(services => services.AddWitness("witness"))
                .Build()
                .Run();
            return Task.CompletedTask;
        }

        var builder = Hosting.Web();
        builder.Services.Configure<HostOptions>(options => options.ServicesStopConcurrently = args is ["concurrent"]);
        builder.Services.AddWitness("witness");
        var app = builder.Build();
        app.MapSlow();
        app.Run();
        return Task.CompletedTask;
    }
}
