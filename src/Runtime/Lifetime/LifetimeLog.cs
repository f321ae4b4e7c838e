using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>What is logged about the platform around the process. The category is that of <see cref="DrainLog"/>.</summary>
internal static partial class LifetimeLog
{
    [LoggerMessage(40, LogLevel.Warning, "systemd could not be told of the stop at {Address}: the drain goes on, and TimeoutStopSec of the unit has to cover all of it.")]
    public static partial void SystemdNotTold(this ILogger logger, Exception error, string address);

    [LoggerMessage(41, LogLevel.Warning, "{Sum} is more than the {Grace} that {Platform} gives by default before it kills the process. Set {Setting} and the setting GracefulShutdown:PlatformGrace to {Needed} or more, or shorten the sum.")]
    public static partial void PlatformGraceMayBeTooShort(this ILogger logger, string sum, string grace, string platform, string setting, string needed);

    [LoggerMessage(43, LogLevel.Warning, "The web host's own timeout is {Timeout}, less than RequestTimeout {RequestTimeout}: where code stops it, and no signal, it may cut requests off ahead of their time and of the report. "
        + "Set {Setting} (UseShutdownTimeout) to {RequestTimeout} or more, or lower RequestTimeout.")]
    public static partial void WebHostTimeoutTooShort(this ILogger logger, string timeout, string requestTimeout, string setting);

    [LoggerMessage(44, LogLevel.Warning, "GracefulShutdown: LateRequests is Refuse, which IWebHost can't do, since it closes the listener by itself: late connections are refused by the kernel. Set LateRequests to CloseListener, or move to WebApplication.")]
    public static partial void CannotRefuse(this ILogger logger);

    [LoggerMessage(42, LogLevel.Information, "The drain delay ends early, after {Elapsed}: {Evidence}.")]
    public static partial void DelayEndsEarly(this ILogger logger, TimeSpan elapsed, string evidence);
}
