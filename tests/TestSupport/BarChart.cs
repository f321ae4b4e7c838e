using System.Globalization;
using System.Net;
using System.Text;

namespace ShutdownAnalyzers.TestSupport;

/// <summary>A chart of horizontal bars, each stacked from one value a series, as an SVG file that reads the same on light and dark pages.</summary>
/// <param name="title">What is measured, with its unit.</param>
/// <param name="series">What the parts of every bar are, from left to right.</param>
public sealed class BarChart(string title, params string[] series)
{
    private const int Width = 760;
    private const int LabelWidth = 230;
    private const int NoteWidth = 110;
    private const int RowHeight = 24;
    private const int BarHeight = 16;
    private const int Top = 64;

    // Told apart by those who don't see red and green too.
    private static readonly string[] Colors = ["#0072b2", "#e69f00", "#cc3311", "#009e73", "#7f7f7f"];

    private readonly List<(string Label, double[] Values, string Note)> _rows = [];

    /// <summary>Adds a bar below the others, with a text behind it: its sum where none is given.</summary>
    public void Add(string label, double[] values, string? note = null)
    {
        if (values.Length != series.Length)
            throw new ArgumentException($"{label} has {values.Length} values for {series.Length} series.", nameof(values));
        _rows.Add((label, values, note ?? values.Sum().ToString("0.##", CultureInfo.InvariantCulture)));
    }

    public string ToSvg()
    {
        var height = Top + (_rows.Count * RowHeight) + 12;
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13">""");
        Line(svg, $"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        Line(svg, $"""<text x="12" y="24" font-size="15" font-weight="bold">{Escape(title)}</text>""");

        var legend = 12.0;
        for (var part = 0; part < series.Length; part++)
        {
            Line(svg, $"""<rect x="{legend:0}" y="37" width="12" height="12" fill="{Color(part)}"/><text x="{legend + 18:0}" y="48">{Escape(series[part])}</text>""");
            legend += 40 + (7.2 * series[part].Length);
        }

        var largest = _rows.Select(row => row.Values.Sum()).DefaultIfEmpty().Max();
        var scale = largest > 0 ? (Width - LabelWidth - NoteWidth) / largest : 0;
        for (var row = 0; row < _rows.Count; row++)
            Row(svg, _rows[row].Label, _rows[row].Values, _rows[row].Note, Top + (row * RowHeight), scale);

        return svg.Append("</svg>\n").ToString();
    }

    private static void Row(StringBuilder svg, string label, double[] values, string note, int y, double scale)
    {
        var middle = y + BarHeight - 3;
        Line(svg, $"""<text x="{LabelWidth - 8}" y="{middle}" text-anchor="end">{Escape(label)}</text>""");
        double x = LabelWidth;
        for (var part = 0; part < values.Length; part++)
        {
            var width = values[part] * scale;
            if (width > 0)
                Line(svg, $"""<rect x="{x:0.#}" y="{y}" width="{width:0.#}" height="{BarHeight}" fill="{Color(part)}"/>""");
            x += width;
        }

        Line(svg, $"""<text x="{x + 6:0.#}" y="{middle}">{Escape(note)}</text>""");
    }

    private static string Color(int part) => Colors[part % Colors.Length];

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
