using System.Globalization;

namespace ShutdownAnalyzers.Runtime;

/// <summary>Reads and writes lengths of time as people write them in settings: seconds (<c>10</c>, <c>2.5</c>) or <c>hh:mm:ss</c>.</summary>
internal static class DurationText
{
    public static bool TryParse(string text, out TimeSpan value)
    {
        // A plain number is seconds. TimeSpan.Parse would take it for days.
        if (TryParseSeconds(text, out value)) return true;
        return text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
    }

    public static bool TryParseSeconds(string text, out TimeSpan value)
    {
        value = default;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (!double.TryParse(text, Style, CultureInfo.InvariantCulture, out double seconds)) return false;
        if (!double.IsFinite(seconds) || Math.Abs(seconds) > TimeSpan.MaxValue.TotalSeconds / 2) return false;
        value = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>For messages: <c>2.5 s</c>.</summary>
    public static string Show(TimeSpan value) => value.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}
