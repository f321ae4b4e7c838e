using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.Deployment.Yaml;

/// <summary>A node of a YAML document with its place in the file. An alias is its anchor's node, at the anchor's place: that is where the value stands.</summary>
internal abstract class YamlNode(TextSpan span, IReadOnlyList<YamlNode> children)
{
    public TextSpan Span { get; } = span;

    /// <summary>How many nodes it is, with those below it, each alias counted as what it stands for.</summary>
    public long Size { get; } = 1 + children.Sum(child => child.Size);

    /// <summary>How many levels it has.</summary>
    public int Height { get; } = 1 + children.Select(child => child.Height).DefaultIfEmpty().Max();

    /// <summary>The value under a key of a mapping, or null where this isn't a mapping or has no such key.</summary>
    public YamlNode? this[string key] => (this as YamlMapping)?.Entry(key)?.Value;

    /// <summary>The value at a path of keys.</summary>
    public YamlNode? At(params string[] path)
    {
        var node = this;
        foreach (var key in path)
        {
            node = node[key];
            if (node is null)
                return null;
        }

        return node;
    }

    /// <summary>The text of a scalar, or null for anything else.</summary>
    public string? Text => (this as YamlScalar)?.Value;

    /// <summary>The items of a sequence; none for anything else.</summary>
    public IReadOnlyList<YamlNode> Items => (this as YamlSequence)?.Nodes ?? [];

    /// <summary>The entries of a mapping, merged ones (<c>&lt;&lt;</c>) too; none for anything else.</summary>
    public IEnumerable<YamlEntry> Entries => (this as YamlMapping)?.All() ?? [];
}

/// <summary>A scalar: its value without quotes and escapes.</summary>
internal sealed class YamlScalar(TextSpan span, string value) : YamlNode(span, [])
{
    public string Value { get; } = value;
}

/// <summary>A sequence, in block or flow style.</summary>
internal sealed class YamlSequence(TextSpan span, IReadOnlyList<YamlNode> nodes, bool isFlow) : YamlNode(span, nodes)
{
    /// <summary>Whether it stands in brackets.</summary>
    public bool IsFlow { get; } = isFlow;

    public IReadOnlyList<YamlNode> Nodes { get; } = nodes;
}

/// <summary>A key and its value.</summary>
internal sealed class YamlEntry(YamlScalar key, YamlNode value)
{
    public YamlScalar Key { get; } = key;

    public YamlNode Value { get; } = value;
}

/// <summary>A mapping, in block or flow style.</summary>
internal sealed class YamlMapping(TextSpan span, IReadOnlyList<YamlEntry> own, bool isFlow) : YamlNode(span, [.. own.Select(entry => entry.Value)])
{
    private const string MergeKey = "<<";

    private readonly Lazy<Dictionary<string, YamlEntry>> _own = new(() =>
    {
        var entries = new Dictionary<string, YamlEntry>();
        foreach (var entry in own)
            entries[entry.Key.Value] = entry;
        return entries;
    });

    /// <summary>Whether it stands in braces.</summary>
    public bool IsFlow { get; } = isFlow;

    /// <summary>The entries as they stand, without merged ones.</summary>
    public IReadOnlyList<YamlEntry> Own { get; } = own;

    /// <summary>The entry of a key: the mapping's own, else one that it merges. Of a key that stands twice the last holds.</summary>
    public YamlEntry? Entry(string key)
    {
        if (_own.Value.TryGetValue(key, out var own))
            return own;
        foreach (var merged in Merged())
        {
            if (merged.Entry(key) is { } entry)
                return entry;
        }

        return null;
    }

    public IEnumerable<YamlEntry> All()
    {
        var all = new Dictionary<string, YamlEntry>(_own.Value);
        all.Remove(MergeKey);
        foreach (var entry in Merged().SelectMany(merged => merged.All()))
        {
            if (!all.ContainsKey(entry.Key.Value))
                all.Add(entry.Key.Value, entry);
        }

        return all.Values;
    }

    private IEnumerable<YamlMapping> Merged()
    {
        foreach (var entry in Own)
        {
            if (entry.Key.Value != MergeKey)
                continue;
            if (entry.Value is YamlMapping one)
                yield return one;
            foreach (var item in entry.Value.Items)
            {
                if (item is YamlMapping mapping)
                    yield return mapping;
            }
        }
    }
}
