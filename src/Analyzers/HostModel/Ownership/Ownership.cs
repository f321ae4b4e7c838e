using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Follows a resource through the program: where a variable gets one that the program itself made, and whether anything closes it
/// or takes it over. What can't be followed counts as taken over: these questions decide for silence.
/// </summary>
internal sealed class Ownership
{
    private readonly HostFacts _host;
    private readonly VariableUses _uses;
    private readonly Creations _creations;
    private readonly ServiceRelease _services;

    public Ownership(HostFacts host)
    {
        _host = host;
        _uses = new VariableUses(host);
        _creations = new Creations(host, _uses);
        _services = new ServiceRelease(host, _creations, _uses);
    }

    /// <summary>The operation that makes the resource which <paramref name="variable"/> holds, or null where it is given one.</summary>
    /// <param name="variable">A local, field or property.</param>
    /// <param name="assignedIn">Where given, only what this class itself stores in it counts.</param>
    public IOperation? CreationOf(ISymbol variable, INamedTypeSymbol? assignedIn = null) => _creations.Of(variable, assignedIn);

    /// <summary>The operation that makes the resource which <paramref name="value"/> is, also through locals, <c>Lazy</c> and the program's own helpers; or null.</summary>
    public IOperation? CreationIn(IOperation? value) => _creations.In(value);

    /// <summary>Whether what <paramref name="variable"/> holds ends as it should anywhere, or its ownership moves to something else.</summary>
    public bool IsReleased(ISymbol variable, Ending ending) => new ReleaseFlow(_host, _uses, ending).IsReleased(variable);

    /// <summary>Whether what an expression makes ends as it should, or is handed over, from there on.</summary>
    public bool IsReleased(IOperation value, Ending ending) => new ReleaseFlow(_host, _uses, ending).Releases(value);

    /// <summary>
    /// Whether a service is ended by whoever gets it from the container: a cleanup handler, a stop callback, a hosted service.
    /// </summary>
    public bool IsServiceReleased(ITypeSymbol service, ITypeSymbol? instance, Ending ending) => _services.IsReleased(service, instance, ending);

    /// <summary>Whether what a variable holds is registered as an instance, and ended by whoever gets it from the container.</summary>
    public bool IsReleasedAsService(ISymbol variable, Ending ending) => _services.IsReleased(variable, ending);

    /// <summary>Whether a variable gets what it holds from the container: by a parameter of a constructor or of a handler, or asked of a provider.</summary>
    public bool IsInjected(ISymbol variable) => _services.IsInjected(variable);

    /// <summary>What a variable is given: where it is declared, and by each assignment.</summary>
    public IEnumerable<IOperation> ValuesOf(ISymbol variable) => _creations.ValuesOf(variable);

    /// <summary>Every place that names a field, property, local, parameter or method, its declaration left out.</summary>
    public IEnumerable<IOperation> ReferencesTo(ISymbol symbol) => _uses.Of(symbol);

    /// <summary>Whether <paramref name="operation"/> stands in a class or one that is nested in it.</summary>
    public bool StandsIn(IOperation operation, INamedTypeSymbol type) => _uses.StandsIn(operation, type);
}
