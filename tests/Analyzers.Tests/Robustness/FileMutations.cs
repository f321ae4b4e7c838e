using System.Text;

namespace ShutdownAnalyzers.Tests.Robustness;

/// <summary>Changes of a deployment file: of its lines, of its words, and of what stands after a key.</summary>
internal sealed class FileMutations(string text, string donor, Random random)
{
    private static readonly string[] Values =
        ["", " null", " ~", " -1", " 0", " 99999999999999999999", " 1e309", " 30s", " \"30\"", " '", " \"", " [", " {", " []", " {}", " [[[]]]", " { a: 1, a: 2 }", " *a", " &a x", " !!binary x", " |", " >-", " true", " 00:00:10", " 1.5h", " ${X:-10}", " {{ .Values.x }}", " \0", " \uD800", " é", " - x", " ? x", " %"];

    private static readonly string[] Lines =
        ["---", "...", "%YAML 1.2", "# shutdown-analyzers: ignore SHUT601", "\t", "- ", "? a", ": a", "<<: *a", "a: &a { <<: *a }", "{{- if .x }}", "[Service]", "FROM scratch AS a", "ENTRYPOINT [", "CMD sh -c \"exec", "RUN <<EOF", "SHELL [\"bash\", \"-c\"]", "STOPSIGNAL", "ENV SHUTDOWN_DRAIN_DELAY=x", "/* x", "}", "]", "\\"];

    private static readonly Func<FileMutations, string>[] Small =
    [
        mutation => mutation.OnLines(lines => lines.RemoveAt(mutation.At(lines))),
        mutation => mutation.OnLines(lines => lines.Insert(mutation.At(lines), lines[mutation.At(lines)])),
        mutation => mutation.OnLines(lines => Swap(lines, mutation.At(lines), mutation.At(lines))),
        mutation => mutation.OnLine(line => "  " + line),
        mutation => mutation.OnLine(line => line.StartsWith("  ", StringComparison.Ordinal) ? line[2..] : "\t" + line),
        mutation => mutation.OnLine(line => line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)] + mutation.Pick(Values)),
        mutation => mutation.OnLine(line => line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)] + mutation.Pick(Values)),
        mutation => mutation.OnLine(line => line[..(line.IndexOf('=', StringComparison.Ordinal) + 1)] + mutation.Pick(Values)),
        mutation => mutation.OnLine(line => line + mutation.Pick(Values)),
        mutation => mutation.OnLines(lines => lines.Insert(mutation.At(lines), mutation.Pick(Lines))),
        mutation => mutation.OnLines(lines => lines[mutation.At(lines)] = mutation.Pick(Lines)),
        mutation => mutation.OnLines(lines => lines.Insert(mutation.At(lines), mutation.Pick(mutation.Donor()))),
        mutation => mutation.OnLines(lines => Swap(lines, mutation.At(lines), lines.Count - 1)),
        mutation => mutation.Text.Remove(mutation.Position(), mutation.Text.Length == 0 ? 0 : 1),
        mutation => mutation.Text.Insert(mutation.Position(), mutation.Pick(Values)),
        mutation => mutation.Text[..mutation.Position()],
        mutation => mutation.Text[mutation.Position()..],
        mutation => mutation.Text.ReplaceLineEndings("\r\n"),
        mutation => mutation.Text.ReplaceLineEndings("\r"),
        mutation => "\uFEFF" + mutation.Text,
    ];

    private static readonly Func<FileMutations, string>[] Large =
    [
        mutation => mutation.OnLines(lines => lines.InsertRange(mutation.At(lines), Enumerable.Repeat(mutation.Pick(lines), 1_000))),
        mutation => mutation.OnLine(line => line + new StringBuilder().Insert(0, mutation.Pick(["[", "{", "- ", "\"", "'", "${a:-", "$(", "&& ", "\\", "a: ", "{a: "]), 2_000)),
        mutation => new StringBuilder().Insert(0, mutation.Text + "\n---\n", Math.Min(300, 500_000 / (mutation.Text.Length + 5))).ToString(),
        mutation => mutation.OnLines(lines => lines.InsertRange(mutation.At(lines), Enumerable.Range(0, 500).Select(depth => new string(' ', depth * 2) + "a:"))),
        mutation => mutation.OnLine(line => line + new string('x', 100_000)),
    ];

    private string Text => text;

    /// <summary>The file after one to four changes, before them one that makes it large where that is asked for.</summary>
    public static string Apply(string text, string donor, bool isLarge, Random random)
    {
        if (isLarge)
            text = Large[random.Next(Large.Length)](new(text, donor, random));
        for (var count = 1 + random.Next(4); count > 0; count--)
            text = Small[random.Next(Small.Length)](new(text, donor, random));
        return text;
    }

    private static void Swap(List<string> lines, int first, int second) => (lines[first], lines[second]) = (lines[second], lines[first]);

    // A text has one line at least.
    private int At(List<string> lines) => random.Next(lines.Count);

    private int Position() => text.Length == 0 ? 0 : random.Next(text.Length);

    private string Pick(IReadOnlyList<string> from) => from[random.Next(from.Count)];

    private string[] Donor() => donor.Split('\n');

    private string OnLine(Func<string, string> change) => OnLines(lines =>
    {
        var at = At(lines);
        lines[at] = change(lines[at]);
    });

    private string OnLines(Action<List<string>> change)
    {
        var lines = text.Split('\n').ToList();
        change(lines);
        return string.Join('\n', lines);
    }
}
