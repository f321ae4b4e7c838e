using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The one place that puts the drain sequence into a container; every public registration call ends here.</summary>
internal static class DrainRegistrationExtensions
{
    public static void AddDrain(this IServiceCollection services, string call, bool isWeb, Action<GracefulShutdownOptions>? configure)
    {
        bool first = services.All(d => d.ServiceType != typeof(DrainRegistration));
        services.AddSingleton(new DrainRegistration(call, isWeb));
        if (configure is not null) services.Configure(configure);
        // The second registration is an error at start, which tells more than one thrown from here: it names both.
        if (!first) return;

        services.AddOptions<GracefulShutdownOptions>().ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<GracefulShutdownOptions>, OptionsReader>();
        services.AddSingleton<IValidateOptions<GracefulShutdownOptions>, OptionsValidator>();
        services.AddSingleton<IPostConfigureOptions<HostOptions>, HostTimeoutSetup>();
        services.AddSingleton<DrainReporter>();
        services.AddSingleton<DrainCoordinator>();
        services.AddSingleton<IGracefulShutdown>(static provider => provider.GetRequiredService<DrainCoordinator>());
        WrapLifetime(services);
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, DrainService>());
    }

    private static void WrapLifetime(IServiceCollection services)
    {
        for (int i = services.Count - 1; i >= 0; i--)
        {
            ServiceDescriptor registered = services[i];
            if (registered.ServiceType != typeof(IHostLifetime) || registered.IsKeyedService) continue;
            services[i] = ServiceDescriptor.Singleton<IHostLifetime>(provider => new DrainLifetime(provider, registered));
            return;
        }
    }
}
