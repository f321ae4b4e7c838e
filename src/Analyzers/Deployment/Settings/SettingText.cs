using System.Globalization;

namespace ShutdownAnalyzers.Deployment.Settings;

/// <summary>Reads the texts of settings as the runtime library does: what this takes, it takes.</summary>
internal static class SettingText
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>Seconds (<c>10</c>, <c>2.5</c>) or <c>hh:mm:ss</c>; null where it is neither.</summary>
    public static TimeSpan? Duration(string text) =>
        Seconds(text) ?? (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null);

    /// <summary>A number of seconds; null where it is none.</summary>
    public static TimeSpan? Seconds(string text) =>
        double.TryParse(text, Number, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) <= TimeSpan.MaxValue.TotalSeconds / 2
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>For messages: <c>2.5 s</c>.</summary>
    public static string Show(TimeSpan value) => value.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}
