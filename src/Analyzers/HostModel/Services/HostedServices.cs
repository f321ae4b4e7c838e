using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The hosted services that a compilation declares, and the code that they run.</summary>
internal sealed class HostedServices
{
    private readonly HostFacts _host;
    private readonly Dictionary<SyntaxTree, List<ServiceMethod>> _methods = [];
    private readonly Dictionary<ISymbol, ServiceMethod> _bySymbol = new(SymbolEqualityComparer.Default);
    private readonly Lazy<ILookup<SyntaxTree, ServiceMethod>> _constructors;
    private readonly Lazy<HashSet<Place>> _timerCallbacks;

    public HostedServices(HostFacts host)
    {
        _host = host;
        var all = new List<HostedService>();
        foreach (var type in SourceTypes.In(host.Compilation.Assembly.GlobalNamespace))
        {
            if (type.TypeKind == TypeKind.Class && HasBase(type) && host.Types.Inherits(type, KnownType.IHostedService))
                all.Add(new HostedService(host, type));
        }

        All = all;

        // A method of a base class is one method, however many services inherit it.
        foreach (var service in all)
        {
            foreach (var reached in service.Running)
            {
                if (!_bySymbol.TryGetValue(reached.Symbol, out var method))
                {
                    _bySymbol.Add(reached.Symbol, method = new ServiceMethod(host, reached));
                    if (!_methods.TryGetValue(reached.Body.Syntax.SyntaxTree, out var inTree))
                        _methods.Add(reached.Body.Syntax.SyntaxTree, inTree = []);
                    inTree.Add(method);
                }

                method.Join(service, reached);
            }
        }

        _constructors = new(() => FindConstructors().ToLookup(constructor => constructor.Body.Syntax.SyntaxTree));
        _timerCallbacks = new(() => Timers.Callbacks(host, _bySymbol.Values.Concat(_constructors.Value.SelectMany(inTree => inTree))));
    }

    public IReadOnlyList<HostedService> All { get; }

    /// <summary>The functions that the services' timers call.</summary>
    public HashSet<Place> TimerCallbacks => _timerCallbacks.Value;

    /// <summary>A method that a hosted service runs between its start and its stop.</summary>
    public ServiceMethod? Running(IMethodSymbol method) => _bySymbol.TryGetValue(method, out var found) ? found : null;

    /// <summary>The methods in a file that a hosted service runs between its start and its stop.</summary>
    public IReadOnlyList<ServiceMethod> Running(SyntaxTree tree) => _methods.TryGetValue(tree, out var methods) ? methods : [];

    /// <summary>The same, and the constructors.</summary>
    public IEnumerable<ServiceMethod> RunningAndConstructors(SyntaxTree tree)
    {
        foreach (var method in Running(tree))
            yield return method;

        foreach (var constructor in _constructors.Value[tree])
            yield return constructor;
    }

    // Of a type that lists none the compiler need not make the interfaces that it gives a record.
    private static bool HasBase(INamedTypeSymbol type)
    {
        foreach (var part in type.DeclaringSyntaxReferences)
        {
            if (part.GetSyntax() is BaseTypeDeclarationSyntax { BaseList: not null })
                return true;
        }

        return false;
    }

    private IEnumerable<ServiceMethod> FindConstructors()
    {
        foreach (var service in All)
        {
            foreach (var member in service.Members)
            {
                if (member.Symbol.MethodKind == MethodKind.Constructor)
                {
                    var constructor = new ServiceMethod(_host, member);
                    constructor.Join(service, member);
                    yield return constructor;
                }
            }
        }
    }
}
