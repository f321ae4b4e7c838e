using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Whether code looks at the shutdown: reads the lifetime's stop tokens or the runtime library's state, or something that code which runs at the stop sets
/// (a flag, a cancelled source, a property of a helper service). What only tells that the program has started doesn't count.
/// </summary>
internal sealed class ShutdownState
{
    private readonly HostFacts _host;
    private readonly Lazy<ShutdownChanges> _changes;

    public ShutdownState(HostFacts host)
    {
        _host = host;
        Implementations = new(host);
        _changes = new(() => new ShutdownChanges(host, this));
    }

    /// <summary>What stands behind interfaces and base classes.</summary>
    public Implementations Implementations { get; }

    /// <summary>Whether the code behind a delegate looks at the shutdown; null where that can't be seen.</summary>
    public bool? IsReadByDelegate(IOperation value) =>
        Bodies.OfDelegate(_host, value) is { } body ? IsReadBy(body) : null;

    /// <summary>Whether a method looks at the shutdown; null where that can't be seen.</summary>
    public bool? IsReadByMethod(IMethodSymbol method)
    {
        var reader = new ShutdownReads(_host, this);
        return !_host.IsInSource(method) ? null : reader.Enter(method, 0) ? true : reader.IsUncertain ? null : false;
    }

    public bool? IsReadBy(IOperation body)
    {
        var reader = new ShutdownReads(_host, this);
        return reader.Visit(body, 0) ? true : reader.IsUncertain ? null : false;
    }

    /// <summary>Whether the method of that name, own or inherited, looks at the shutdown.</summary>
    public bool? IsReadByType(INamedTypeSymbol type, string method)
    {
        bool? read = false;
        for (var current = type; current is not null && _host.IsInSource(current); current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation } candidate
                    || !candidate.Name.EndsWith(method, StringComparison.Ordinal))
                {
                    continue;
                }

                var one = IsReadByMethod(candidate);
                if (one == true)
                    return true;
                read = one is null ? null : read;
            }
        }

        return read;
    }

    public bool IsLifetime(ITypeSymbol? type) =>
        _host.Types.Inherits(type, KnownType.IHostApplicationLifetime)
        || _host.Types.Inherits(type, KnownType.IApplicationLifetime)
        || _host.Types.Inherits(type, KnownType.IHostingApplicationLifetime);

    /// <summary>Whether a local, parameter, field or property is changed by what happens at the stop.</summary>
    public bool IsChangedAtStop(ISymbol symbol) => _changes.Value.Tells(symbol.OriginalDefinition);

    public bool IsStopToken(IPropertySymbol property) =>
        (property.Name is "ApplicationStopping" or "ApplicationStopped" && IsLifetime(property.ContainingType))
        || _host.Types.Inherits(property.ContainingType, KnownType.IGracefulShutdown);
}
