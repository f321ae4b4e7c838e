using System.Buffers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Where one file uses some names. It reads the text and asks the tree only about the words that match: walking the tree would
/// make every node of it, which costs more than all rules together.
/// </summary>
internal sealed class TreeNames
{
    private static readonly bool[] AsciiParts = [.. Enumerable.Range(0, 128).Select(character => SyntaxFacts.IsIdentifierPartCharacter((char)character))];

    private static readonly TreeNames None = new([]);

    // Sorted by name, in the order of the text for each: of most files there are a few, and a table would be larger than they. Not the nodes, which would keep all around them.
    private readonly Use[] _uses;

    private TreeNames(Use[] uses) => _uses = uses;

    public static TreeNames Of(SyntaxTree tree)
    {
        var text = tree.GetText();
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            text.CopyTo(0, buffer, 0, text.Length);
            var uses = Scan(tree.GetRoot(), buffer, text.Length, IndexedNames.Words);
            return uses.Count == 0 ? None : new([.. uses.OrderBy(use => use.Word)]);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <summary>Where the file uses a name.</summary>
    public IEnumerable<int> Uses(string name)
    {
        if (IndexedNames.Words.IndexOf(name) is not { } word)
            yield break;

        for (var at = FirstOf(word); at < _uses.Length && _uses[at].Word == word; at++)
            yield return _uses[at].Position;
    }

    /// <summary>Adds all uses to those of other files.</summary>
    public void AddTo(Dictionary<string, NameUses> all, SyntaxTree tree)
    {
        foreach (var use in _uses)
        {
            var name = IndexedNames.Words[use.Word];
            if (!all.TryGetValue(name, out var known))
                all.Add(name, known = new());
            known.Add(tree, use.Position);
        }
    }

    /// <summary>The use at a place where there is one.</summary>
    public static SimpleNameSyntax At(SyntaxTree tree, int position) => (SimpleNameSyntax)tree.GetRoot().FindToken(position).Parent!;

    /// <summary>Where a file uses one more name, which is looked for by itself.</summary>
    public static IEnumerable<int> Find(SyntaxTree tree, string name)
    {
        // A lambda has no name.
        if (name.Length == 0)
            yield break;

        var text = tree.GetText().ToString();
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + name.Length, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            var isWord = (at == 0 || !IsPart(text[at - 1])) && (end == text.Length || !IsPart(text[end]));
            if (isWord && IsUse(tree.GetRoot(), at, name))
                yield return at;
        }
    }

    private static List<Use> Scan(SyntaxNode root, char[] text, int length, WordSet words)
    {
        var uses = new List<Use>();
        for (var at = 0; at < length;)
        {
            if (!IsPart(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < length && IsPart(text[at]))
                at++;

            if (words.Find(text, start, at - start) is { } word && IsUse(root, start, words[word]))
                uses.Add(new(word, start));
        }

        return uses;
    }

    private int FirstOf(int word)
    {
        int from = 0, to = _uses.Length;
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (_uses[middle].Word < word)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }

    private static bool IsPart(char character) => character < AsciiParts.Length ? AsciiParts[character] : SyntaxFacts.IsIdentifierPartCharacter(character);

    // A word in a comment or a string finds another token, and a declaration's name no SimpleNameSyntax.
    private static bool IsUse(SyntaxNode root, int position, string name)
    {
        var token = root.FindToken(position);
        return token.Span.Contains(position) && token.Parent is SimpleNameSyntax use && use.Identifier == token && token.ValueText == name;
    }

    private readonly struct Use(int word, int position)
    {
        public int Word { get; } = word;

        public int Position { get; } = position;
    }
}

/// <summary>A fixed set of words, looked up in a buffer without making strings.</summary>
internal sealed class WordSet
{
    private const int Longest = 63;

    // By the first character, which is an ASCII letter in all of them, and the length: the places of the words.
    private readonly int[]?[] _byStartAndLength = new int[]?[128 * (Longest + 1)];
    private readonly string[] _words;

    // A lambda has no name.
    public WordSet(IEnumerable<string> words)
    {
        _words = [.. words.Where(word => word.Length > 0).Distinct(StringComparer.Ordinal)];
        foreach (var group in Enumerable.Range(0, _words.Length).GroupBy(at => Key(_words[at][0], _words[at].Length)))
            _byStartAndLength[group.Key] = [.. group];
    }

    public string this[int at] => _words[at];

    /// <summary>The place of a word in the set, or null.</summary>
    public int? IndexOf(string word) => Find(word.AsSpan());

    /// <summary>The place of the word that stands in the buffer at that place, or null.</summary>
    public int? Find(char[] text, int start, int length) => Find(text.AsSpan(start, length));

    private int? Find(ReadOnlySpan<char> word)
    {
        if (word.Length is 0 or > Longest || word[0] >= 128 || _byStartAndLength[Key(word[0], word.Length)] is not { } candidates)
            return null;

        foreach (var candidate in candidates)
        {
            if (word.SequenceEqual(_words[candidate].AsSpan()))
                return candidate;
        }

        return null;
    }

    private static int Key(char first, int length) => (first * (Longest + 1)) + length;
}
