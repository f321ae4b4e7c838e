using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Where the files of a compilation use one name.</summary>
internal sealed class NameUses
{
    private readonly List<(SyntaxTree Tree, int Position)> _places = [];

    // Nodes keep all around them: found when somebody asks, and then kept, since many do.
    private SimpleNameSyntax[]? _nodes;

    /// <summary>Every use, in the order of the files.</summary>
    public IReadOnlyList<SimpleNameSyntax> All => _nodes ??= [.. _places.Select(place => TreeNames.At(place.Tree, place.Position))];

    public bool Any => _places.Count > 0;

    public void Add(SyntaxTree tree, int position) => _places.Add((tree, position));
}
