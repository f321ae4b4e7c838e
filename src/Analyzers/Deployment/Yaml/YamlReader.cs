using Microsoft.CodeAnalysis.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ShutdownAnalyzers.Deployment.Yaml;

/// <summary>
/// Makes trees with positions of YamlDotNet's events. A file is data from outside: its size, its depth and the number of its nodes are
/// bounded, an alias is a reference that counts as what it stands for, and none can hold itself.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>Deployment files are small; YamlDotNet's time grows with the square of the depth of flow collections.</summary>
    private const int MaxDepth = 64;
    private const int MaxNodes = 200_000;

    private readonly IParser _parser;
    private readonly Dictionary<string, YamlNode> _anchors = [];
    private int _depth;
    private long _nodes;

    private YamlReader(string text) => _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));

    /// <summary>The documents of a file.</summary>
    /// <exception cref="YamlException">The text isn't YAML, or more than the limits allow.</exception>
    public static IReadOnlyList<YamlNode> Read(string text)
    {
        try
        {
            return new YamlReader(text).Documents();
        }
        catch (InvalidOperationException exception)
        {
            // The parser's own state machine, on some broken flow collections.
            throw new YamlException("Not YAML.", exception);
        }
    }

    private IReadOnlyList<YamlNode> Documents()
    {
        var documents = new List<YamlNode>();
        _parser.Consume<StreamStart>();
        while (!_parser.Accept<StreamEnd>(out _))
        {
            _parser.Consume<DocumentStart>();
            documents.Add(Node());
            _parser.Consume<DocumentEnd>();
            _anchors.Clear();
        }

        return documents;
    }

    private YamlNode Node()
    {
        Count(1);
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return Alias(alias);
        if (_parser.TryConsume<Scalar>(out var scalar))
            return Anchored(scalar, new YamlScalar(SpanOf(scalar.Start, scalar.End), scalar.Value));

        Descend(_depth++);
        var collection = _parser.TryConsume<SequenceStart>(out var sequence) ? Sequence(sequence) : Mapping(_parser.Consume<MappingStart>());
        _depth--;
        return collection;
    }

    private YamlNode Alias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
            return new YamlScalar(SpanOf(alias.Start, alias.End), "");
        Count(node.Size - 1);
        Descend(_depth + node.Height - 1);
        return node;
    }

    private void Count(long more)
    {
        _nodes += more;
        if (_nodes > MaxNodes)
            throw new YamlException($"More than {MaxNodes} values.");
    }

    private static void Descend(int depth)
    {
        if (depth >= MaxDepth)
            throw new YamlException($"Nested deeper than {MaxDepth}.");
    }

    private YamlNode Sequence(SequenceStart start)
    {
        var items = new List<YamlNode>();
        SequenceEnd end;
        while (!_parser.TryConsume(out end!))
            items.Add(Node());
        return Anchored(start, new YamlSequence(SpanOf(start.Start, end.End, start.Style == SequenceStyle.Flow), items, start.Style == SequenceStyle.Flow));
    }

    private YamlNode Mapping(MappingStart start)
    {
        var entries = new List<YamlEntry>();
        MappingEnd end;
        while (!_parser.TryConsume(out end!))
        {
            // A mapping as a key is what a template's braces look like: {{ .Values.image }}.
            var key = Node() as YamlScalar ?? throw new YamlException(start.Start, start.End, "A key that is no scalar: this is a template.");
            entries.Add(new(key, Node()));
        }

        return Anchored(start, new YamlMapping(SpanOf(start.Start, end.End, start.Style == MappingStyle.Flow), entries, start.Style == MappingStyle.Flow));
    }

    private YamlNode Anchored(NodeEvent source, YamlNode node)
    {
        if (!source.Anchor.IsEmpty)
            _anchors[source.Anchor.Value] = node;
        return node;
    }

    // The end of a flow collection is marked before its bracket.
    private static TextSpan SpanOf(in Mark start, in Mark end, bool isFlow = false) =>
        TextSpan.FromBounds((int)start.Index, (int)Math.Max(start.Index, end.Index) + (isFlow ? 1 : 0));
}
