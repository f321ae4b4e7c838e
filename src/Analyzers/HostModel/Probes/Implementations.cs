using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What stands behind the interfaces and base classes of a compilation: its own types that implement or override their members.</summary>
internal sealed class Implementations(HostFacts host)
{
    private readonly Lazy<IReadOnlyList<INamedTypeSymbol>> _types = new(() => [.. SourceTypes.In(host.Compilation.Assembly.GlobalNamespace)]);

    /// <summary>Every type that the compilation declares.</summary>
    public IReadOnlyList<INamedTypeSymbol> Types => _types.Value;

    /// <summary>The members that implement or override <paramref name="member"/>.</summary>
    public IEnumerable<ISymbol> Of(ISymbol member)
    {
        if (member is { IsAbstract: false, IsVirtual: false, IsOverride: false } || member.ContainingType is null)
            yield break;

        foreach (var type in Types)
        {
            if (member.ContainingType.TypeKind == TypeKind.Interface)
            {
                if (type.TypeKind != TypeKind.Interface && type.FindImplementationForInterfaceMember(member) is { } implementation)
                    yield return implementation;
            }
            else
            {
                foreach (var candidate in type.GetMembers(member.Name))
                {
                    if (candidate.IsOverride && Overrides(candidate, member))
                        yield return candidate;
                }
            }
        }
    }

    private static bool Overrides(ISymbol candidate, ISymbol member)
    {
        ISymbol? current = candidate;
        while (current is not null)
        {
            current = current switch
            {
                IMethodSymbol method => method.OverriddenMethod,
                IPropertySymbol property => property.OverriddenProperty,
                _ => null,
            };
            if (SymbolEqualityComparer.Default.Equals(current, member))
                return true;
        }

        return false;
    }
}
