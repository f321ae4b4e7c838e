using System.Globalization;
using System.Text;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks.DropTable;

/// <summary>The tables as Markdown, and their place in docs/performance.md.</summary>
internal sealed class DropPage(IReadOnlyList<Row> rows, TimeSpan delay)
{
    private const string Start = "<!-- drops: generated -->\n";
    private const string End = "<!-- /drops -->";

    public string Markdown { get; } = Tables(rows, delay);

    public void Write()
    {
        var file = Path.Combine(Repository.Root, "docs", "performance.md");
        var page = File.ReadAllText(file).ReplaceLineEndings("\n");
        var (start, end) = (page.IndexOf(Start, StringComparison.Ordinal) + Start.Length, page.IndexOf(End, StringComparison.Ordinal));
        if (start < Start.Length || end < start)
            throw new InvalidOperationException($"{file} has no '{Start.Trim()}' with '{End}' after it.");
        File.WriteAllText(file, page[..start] + Markdown + page[end..]);

        var chart = new BarChart("Lost of 10,000 requests while three instances behind HAProxy are restarted in turn", "502", "503", "cut off", "other");
        foreach (var row in rows.Where(row => row.Route == "haproxy"))
        {
            var lost = new[] { row.Lost(loss => loss.Status == 502), row.Lost(loss => loss.Status == 503), row.Lost(loss => loss.Status == 0), Other(row) };
            chart.Add(row.Variant.Name.Replace("`", ""), [.. lost.Select(count => 10_000.0 * count / row.Requests)], Invariant($"{row.LostPer10000:0.0}"));
        }

        var images = Directory.CreateDirectory(Path.Combine(Repository.Root, "docs", "images"));
        File.WriteAllText(Path.Combine(images.FullName, "drops.svg"), chart.ToSvg());
    }

    private static string Tables(IReadOnlyList<Row> rows, TimeSpan delay)
    {
        var text = new StringBuilder();
        foreach (var route in Route.All)
        {
            var table = rows.Where(row => row.Route == route.Id).ToList();
            if (table.Count == 0)
                continue;
            // No proxy stands between, so no proxy says 502.
            var isDirect = route.Id == "direct";
            text.Append($"### {route.Name}\n\n");
            text.Append("| Variant | Restarts | GET | lost | POST | lost | 502 | 503 | other status | cut off | lost of 10,000 |");
            text.Append(isDirect ? " refused connects |" : "").Append(" SIGTERM to exit | Exit code |\n");
            text.Append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|").Append(isDirect ? "--:|" : "").Append("--:|---|\n");
            foreach (var row in table)
                text.Append(Line(row, isDirect));
            text.Append('\n');
        }

        text.Append(Invariant($"The delay, where there is one, is {delay.TotalSeconds} s. Lost: a status other than 2xx, or \"cut off\": the connection ended without a whole answer.\n"));
        return text.ToString();
    }

    private static string Line(Row row, bool isDirect)
    {
        var counts = new[] { row.RequestsOf("GET"), row.Lost(loss => loss.Method == "GET"), row.RequestsOf("POST"), row.Lost(loss => loss.Method == "POST"), Of(502), Of(503), Other(row), Of(0) };
        return Invariant($"| {row.Variant.Name} | {row.Restarts} | {string.Join(" | ", counts.Select(count => Invariant($"{count:N0}")))} | {row.LostPer10000:0.0} |")
            + (isDirect ? Invariant($" {row.Refused:N0} |") : "")
            + Invariant($" {row.MedianExit.TotalSeconds:0.00} s | {string.Join(", ", row.ExitCodes)} |\n");

        int Of(int status) => row.Lost(loss => loss.Status == status);
    }

    private static int Other(Row row) => row.Lost(loss => loss.Status is not (0 or 502 or 503));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
