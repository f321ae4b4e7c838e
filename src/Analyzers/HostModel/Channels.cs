using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Which channels and blocking collections somebody completes, told apart by what they hold.</summary>
internal sealed class Channels
{
    private readonly HostFacts _host;
    private readonly HashSet<ITypeSymbol> _completed = new(SymbolEqualityComparer.Default);

    public Channels(HostFacts host)
    {
        _host = host;
        foreach (var name in IndexedNames.Completion)
        {
            foreach (var use in host.Index.Uses(name))
            {
                // A method group (token.Register(writer.Complete)) counts as a call does.
                if (host.Index.Symbol(use) is IMethodSymbol method && ItemOf(method.ContainingType) is { } item)
                    _completed.Add(item);
            }
        }
    }

    /// <summary>Whether <paramref name="read"/> reads from a channel or collection of a kind that the program completes somewhere.</summary>
    public bool IsCompletedSomewhere(IInvocationOperation read) =>
        ItemOf(read.TargetMethod.ContainingType) is { } item && _completed.Contains(item);

    public bool IsRead(IInvocationOperation call) =>
        call.TargetMethod.Name is "ReadAsync" or "ReadAllAsync" or "WaitToReadAsync" && _host.Types.Inherits(call.TargetMethod.ContainingType, KnownType.ChannelReader);

    private ITypeSymbol? ItemOf(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.TypeArguments.Length == 1
                && (_host.Types.Is(type, KnownType.ChannelReader) || _host.Types.Is(type, KnownType.ChannelWriter) || _host.Types.Is(type, KnownType.BlockingCollection)))
            {
                return type.TypeArguments[0];
            }
        }

        return null;
    }
}
