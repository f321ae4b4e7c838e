using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.Deployment.Yaml;

/// <summary>Where new YAML goes in the text of a file, so that comments and the rest stay as they are. Only for block style, one key a line.</summary>
internal static class YamlEdits
{
    /// <summary>The indentation of a key that stands first on its line, or first in a list's item; null in flow style.</summary>
    public static string? IndentOf(string text, YamlScalar key)
    {
        var line = text.LastIndexOf('\n', Math.Max(0, key.Span.Start - 1)) + 1;
        for (var i = line; i < key.Span.Start; i++)
        {
            if (text[i] != ' ' && !(text[i] == '-' && i + 1 < text.Length && text[i + 1] == ' '))
                return null;
        }

        return new string(' ', key.Span.Start - line);
    }

    /// <summary>Where the value of an entry ends: behind its last character that is no space.</summary>
    public static int EndOf(string text, YamlEntry entry)
    {
        // An alias's value stands elsewhere.
        var end = Math.Max(entry.Key.Span.End, EndOf(entry.Value, entry.Key.Span.Start));
        while (end > entry.Key.Span.End && char.IsWhiteSpace(text[end - 1]))
            end--;
        return end;
    }

    /// <summary>New lines behind an entry, each at the entry's indentation; null in flow style.</summary>
    public static TextChange? After(string text, YamlEntry entry, params string[] lines)
    {
        if (IndentOf(text, entry.Key) is not { } indent)
            return null;
        var end = EndOf(text, entry);
        var newLine = text.IndexOf('\n', end) is var next && next < 0 ? text.Length : next;
        if (newLine > 0 && newLine < text.Length && text[newLine - 1] == '\r')
            newLine--;
        var ending = text.Contains("\r\n") ? "\r\n" : "\n";
        return new(new TextSpan(newLine, 0), string.Concat(lines.Select(line => ending + indent + line)));
    }

    /// <summary>The whole entry in another form, in the style that it stands in.</summary>
    public static TextChange Replace(string text, YamlEntry entry, string flow, params string[] lines)
    {
        var span = TextSpan.FromBounds(entry.Key.Span.Start, EndOf(text, entry));
        if (IndentOf(text, entry.Key) is not { } indent)
            return new(span, flow);
        var ending = text.Contains("\r\n") ? "\r\n" : "\n";
        return new(span, string.Join(ending + indent, lines));
    }

    /// <summary>Takes an entry away with its lines; null in flow style, and where it stands on a list's own line.</summary>
    public static TextChange? Remove(string text, YamlEntry entry)
    {
        var line = text.LastIndexOf('\n', Math.Max(0, entry.Key.Span.Start - 1)) + 1;
        if (text.Substring(line, entry.Key.Span.Start - line).Trim().Length > 0)
            return null;
        var end = text.IndexOf('\n', EndOf(text, entry)) is var next && next < 0 ? text.Length : next + 1;
        return new(TextSpan.FromBounds(line, end), "");
    }

    private static int EndOf(YamlNode node, int start)
    {
        if (node.Span.Start < start)
            return start;
        var end = node is YamlScalar ? node.Span.End : node.Span.Start;
        foreach (var entry in (node as YamlMapping)?.Own ?? [])
            end = Math.Max(end, Math.Max(entry.Key.Span.End, EndOf(entry.Value, start)));
        foreach (var item in node.Items)
            end = Math.Max(end, EndOf(item, start));

        // A flow collection ends at its bracket; the end of a block collection is where the next thing begins.
        return node is YamlScalar || end >= node.Span.End ? end : IsFlow(node) ? node.Span.End : end;
    }

    private static bool IsFlow(YamlNode node) => node is YamlMapping { IsFlow: true } or YamlSequence { IsFlow: true };
}
