using System.Globalization;
using System.Text.RegularExpressions;

namespace ShutdownAnalyzers.Deployment.Settings;

/// <summary>Durations with units, as Compose (<c>1m30s</c>) and systemd (<c>1min 30s</c>, a plain number is seconds) write them.</summary>
internal static class DurationUnits
{
    private static readonly Regex Part = new(@"\G\s*(?<number>\d+(?:\.\d+)?)\s*(?<unit>[a-zA-Zµ]*)", RegexOptions.CultureInvariant);

    /// <summary>The duration, or null where the text is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hasPlainSeconds">Whether a number without a unit is seconds.</param>
    public static TimeSpan? Parse(string text, bool hasPlainSeconds)
    {
        var total = TimeSpan.Zero;
        var at = 0;
        text = text.Trim();
        while (at < text.Length)
        {
            var match = Part.Match(text, at);
            if (!match.Success
                || !double.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || SecondsOf(match.Groups["unit"].Value, hasPlainSeconds) is not { } seconds
                || number * seconds > 1e9)
            {
                return null;
            }

            total += TimeSpan.FromSeconds(number * seconds);
            at = match.Index + match.Length;
        }

        return text.Length == 0 ? null : total;
    }

    private static double? SecondsOf(string unit, bool hasPlainSeconds) => unit switch
    {
        "" when hasPlainSeconds => 1,
        "us" or "µs" => 1e-6,
        "ms" or "msec" => 1e-3,
        "s" or "sec" or "second" or "seconds" => 1,
        "m" or "min" or "minute" or "minutes" => 60,
        "h" or "hr" or "hour" or "hours" => 3600,
        "d" or "day" or "days" => 86400,
        _ => null,
    };
}
