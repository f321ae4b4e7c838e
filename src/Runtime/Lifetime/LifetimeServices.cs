using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime;

/// <summary>The container as the wrapped host lifetime sees it: the same but for the application lifetime. So a lifetime can be built in the way it was registered, by type or by factory.</summary>
internal sealed class LifetimeServices(IServiceProvider services, IHostApplicationLifetime application) : IKeyedServiceProvider
{
    /// <inheritdoc/>
    public object? GetService(Type serviceType)
    {
        if (serviceType == typeof(IHostApplicationLifetime)) return application;
        return serviceType == typeof(IServiceProvider) ? this : services.GetService(serviceType);
    }

    /// <inheritdoc/>
    public object? GetKeyedService(Type serviceType, object? serviceKey) => Keyed(serviceType).GetKeyedService(serviceType, serviceKey);

    /// <inheritdoc/>
    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) => Keyed(serviceType).GetRequiredKeyedService(serviceType, serviceKey);

    private IKeyedServiceProvider Keyed(Type serviceType) =>
        services as IKeyedServiceProvider ?? throw new InvalidOperationException($"The host's lifetime asks for the keyed service {serviceType}, and this container has no keyed services.");
}
