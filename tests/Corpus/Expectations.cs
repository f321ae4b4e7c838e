using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ShutdownAnalyzers.Corpus;

/// <summary>A place that a rule reports.</summary>
internal readonly record struct Finding(string Rule, string File, int Line) : IComparable<Finding>
{
    public int CompareTo(Finding other) =>
        string.CompareOrdinal(File, other.File) is not 0 and var byFile ? byFile
        : Line != other.Line ? Line.CompareTo(other.Line)
        : string.CompareOrdinal(Rule, other.Rule);

    public override string ToString() => $"{File}:{Line}: {Rule}";
}

/// <summary>What the code at the place says of a finding.</summary>
/// <param name="Finding">The place.</param>
/// <param name="Verdict"><c>right</c>, <c>wrong</c>, <c>arguable</c>, or <c>unjudged</c>, which no run accepts.</param>
/// <param name="Reason">Why, in one line.</param>
/// <param name="IsCopy">Whether the same lines are reported in another file of that name: templates repeat, and count once.</param>
internal sealed record Judgement(Finding Finding, string Verdict, string Reason, bool IsCopy = false)
{
    public const string Unjudged = "unjudged";

    private static readonly string[] Verdicts = ["right", "wrong", "arguable"];

    public bool IsJudged => Verdicts.Contains(Verdict) && Reason.Length > 0;
}

/// <summary>The judged findings of one repository: a file of one line a finding.</summary>
internal static class Expectations
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<Judgement> Read(string file)
    {
        // A repository that reports nothing has no file.
        if (!File.Exists(file))
            return [];

        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return [.. document.RootElement.EnumerateArray().Select(entry => new Judgement(
            new(entry.GetProperty("rule").GetString()!, entry.GetProperty("file").GetString()!, entry.GetProperty("line").GetInt32()),
            entry.GetProperty("verdict").GetString()!,
            entry.GetProperty("reason").GetString()!,
            entry.TryGetProperty("copy", out _)))];
    }

    public static void Write(string file, IEnumerable<Judgement> judgements)
    {
        var lines = judgements.OrderBy(judgement => judgement.Finding).Select(Line).ToList();
        if (lines.Count > 0)
            File.WriteAllText(file, "[\n" + string.Join(",\n", lines) + "\n]\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        else
            File.Delete(file);
    }

    private static string Line(Judgement judgement) =>
        $$"""  {"rule": {{Text(judgement.Finding.Rule)}}, "file": {{Text(judgement.Finding.File)}}, "line": {{judgement.Finding.Line}}, "verdict": {{Text(judgement.Verdict)}}, "reason": {{Text(judgement.Reason)}}{{(judgement.IsCopy ? """, "copy": true""" : "")}}}""";

    private static string Text(string value) => JsonSerializer.Serialize(value, Plain);
}
