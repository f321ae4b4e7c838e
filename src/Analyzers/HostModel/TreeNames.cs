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
    private readonly Dictionary<string, List<SimpleNameSyntax>> _uses = new(StringComparer.Ordinal);

    public TreeNames(SyntaxTree tree, WordSet words)
    {
        var text = tree.GetText();
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            text.CopyTo(0, buffer, 0, text.Length);
            Scan(tree.GetRoot(), buffer, text.Length, words);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    public IReadOnlyList<SimpleNameSyntax> Uses(string name) => _uses.TryGetValue(name, out var uses) ? uses : [];

    private void Scan(SyntaxNode root, char[] text, int length, WordSet words)
    {
        for (var at = 0; at < length;)
        {
            if (!SyntaxFacts.IsIdentifierPartCharacter(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < length && SyntaxFacts.IsIdentifierPartCharacter(text[at]))
                at++;

            if (words.Find(text, start, at - start) is { } name)
                Note(root, start, name);
        }
    }

    // A word in a comment or a string finds another token, and a declaration's name no SimpleNameSyntax.
    private void Note(SyntaxNode root, int position, string name)
    {
        var token = root.FindToken(position);
        if (token.Parent is not SimpleNameSyntax use || use.Identifier != token || token.ValueText != name)
            return;

        if (!_uses.TryGetValue(name, out var uses))
            _uses.Add(name, uses = []);
        uses.Add(use);
    }
}

/// <summary>A fixed set of words, looked up in a buffer without making strings.</summary>
internal sealed class WordSet
{
    private readonly Dictionary<int, string[]> _byStartAndLength;

    // A lambda has no name.
    public WordSet(IEnumerable<string> words) =>
        _byStartAndLength = words.Where(word => word.Length > 0).Distinct(StringComparer.Ordinal).GroupBy(word => Key(word[0], word.Length)).ToDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The word of the set that stands in the buffer at that place, or null.</summary>
    public string? Find(char[] text, int start, int length)
    {
        if (!_byStartAndLength.TryGetValue(Key(text[start], length), out var candidates))
            return null;

        foreach (var candidate in candidates)
        {
            if (text.AsSpan(start, length).SequenceEqual(candidate.AsSpan()))
                return candidate;
        }

        return null;
    }

    private static int Key(char first, int length) => (first << 16) ^ length;
}
