using System.Text.RegularExpressions;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Overlap;

/// <summary>The Overlap section of a rule's page: words of its author, and a last paragraph that says what was measured.</summary>
internal static partial class OverlapSection
{
    private const string Heading = "\n## Overlap\n";

    /// <summary>The page with the paragraph of this measurement.</summary>
    public static string Update(string page, Measurement measurement)
    {
        var start = page.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length;
        var words = MeasuredParagraph().Replace(page[start..], "").TrimEnd();
        return $"{page[..start]}{words}\n\nMeasured on the example: {Sentence(measurement)}\n";
    }

    /// <summary>Where the author's words and the measurement disagree.</summary>
    public static IEnumerable<string> Contradictions(Measurement measurement)
    {
        var words = MeasuredParagraph().Replace(RulePage.Read(measurement.Rule).Sections["Overlap"], "");
        if (words.Contains("No other analyzer", StringComparison.Ordinal) && !measurement.IsAlone)
            yield return $"{measurement.Rule} says that no other analyzer knows the subject; reported: {string.Join(", ", measurement.Same.Concat(measurement.Near))}.";

        foreach (var sentence in SentenceEnd().Split(words))
        {
            foreach (var id in Id().Matches(sentence).Select(match => match.Value))
            {
                if (!Measurement.KnownIds.Contains(id))
                    yield return $"{measurement.Rule} names {id}, which none of the analyzers has.";
                else if (!measurement.Reports(id) && !Denial().IsMatch(sentence))
                    yield return $"{measurement.Rule} names {id}, which doesn't report the example; a sentence about that says 'not'.";
            }
        }
    }

    private static string Sentence(Measurement measurement) => (measurement.Same.Count, measurement.Near.Count) switch
    {
        (0, 0) => "nothing else reports it.",
        (_, 0) => $"{List(measurement.Same)} on the same lines.",
        (0, _) => $"nothing else on the same lines; {List(measurement.Near)} elsewhere in it.",
        _ => $"{List(measurement.Same)} on the same lines; {List(measurement.Near)} elsewhere in it.",
    };

    private static string List(IReadOnlyList<string> ids) =>
        ids.Count == 1 ? ids[0] : $"{string.Join(", ", ids.SkipLast(1))} and {ids[^1]}";

    [GeneratedRegex("\n*^Measured on the example:.*(\n.+)*\n?", RegexOptions.Multiline)]
    private static partial Regex MeasuredParagraph();

    [GeneratedRegex(@"(?<=\.)\s+")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\b(CA\d{4}|MA\d{4}|RCS\d{4}|S\d{3,4}|VSTHRD\d{3}|AsyncFixer\d{2}|IDISP\d{3})\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"\b(not|no|nor|nothing|none|neither)\b|n't\b", RegexOptions.IgnoreCase)]
    private static partial Regex Denial();
}
