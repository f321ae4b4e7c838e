using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Where the files of a compilation use one name.</summary>
internal sealed class NameUses
{
    private readonly List<(SyntaxTree Tree, int Position)> _places = [];

    // Many rules ask for the same name: found once, and kept for as long as anybody looks.
    private readonly WeakReference<SimpleNameSyntax[]> _nodes = new(null!);

    /// <summary>Every use, in the order of the files.</summary>
    public IReadOnlyList<SimpleNameSyntax> All
    {
        get
        {
            if (!_nodes.TryGetTarget(out var nodes))
                _nodes.SetTarget(nodes = [.. _places.Select(place => TreeNames.At(place.Tree, place.Position))]);
            return nodes;
        }
    }

    public bool Any => _places.Count > 0;

    public void Add(SyntaxTree tree, int position) => _places.Add((tree, position));
}
