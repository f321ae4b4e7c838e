using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The types that a compilation declares, nested ones too.</summary>
internal static class SourceTypes
{
    public static IEnumerable<INamedTypeSymbol> In(INamespaceSymbol container)
    {
        foreach (var inner in container.GetNamespaceMembers())
        {
            foreach (var type in In(inner))
                yield return type;
        }

        foreach (var type in AndNested(container))
            yield return type;
    }

    // Types alone: whoever asks for all members has the compiler make, and keep, a symbol of each.
    private static IEnumerable<INamedTypeSymbol> AndNested(INamespaceOrTypeSymbol container)
    {
        foreach (var type in container.GetTypeMembers())
        {
            yield return type;
            foreach (var nested in AndNested(type))
                yield return nested;
        }
    }
}
