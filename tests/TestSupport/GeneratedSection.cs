namespace ShutdownAnalyzers.TestSupport;

/// <summary>The part of a page that a program writes: it stands between <c>&lt;!-- name: generated --&gt;</c> and <c>&lt;!-- /name --&gt;</c>.</summary>
public static class GeneratedSection
{
    /// <summary>The page in three, the marks with what stands around them.</summary>
    /// <exception cref="InvalidOperationException">The page lacks the marks.</exception>
    public static (string Before, string Inside, string After) Of(string file, string name)
    {
        var page = File.ReadAllText(file).ReplaceLineEndings("\n");
        var (mark, endMark) = ($"<!-- {name}: generated -->\n", $"<!-- /{name} -->");
        var (start, end) = (page.IndexOf(mark, StringComparison.Ordinal) + mark.Length, page.IndexOf(endMark, StringComparison.Ordinal));
        return start >= mark.Length && end >= start
            ? (page[..start], page[start..end], page[end..])
            : throw new InvalidOperationException($"{file} has no '{mark.Trim()}' with '{endMark}' after it.");
    }
}
