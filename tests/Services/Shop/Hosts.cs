using Microsoft.AspNetCore;

namespace ShutdownAnalyzers.Shop;

/// <summary>Minimal hosting.</summary>
internal static class MinimalShop
{
    public static void Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        builder.Services.AddPools(builder.Configuration);
        var app = builder.Build();
        app.MapReadiness();
        app.MapLiveness();
        app.MapShop();
        app.UseWebSockets();
        app.MapSocket();
        app.Services.RegisterCleanup();
        app.Run();
    }
}

/// <summary>The generic host with a Startup class.</summary>
internal static class StartupShop
{
    public static void Run(string[] args) => Host.CreateDefaultBuilder(args)
        .ConfigureWebHostDefaults(web => web.UseStartup<Startup>().UseGracefulShutdown())
        .Build()
        .Run();
}

/// <summary>The web host of ASP.NET Core 2, which is still there.</summary>
internal static class WebHostShop
{
#pragma warning disable ASPDEPR004, ASPDEPR008 // Obsolete, and in use.
    public static void Run(string[] args) => WebHost.CreateDefaultBuilder(args)
        .UseStartup<Startup>()
        .UseGracefulShutdown()
        .Build()
        .Run();
#pragma warning restore ASPDEPR004, ASPDEPR008
}

/// <summary>The same shop as most are: no drain sequence, and a readiness that knows nothing of the stop.</summary>
internal static class StockShop
{
    public static void Run(string[] args)
    {
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapGet("/health/ready", () => "Healthy");
        app.MapShop();
        app.Run();
    }
}

/// <summary>The mistake of registering the drain sequence in two places.</summary>
internal static class RegisteredTwiceShop
{
    public static void Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        builder.Services.AddGracefulShutdown(options => options.DrainDelay = TimeSpan.FromSeconds(1));
        builder.Build().Run();
    }
}

internal sealed class Startup(IConfiguration configuration)
{
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddRouting();
        services.AddPools(configuration);
    }

    public void Configure(IApplicationBuilder app)
    {
        app.UseRouting();
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapReadiness();
            endpoints.MapLiveness();
            endpoints.MapShop();
        });
        app.ApplicationServices.RegisterCleanup();
    }
}
