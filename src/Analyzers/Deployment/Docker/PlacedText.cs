using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>Text whose characters know where they stand in the file: continuation lines, comments and escapes are taken out of it.</summary>
internal readonly record struct PlacedText(string Value, IReadOnlyList<int> Positions)
{
    public static readonly PlacedText Empty = new("", []);

    /// <summary>The place in the file of a part of the text.</summary>
    public TextSpan Span(int start, int length)
    {
        if (Positions.Count == 0)
            return default;
        var first = Positions[Math.Min(start, Positions.Count - 1)];
        return length == 0 ? new TextSpan(first, 0) : TextSpan.FromBounds(first, Positions[Math.Min(start + length, Positions.Count) - 1] + 1);
    }

    public TextSpan Span() => Span(0, Value.Length);

    public PlacedText Part(int start, int length) => new(Value.Substring(start, length), [.. Positions.Skip(start).Take(length)]);

    public PlacedText Trim()
    {
        var start = 0;
        while (start < Value.Length && char.IsWhiteSpace(Value[start]))
            start++;
        var end = Value.Length;
        while (end > start && char.IsWhiteSpace(Value[end - 1]))
            end--;
        return Part(start, end - start);
    }

    /// <summary>Collects characters with their places.</summary>
    public sealed class Builder
    {
        private readonly StringBuilder _value = new();
        private readonly List<int> _positions = [];

        public int Length => _value.Length;

        public void Add(char character, int position)
        {
            _value.Append(character);
            _positions.Add(position);
        }

        public PlacedText Build() => new(_value.ToString(), _positions);
    }
}
