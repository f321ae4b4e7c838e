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

    // Sorted by name, in the order of the text for each: of most files there are a few, and a table would be larger than they.
    private readonly SimpleNameSyntax[] _uses;

    public TreeNames(SyntaxTree tree, WordSet words)
    {
        var text = tree.GetText();
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            text.CopyTo(0, buffer, 0, text.Length);
            _uses = [.. Scan(tree.GetRoot(), buffer, text.Length, words).OrderBy(NameOf, StringComparer.Ordinal)];
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    public ArraySegment<SimpleNameSyntax> Uses(string name)
    {
        var from = FirstFrom(name);
        var to = from;
        while (to < _uses.Length && NameOf(_uses[to]) == name)
            to++;
        return new(_uses, from, to - from);
    }

    /// <summary>Adds all uses to those of other files.</summary>
    public void AddTo(Dictionary<string, List<SimpleNameSyntax>> all)
    {
        foreach (var use in _uses)
        {
            if (!all.TryGetValue(NameOf(use), out var known))
                all.Add(NameOf(use), known = []);
            known.Add(use);
        }
    }

    /// <summary>The uses of one more name, which is looked for by itself.</summary>
    public static void Find(SyntaxTree tree, string name, List<SimpleNameSyntax> uses)
    {
        // A lambda has no name.
        if (name.Length == 0)
            return;

        var text = tree.GetText().ToString();
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + name.Length, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            var isWord = (at == 0 || !IsPart(text[at - 1])) && (end == text.Length || !IsPart(text[end]));
            if (isWord && UseAt(tree.GetRoot(), at, name) is { } use)
                uses.Add(use);
        }
    }

    private static List<SimpleNameSyntax> Scan(SyntaxNode root, char[] text, int length, WordSet words)
    {
        var uses = new List<SimpleNameSyntax>();
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

            if (words.Find(text, start, at - start) is { } name && UseAt(root, start, name) is { } use)
                uses.Add(use);
        }

        return uses;
    }

    private int FirstFrom(string name)
    {
        int from = 0, to = _uses.Length;
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (string.CompareOrdinal(NameOf(_uses[middle]), name) < 0)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }

    private static string NameOf(SimpleNameSyntax use) => use.Identifier.ValueText;

    private static bool IsPart(char character) => character < AsciiParts.Length ? AsciiParts[character] : SyntaxFacts.IsIdentifierPartCharacter(character);

    // A word in a comment or a string finds another token, and a declaration's name no SimpleNameSyntax.
    private static SimpleNameSyntax? UseAt(SyntaxNode root, int position, string name)
    {
        var token = root.FindToken(position);
        return token.Span.Contains(position) && token.Parent is SimpleNameSyntax use && use.Identifier == token && token.ValueText == name ? use : null;
    }
}

/// <summary>A fixed set of words, looked up in a buffer without making strings.</summary>
internal sealed class WordSet
{
    private const int Longest = 63;

    // By the first character, which is an ASCII letter in all of them, and the length.
    private readonly string[]?[] _byStartAndLength = new string[]?[128 * (Longest + 1)];

    // A lambda has no name.
    public WordSet(IEnumerable<string> words)
    {
        foreach (var group in words.Where(word => word.Length > 0).Distinct(StringComparer.Ordinal).GroupBy(word => Key(word[0], word.Length)))
            _byStartAndLength[group.Key] = [.. group];
    }

    /// <summary>The word of the set that stands in the buffer at that place, or null.</summary>
    public string? Find(char[] text, int start, int length)
    {
        var first = text[start];
        if (first >= 128 || length > Longest || _byStartAndLength[Key(first, length)] is not { } candidates)
            return null;

        foreach (var candidate in candidates)
        {
            if (text.AsSpan(start, length).SequenceEqual(candidate.AsSpan()))
                return candidate;
        }

        return null;
    }

    private static int Key(char first, int length) => (first * (Longest + 1)) + length;
}
