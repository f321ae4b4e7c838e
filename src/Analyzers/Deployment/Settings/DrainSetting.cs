namespace ShutdownAnalyzers.Deployment.Settings;

/// <summary>A setting of the drain in the section <c>GracefulShutdown</c>, and what the runtime library refuses of it at start.</summary>
/// <param name="Path">Below the section, with <c>:</c>.</param>
/// <param name="Refusal">Why a text is refused, or null.</param>
internal sealed record DrainSetting(string Path, Func<string, string?> Refusal)
{
    public const string Section = "GracefulShutdown";

    /// <summary>The environment variable of the drain delay, in seconds; it has the last word.</summary>
    public const string DrainDelayVariable = "SHUTDOWN_DRAIN_DELAY";

    /// <summary>The environment variable of the platform's grace, in seconds.</summary>
    public const string PlatformGraceVariable = "SHUTDOWN_PLATFORM_GRACE";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>All settings.</summary>
    public static readonly IReadOnlyList<DrainSetting> All =
    [
        new("DrainDelay", Duration),
        new("ShedAfter", Duration),
        new("EarlyEnd:QuietTime", Duration),
        new("EarlyEnd:UnreadyProbes", Count),
        new("EarlyEnd:MinDelay", Duration),
        new("RequestTimeout", Duration),
        new("StreamTimeout", Duration),
        new("CleanupTimeout", Duration),
        new("ParallelCleanup", text => bool.TryParse(text, out _) ? null : "it takes true and false"),
        new("PlatformGrace", AnyDuration),
        new("LateRequests", text => OneOf(text, "CloseListener", "Refuse")),
        new("ReadinessMode", text => OneOf(text, "Immediate", "AfterDelay", "Never")),
    ];

    public static DrainSetting? Find(string path) => All.FirstOrDefault(setting => string.Equals(setting.Path, path, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why the text of an environment variable in seconds is refused, or null.</summary>
    public static string? RefusalOfSeconds(string text) =>
        SettingText.Seconds(text) is not { } value || value < TimeSpan.Zero ? "it takes a number of seconds, 0 or more" : value > Longest ? "the limit is 24 hours" : null;

    private static string? AnyDuration(string text) => SettingText.Duration(text) is null ? "it takes seconds (10, 2.5) or hh:mm:ss" : null;

    private static string? Duration(string text) =>
        AnyDuration(text) ?? (SettingText.Duration(text) < TimeSpan.Zero ? "it must not be negative" : SettingText.Duration(text) > Longest ? "the limit is 24 hours" : null);

    private static string? Count(string text) => int.TryParse(text, out var value) && value > 0 ? null : "it takes a whole number, 1 or more";

    private static string? OneOf(string text, params string[] names) =>
        Array.Exists(names, name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) ? null : "it takes " + string.Join(", ", names);
}
