using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Quiet.Platform;

/// <summary>The drain and the probes of every service, registered here and called in the executables.</summary>
public static class PlatformDefaults
{
    public static WebApplicationBuilder AddPlatformDefaults(this WebApplicationBuilder builder)
    {
        builder.AddGracefulShutdown(options => options.DrainDelay = TimeSpan.FromSeconds(5));
        builder.Services.AddHealthChecks().AddShutdownCheck("shutdown", "ready");
        return builder;
    }

    public static IHostApplicationBuilder AddWorkerDefaults(this IHostApplicationBuilder builder)
    {
        builder.AddGracefulShutdown();
        return builder;
    }

    public static WebApplication MapPlatformEndpoints(this WebApplication app)
    {
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") });
        app.MapLiveness();
        return app;
    }
}
