using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>Every line that the runtime logs. The category is <c>ShutdownAnalyzers.Runtime</c>.</summary>
internal static partial class DrainLog
{
    public const string Category = ReportNames.Source;

    [LoggerMessage(1, LogLevel.Information, "Draining because of {Reason}: serving for {Delay}, then up to {RequestTimeout} for requests and {CleanupTimeout} for cleanup.")]
    public static partial void DrainBegins(this ILogger logger, string reason, TimeSpan delay, TimeSpan requestTimeout, TimeSpan cleanupTimeout);

    [LoggerMessage(2, LogLevel.Debug, "Drain phase {Phase}.")]
    public static partial void PhaseEntered(this ILogger logger, DrainPhase phase);

    [LoggerMessage(5, LogLevel.Error, "The tracked work '{Name}' failed.")]
    public static partial void WorkFailed(this ILogger logger, Exception error, string name);

    [LoggerMessage(9, LogLevel.Error, "The host has not ended its own stop in time ({Holders}); the cleanup handlers run beside it now, so that they run at all.")]
    public static partial void CleanupForced(this ILogger logger, string holders);

    [LoggerMessage(12, LogLevel.Error, "A callback on {Token} failed; the drain goes on.")]
    public static partial void CallbackFailed(this ILogger logger, Exception error, string token);

    [LoggerMessage(13, LogLevel.Error, "The drain could not {Step}; it goes on.")]
    public static partial void StepFailed(this ILogger logger, Exception error, string step);

    [LoggerMessage(14, LogLevel.Error, "The host's lifetime is {Active}, which was registered after the drain sequence and replaces {Ours}: there will be no drain delay. Move the registration of the drain sequence "
        + "(AddGracefulShutdown or UseGracefulShutdown) behind the one of {Active}.")]
    public static partial void LifetimeReplaced(this ILogger logger, string active, string ours);

    [LoggerMessage(15, LogLevel.Warning, "The host's lifetime {Lifetime} was registered as an instance, so its stop can't be delayed: after a signal the drain begins without a delay. Register it by its type.")]
    public static partial void LifetimeIsInstance(this ILogger logger, string lifetime);

    [LoggerMessage(16, LogLevel.Warning, "This web application registers the drain sequence by {Call}, which knows nothing of requests: they get no refusal, no names and no wait but the server's own. "
        + "Call AddGracefulShutdown on the WebApplicationBuilder, or UseGracefulShutdown on the web host's builder, in its place.")]
    public static partial void NoRequestPart(this ILogger logger, string call);

    [LoggerMessage(17, LogLevel.Warning, "{Warning}")]
    public static partial void SettingWarning(this ILogger logger, string warning);

    [LoggerMessage(20, LogLevel.Warning, "The drain could not be rehearsed. It is not affected by that, but its code is compiled when it runs, which makes the exit take longer.")]
    public static partial void RehearsalFailed(this ILogger logger, Exception error);

    [LoggerMessage(21, LogLevel.Debug, "The kernel does not let a listen socket be shut to newcomers ahead of its close: a connection that comes at the moment of closing may be reset.")]
    public static partial void DoorStaysOpen(this ILogger logger, Exception error);
}
