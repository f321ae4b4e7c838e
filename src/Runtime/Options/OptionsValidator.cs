using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime;

/// <summary>Refuses, at start, what could not work at the end. Every message names the setting, the value, the limit and what to do.</summary>
internal sealed class OptionsValidator(IEnumerable<DrainRegistration> registrations) : IValidateOptions<GracefulShutdownOptions>
{
    /// <summary>Timers take no more than 49 days; anything near that is a slip of units.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, GracefulShutdownOptions options)
    {
        List<string> errors = [.. options.ReadErrors];

        int count = registrations.Count();
        if (count > 1)
        {
            errors.Add($"The drain sequence is registered {count} times ({string.Join(", ", registrations.Select(r => r.Call))}); "
                + "keep one registration, in a web application the one on the web application's or web host's builder, and merge their options.");
        }

        CheckRange(errors, nameof(options.DrainDelay), options.DrainDelay);
        CheckRange(errors, nameof(options.RequestTimeout), options.RequestTimeout);
        CheckRange(errors, nameof(options.CleanupTimeout), options.CleanupTimeout);
        if (options.ShedAfter is { } shedAfter) CheckRange(errors, nameof(options.ShedAfter), shedAfter);
        if (options.StreamTimeout is { } streamTimeout)
        {
            CheckRange(errors, nameof(options.StreamTimeout), streamTimeout);
            if (streamTimeout > options.RequestTimeout)
            {
                errors.Add($"GracefulShutdown: StreamTimeout is {DurationText.Show(streamTimeout)}, more than RequestTimeout {DurationText.Show(options.RequestTimeout)}, which bounds everything in flight; lower it, or raise RequestTimeout.");
            }
        }

        if (options.PlatformGrace is { } platformGrace && platformGrace < TimeSpan.Zero) errors.Add(Negative(nameof(options.PlatformGrace), platformGrace));
        CheckEarlyEnd(errors, options);
        if (!Enum.IsDefined(options.LateRequests)) errors.Add($"GracefulShutdown: LateRequests is {(int)options.LateRequests}; it takes {string.Join(", ", Enum.GetNames<LateRequests>())}.");
        if (!Enum.IsDefined(options.ReadinessMode)) errors.Add($"GracefulShutdown: ReadinessMode is {(int)options.ReadinessMode}; it takes {string.Join(", ", Enum.GetNames<ReadinessMode>())}.");

        // The sum means nothing where a part of it is already wrong.
        if (errors.Count == 0 && options.PlatformGrace is { } grace && DrainBudget.Total(options, options.DrainDelay) > grace)
        {
            errors.Add($"GracefulShutdown: {DrainBudget.Show(options)} does not fit PlatformGrace {DurationText.Show(grace)}, so the platform would kill the process before it is done; "
                + $"shorten one of them, or raise the platform's grace (terminationGracePeriodSeconds, stop_grace_period, TimeoutStopSec) and PlatformGrace to {DurationText.Show(DrainBudget.Total(options, options.DrainDelay))} or more.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckEarlyEnd(List<string> errors, GracefulShutdownOptions options)
    {
        EarlyEndOptions early = options.EarlyEnd;
        CheckRange(errors, "EarlyEnd.MinDelay", early.MinDelay);
        if (early.UnreadyProbes < 1) errors.Add($"GracefulShutdown: EarlyEnd.UnreadyProbes is {early.UnreadyProbes}; set it to 1 or more, since without a probe nobody knows of the drain.");
        if (early.QuietTime is not { } quiet) return;
        CheckRange(errors, "EarlyEnd.QuietTime", quiet);
        if (quiet == TimeSpan.Zero) errors.Add("GracefulShutdown: EarlyEnd.QuietTime is 0 s, with which any moment is quiet enough; set it to a second or more, or remove it to turn the early end off.");
        if (options.ReadinessMode != ReadinessMode.Immediate)
        {
            errors.Add($"GracefulShutdown: EarlyEnd.QuietTime is {DurationText.Show(quiet)} and ReadinessMode is {options.ReadinessMode}, with which no probe is answered with 503 during the delay, so it would never end early; "
                + "set ReadinessMode to Immediate, or remove EarlyEnd.QuietTime.");
        }
    }

    private static void CheckRange(List<string> errors, string setting, TimeSpan value)
    {
        if (value < TimeSpan.Zero) errors.Add(Negative(setting, value));
        else if (value > Longest) errors.Add($"GracefulShutdown: {setting} is {DurationText.Show(value)}, more than the limit of {DurationText.Show(Longest)}; set it to less.");
    }

    private static string Negative(string setting, TimeSpan value) => $"GracefulShutdown: {setting} is {DurationText.Show(value)}, which is negative; set it to 0 s or more.";
}
