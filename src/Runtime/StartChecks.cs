using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>What can only be seen once the container is built: said at start, when somebody can still do something about it.</summary>
internal static class StartChecks
{
    public static void Run(IServiceProvider services, DrainCoordinator coordinator, GracefulShutdownOptions options)
    {
        ILogger logger = coordinator.Logger;
        foreach (string warning in options.ReadWarnings) logger.SettingWarning(warning);
        CheckLifetime(services, logger);
        CheckRequestPart(services, logger);
        CheckCleanupServices(services);
        CheckPlatform(options, logger);
        if (coordinator.HostStopsServerAtOnce) CheckWebHost(services, options, logger);
    }

    /// <summary>The old web host has a timeout of its own, in its configuration alone. After a signal the drain is ahead of it; where code asks for the stop, either may be.</summary>
    private static void CheckWebHost(IServiceProvider services, GracefulShutdownOptions options, ILogger logger)
    {
        const string Setting = "shutdownTimeoutSeconds";
        if (options.LateRequests == LateRequests.Refuse) logger.CannotRefuse();
        string? text = services.GetService<IConfiguration>()?[Setting];
        TimeSpan timeout = text is not null && DurationText.TryParseSeconds(text, out TimeSpan value) ? value : TimeSpan.FromSeconds(30);
        if (timeout < options.RequestTimeout) logger.WebHostTimeoutTooShort(DurationText.Show(timeout), DurationText.Show(options.RequestTimeout), Setting);
    }

    /// <summary>A grace that is only inferred warns; one that is set and too short keeps the host from starting (<see cref="OptionsValidator"/>).</summary>
    private static void CheckPlatform(GracefulShutdownOptions options, ILogger logger)
    {
        TimeSpan needed = DrainBudget.Total(options, options.DrainDelay);
        if (options.PlatformGrace is null && PlatformDefault.Of(options.Process) is { } platform && needed > platform.Grace)
        {
            logger.PlatformGraceMayBeTooShort(DrainBudget.Show(options), DurationText.Show(platform.Grace), platform.Name, platform.Setting, DurationText.Show(needed));
        }
    }

    private static void CheckLifetime(IServiceProvider services, ILogger logger)
    {
        // Old web hosts have none.
        if (services.GetService<IHostLifetime>() is not { } active) return;
        if (active is DrainLifetime ours)
        {
            if (ours.IsInstance) logger.LifetimeIsInstance(ours.InnerName);
            return;
        }

        // Test hosts put in a lifetime that does nothing, and mean it.
        if (active.GetType().Name == "NoopHostLifetime") return;
        logger.LifetimeReplaced(active.GetType().ToString(), typeof(DrainLifetime).ToString());
    }

    private static void CheckRequestPart(IServiceProvider services, ILogger logger)
    {
        if (services.GetService<IRequestDrain>() is not null) return;
        // By name: this assembly doesn't reference ASP.NET Core, so that workers start without it.
        if (services.GetServices<IHostedService>().Any(s => s.GetType().FullName == "Microsoft.AspNetCore.Hosting.GenericWebHostService"))
        {
            logger.NoRequestPart(services.GetRequiredService<DrainRegistration>().Call);
        }
    }

    private static void CheckCleanupServices(IServiceProvider services)
    {
        if (services.GetService<IServiceProviderIsService>() is not { } known) return;
        foreach (CleanupHandler handler in services.GetServices<CleanupHandler>())
        {
            if (handler.Service is { } type && !known.IsService(type))
            {
                throw new InvalidOperationException($"The cleanup handler '{handler.Name}' of AddShutdownCleanup needs the service {type}, which is not registered; register it, or remove the handler.");
            }
        }
    }
}
