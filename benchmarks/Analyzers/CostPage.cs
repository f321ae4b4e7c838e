using System.Globalization;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>The tables of docs/performance.md that this program makes, each between its own marks, and their chart.</summary>
internal static class CostPage
{
    private static readonly string PageFile = Path.Combine(Repository.Root, "docs", "performance.md");
    private static readonly string ChartFile = Path.Combine(Repository.Root, "docs", "images", "analyzers.svg");

    /// <summary>Replaces what the page has of one table.</summary>
    public static void Write(string table, string markdown)
    {
        var (before, _, after) = GeneratedSection.Of(PageFile, table);
        File.WriteAllText(PageFile, $"{before}{markdown.Trim()}\n\n{after}");
    }

    /// <summary>A bar for each package on each project, made of the tables.</summary>
    public static void WriteChart(string markdown)
    {
        var chart = new BarChart("Time of the analyzers in per cent of parsing and binding, warm", "per cent");
        var project = "";
        foreach (var line in markdown.Split('\n'))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (line.StartsWith("### ", StringComparison.Ordinal))
                project = line[4..].Split(',')[0].Split(": ")[^1];
            else if (cells.Length == PackageCosts.Columns + 2 && double.TryParse(cells[PackageCosts.PerCentColumn].TrimEnd('%', ' '), CultureInfo.InvariantCulture, out var perCent) && cells[2].Length > 0)
                chart.Add($"{project}: {ShortName(cells[1])}", [perCent], cells[PackageCosts.PerCentColumn]);
        }

        File.WriteAllText(ChartFile, chart.ToSvg());
    }

    // Microsoft.VisualStudio.Threading.Analyzers 1.2.3: VisualStudio.Threading
    private static string ShortName(string package) =>
        package.Split(' ')[0] is "ShutdownAnalyzers" ? "this package" : package.Split(' ')[0].Replace("Microsoft.", "").Replace("CodeAnalysis.", "").Replace(".Analyzers", "").Replace(".Analyzer", "").Replace(".CSharp", "");
}
