using System.Text;

namespace ShutdownAnalyzers.Overlap;

/// <summary><c>docs/overlap.md</c>.</summary>
internal static class OverlapPage
{
    public static string Of(IReadOnlyList<Measurement> measurements)
    {
        var page = new StringBuilder();
        page.Append("""
            # Overlap with other analyzers

            Written by `dotnet run -c Release --project tests/Overlap`, which compiles the Bad examples of every rule's page and runs these analyzers on them, each of their rules enabled:

            """.ReplaceLineEndings("\n")).Append('\n');
        foreach (var other in OtherAnalyzers.All)
            page.Append($"- {other.Package} {other.Version}\n");

        var alone = measurements.Count(measurement => measurement.IsAlone);
        page.Append("\n## What they report\n\n");
        page.Append($"Of {measurements.Count} rules with C# examples {alone} are reported by this package only. An id that a row doesn't name doesn't report the example. ");
        page.Append("\"On the same lines\" are the lines of this package's finding; ids that aren't about the subject (style, naming, documentation) are only counted.\n\n");
        page.Append("| Rule | Reported on the same lines | Elsewhere in the example | Only this package | Other ids on the same lines |\n|---|---|---|---|---|\n");
        foreach (var measurement in measurements)
            page.Append($"| [{measurement.Rule}](rules/{measurement.Rule}.md) | {string.Join(", ", measurement.Same)} | {string.Join(", ", measurement.Near)} | {(measurement.IsAlone ? "yes" : "")} | {measurement.Unrelated.Count} |\n");

        page.Append("\n## What counts as the same subject\n\n| Subject | Ids | Rules of this package |\n|---|---|---|\n");
        foreach (var subject in Subject.All)
            page.Append($"| {subject.Reason} | {string.Join(", ", subject.Ids)} | {string.Join(", ", subject.Rules)} |\n");
        return page.ToString();
    }
}
