using ShutdownAnalyzers.Runtime;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers the drain sequence on the builders of generic hosts.</summary>
public static class GracefulShutdownHostingExtensions
{
    /// <summary>
    /// Registers the drain sequence: from a SIGTERM on, the process keeps serving for <see cref="GracefulShutdownOptions.DrainDelay"/>, then ends what is in flight, then runs its cleanup handlers.
    /// For workers; a web application calls the method of the same name on its <c>WebApplicationBuilder</c>. Call it once, after the registration of a lifetime (<c>AddSystemd</c>, <c>AddWindowsService</c>).
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Sets the options; configuration and environment override it.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHostApplicationBuilder AddGracefulShutdown(this IHostApplicationBuilder builder, Action<GracefulShutdownOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDrain("IHostApplicationBuilder.AddGracefulShutdown", isWeb: false, configure);
        return builder;
    }

    /// <summary>
    /// Registers the drain sequence on a host builder. For workers; a host with a <c>Startup</c> class calls the method of the same name on its web host's builder. Call it once, after the registration of a
    /// lifetime (<c>UseSystemd</c>, <c>UseWindowsService</c>).
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Sets the options; configuration and environment override it.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHostBuilder UseGracefulShutdown(this IHostBuilder builder, Action<GracefulShutdownOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => services.AddDrain("IHostBuilder.UseGracefulShutdown", isWeb: false, configure));
    }
}
