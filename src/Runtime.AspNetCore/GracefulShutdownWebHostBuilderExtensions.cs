using ShutdownAnalyzers.Runtime;
using ShutdownAnalyzers.Runtime.AspNetCore;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Registers the drain sequence on the builders of web hosts.</summary>
public static class GracefulShutdownWebHostBuilderExtensions
{
    /// <summary>
    /// Registers the drain sequence with its request part, which stands first in the pipeline: for hosts with a <c>Startup</c> class, within <c>ConfigureWebHostDefaults</c> or on <c>WebHost.CreateDefaultBuilder</c>.
    /// </summary>
    /// <param name="builder">The web host's builder.</param>
    /// <param name="configure">Sets the options; configuration and environment override it.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IWebHostBuilder UseGracefulShutdown(this IWebHostBuilder builder, Action<GracefulShutdownOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => services.AddWebDrain("IWebHostBuilder.UseGracefulShutdown", configure));
    }
}
