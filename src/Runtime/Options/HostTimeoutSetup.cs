using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime;

/// <summary>Gives the host's own stop the time that the drain's options ask for, and never less than the application chose.</summary>
internal sealed class HostTimeoutSetup(IOptions<GracefulShutdownOptions> options) : IPostConfigureOptions<HostOptions>
{
    /// <inheritdoc/>
    public void PostConfigure(string? name, HostOptions host)
    {
        TimeSpan needed;
        try { needed = DrainBudget.AfterDelay(options.Value); }
        catch (OptionsValidationException)
        {
            // The host reads its timeout while it is built; the error is for its start, where every other one is reported.
            return;
        }

        if (host.ShutdownTimeout != Timeout.InfiniteTimeSpan && host.ShutdownTimeout < needed) host.ShutdownTimeout = needed;
    }
}
