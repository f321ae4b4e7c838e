using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Puts the drain sequence and its request part into a web host's container.</summary>
internal static class WebDrainRegistration
{
    public static void AddWebDrain(this IServiceCollection services, string call, Action<GracefulShutdownOptions>? configure)
    {
        services.AddDrain(call, isWeb: true, configure);
        // A second registration is an error at start; it must not put the middleware in twice on the way there.
        if (services.Any(d => d.ServiceType == typeof(RequestDrain))) return;

        services.AddSingleton<DrainExemption>();
        services.AddSingleton<StreamHabits>();
        services.AddSingleton<StreamRegistry>();
        services.AddSingleton<DelayEvidence>();
        services.AddSingleton<ListenSockets>();
        services.AddSingleton<IPostConfigureOptions<SocketTransportOptions>>(static provider => provider.GetRequiredService<ListenSockets>());
        services.AddSingleton<RequestDrain>();
        services.AddSingleton<IRequestDrain>(static provider => provider.GetRequiredService<RequestDrain>());
        services.AddSingleton<StreamEnd>();
        services.AddSingleton<DrainMiddleware>();
        services.AddSingleton<MatcherPolicy, StreamEndpointPolicy>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<ProbeRoutes>();
        services.AddHealthChecks();
        // Ahead of the application's own, which would make an error of it.
        services.Insert(0, ServiceDescriptor.Singleton<IExceptionHandler>(static provider => provider.GetRequiredService<StreamEnd>()));
        // First of the filters: the outermost part of the pipeline.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, DrainStartupFilter>());
    }
}
