using System.Globalization;
using System.Text;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks.DropTable;

/// <summary>The tables in docs/performance.md and their chart. The page itself keeps what was measured: a run replaces its own rows and leaves the others as they are.</summary>
internal sealed class DropPage
{
    private const string Section = "drops";
    private const string Columns = "| Variant | Restarts | GET | lost | POST | lost | 502 | 503 | other status | cut off | lost of 10,000 | refused connects | SIGTERM to exit | Exit code |\n"
        + "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n";

    private static readonly string PageFile = Path.Combine(Repository.Root, "docs", "performance.md");
    private static readonly string ChartFile = Path.Combine(Repository.Root, "docs", "images", "drops.svg");

    private readonly Dictionary<(string Route, string Variant), string[]> _rows = [];

    /// <summary>The tables as the page has them.</summary>
    public static DropPage Read()
    {
        var page = new DropPage();
        var route = "";
        foreach (var line in GeneratedSection.Of(PageFile, Section).Inside.Split('\n'))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (line.StartsWith("### ", StringComparison.Ordinal))
                route = line[4..];
            else if (cells.Length > 2 && Variant.All.Any(variant => variant.Name == cells[1]))
                page._rows[(route, cells[1])] = cells[1..^1];
        }

        return page;
    }

    public void Set(string route, Row row) => _rows[(route, row.Variant.Name)] = Cells(row);

    public void Write()
    {
        var (before, _, after) = GeneratedSection.Of(PageFile, Section);
        File.WriteAllText(PageFile, before + Markdown() + after);
        Directory.CreateDirectory(Path.GetDirectoryName(ChartFile)!);
        File.WriteAllText(ChartFile, Chart().ToSvg());
    }

    public string Markdown()
    {
        var text = new StringBuilder();
        foreach (var route in Route.All)
        {
            var table = Table(route.Name).ToList();
            if (table.Count == 0)
                continue;
            text.Append($"### {route.Name}\n\n").Append(Columns);
            foreach (var cells in table)
                text.Append($"| {string.Join(" | ", cells)} |\n");
            text.Append('\n');
        }

        return text.ToString();
    }

    private BarChart Chart()
    {
        var chart = new BarChart("Lost of 10,000 requests while three instances behind HAProxy are restarted in turn", "502", "503", "cut off", "other");
        foreach (var cells in Table(Route.All[0].Name))
        {
            var requests = Number(cells[2]) + Number(cells[4]);
            chart.Add(cells[0].Replace("`", ""), [.. new[] { 6, 7, 9, 8 }.Select(column => 10_000 * Number(cells[column]) / requests)], cells[10]);
        }

        return chart;
    }

    private IEnumerable<string[]> Table(string route) => Variant.All.Where(variant => _rows.ContainsKey((route, variant.Name))).Select(variant => _rows[(route, variant.Name)]);

    private static string[] Cells(Row row)
    {
        return
        [
            row.Variant.Name,
            Count(row.Restarts),
            Count(row.RequestsOf("GET")),
            Count(row.Lost(loss => loss.Method == "GET")),
            Count(row.RequestsOf("POST")),
            Count(row.Lost(loss => loss.Method == "POST")),
            Count(row.Lost(loss => loss.Status == 502)),
            Count(row.Lost(loss => loss.Status == 503)),
            Count(row.Lost(loss => loss.Status is not (0 or 502 or 503))),
            Count(row.Lost(loss => loss.Status == 0)),
            row.LostPer10000.ToString("0.0", CultureInfo.InvariantCulture),
            Count(row.Refused),
            row.MedianExit.TotalSeconds.ToString("0.00 s", CultureInfo.InvariantCulture),
            string.Join(", ", row.ExitCodes),
        ];

        static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
    }

    private static double Number(string cell) => double.Parse(cell, NumberStyles.Number, CultureInfo.InvariantCulture);
}
