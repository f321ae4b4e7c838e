using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Puts configuration and environment over the values set in code: whoever deploys has the last word. Read by hand, so that a value that can't be read is an error that names it
/// (a binder would throw about a type), and so that trimming keeps working.
/// </summary>
internal sealed class OptionsReader(IConfiguration? configuration = null) : IPostConfigureOptions<GracefulShutdownOptions>
{
    /// <inheritdoc/>
    public void PostConfigure(string? name, GracefulShutdownOptions options)
    {
        if (configuration?.GetSection(GracefulShutdownOptions.SectionName) is { } section)
        {
            foreach (IConfigurationSection entry in section.GetChildren()) ReadEntry(entry, options);
        }

        if (configuration?.GetSection(GracefulShutdownOptions.PlatformGraceSetting) is { Value: not null } grace) ReadDuration(grace, options, value => options.PlatformGrace = value);
        ReadVariable(GracefulShutdownOptions.DrainDelayVariable, options, value => options.DrainDelay = value);
        ReadVariable(GracefulShutdownOptions.PlatformGraceVariable, options, value => options.PlatformGrace = value);
    }

    private static void ReadVariable(string variable, GracefulShutdownOptions options, Action<TimeSpan> set)
    {
        if (options.Process.GetVariable(variable) is not { } text) return;
        if (DurationText.TryParseSeconds(text, out TimeSpan value) && value >= TimeSpan.Zero) set(value);
        else options.ReadErrors.Add($"The environment variable {variable} is '{text}', which is not a number of seconds, 0 or more; set it to a number like 10 or 2.5, or remove it.");
    }

    private static void ReadEntry(IConfigurationSection entry, GracefulShutdownOptions options)
    {
        switch (entry.Key.ToUpperInvariant())
        {
            case "DRAINDELAY": ReadDuration(entry, options, value => options.DrainDelay = value); break;
            case "SHEDAFTER": ReadDuration(entry, options, value => options.ShedAfter = value); break;
            case "REQUESTTIMEOUT": ReadDuration(entry, options, value => options.RequestTimeout = value); break;
            case "STREAMTIMEOUT": ReadDuration(entry, options, value => options.StreamTimeout = value); break;
            case "CLEANUPTIMEOUT": ReadDuration(entry, options, value => options.CleanupTimeout = value); break;
            case "PARALLELCLEANUP": ReadBoolean(entry, options, value => options.ParallelCleanup = value); break;
            case "PLATFORMGRACE": ReadDuration(entry, options, value => options.PlatformGrace = value); break;
            case "EARLYEND": ReadEarlyEnd(entry, options); break;
            case "LATEREQUESTS": ReadEnum<LateRequests>(entry, options, value => options.LateRequests = value); break;
            case "READINESSMODE": ReadEnum<ReadinessMode>(entry, options, value => options.ReadinessMode = value); break;
            default: Unknown(entry, options, "DrainDelay, ShedAfter, EarlyEnd, RequestTimeout, StreamTimeout, CleanupTimeout, ParallelCleanup, PlatformGrace, LateRequests and ReadinessMode"); break;
        }
    }

    private static void ReadEarlyEnd(IConfigurationSection section, GracefulShutdownOptions options)
    {
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            switch (entry.Key.ToUpperInvariant())
            {
                case "QUIETTIME": ReadDuration(entry, options, value => options.EarlyEnd.QuietTime = value); break;
                case "UNREADYPROBES": ReadCount(entry, options, value => options.EarlyEnd.UnreadyProbes = value); break;
                case "MINDELAY": ReadDuration(entry, options, value => options.EarlyEnd.MinDelay = value); break;
                default: Unknown(entry, options, "QuietTime, UnreadyProbes and MinDelay"); break;
            }
        }
    }

    /// <summary>Not an error: the section may be older than this library and serve something else as well.</summary>
    private static void Unknown(IConfigurationSection entry, GracefulShutdownOptions options, string known) =>
        options.ReadWarnings.Add($"The setting {entry.Path} is not known and has no effect; the section {entry.Path[..entry.Path.LastIndexOf(':')]} takes {known}.");

    private static void ReadDuration(IConfigurationSection entry, GracefulShutdownOptions options, Action<TimeSpan> set)
    {
        if (entry.Value is { } text && DurationText.TryParse(text, out TimeSpan value)) set(value);
        else options.ReadErrors.Add($"The setting {entry.Path} is '{entry.Value}', which is not a length of time; write seconds (10, 2.5) or hh:mm:ss (00:00:10).");
    }

    private static void ReadBoolean(IConfigurationSection entry, GracefulShutdownOptions options, Action<bool> set)
    {
        if (bool.TryParse(entry.Value, out bool value)) set(value);
        else options.ReadErrors.Add($"The setting {entry.Path} is '{entry.Value}'; it takes true and false.");
    }

    private static void ReadCount(IConfigurationSection entry, GracefulShutdownOptions options, Action<int> set)
    {
        if (int.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value)) set(value);
        else options.ReadErrors.Add($"The setting {entry.Path} is '{entry.Value}', which is not a whole number; write one like 3.");
    }

    private static void ReadEnum<T>(IConfigurationSection entry, GracefulShutdownOptions options, Action<T> set) where T : struct, Enum
    {
        // Enum.TryParse alone would take any number.
        if (Enum.TryParse(entry.Value, ignoreCase: true, out T value) && Enum.IsDefined(value)) set(value);
        else options.ReadErrors.Add($"The setting {entry.Path} is '{entry.Value}'; it takes {string.Join(", ", Enum.GetNames<T>())}.");
    }
}
