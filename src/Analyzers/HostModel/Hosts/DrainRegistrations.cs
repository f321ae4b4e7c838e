using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What makes a program drain before it stops: the runtime library, or something of the user's own that does the same.</summary>
internal sealed class DrainRegistrations
{
    /// <summary>The assembly that every part of the runtime library starts with.</summary>
    public const string RuntimeAssembly = "ShutdownAnalyzers.Runtime";

    private readonly HostFacts _host;
    private readonly Lazy<bool> _isLibraryRegistered;
    private readonly Lazy<bool> _isCalledThroughReference;

    public DrainRegistrations(HostFacts host)
    {
        _host = host;
        _isCalledThroughReference = new(FindsWrapperInReference);
        _isLibraryRegistered = new(() => FindsRegistration() || IsCalledThroughReference);
        IsRegistered = IsLibraryRegistered || FindsDelayingLifetime();
    }

    /// <summary>Whether the program registers a drain anywhere, by a call in this compilation or in a project that wraps the call.</summary>
    public bool IsRegistered { get; }

    /// <summary>Whether the drain is the runtime library's: its probes and its check need that.</summary>
    public bool IsLibraryRegistered => _isLibraryRegistered.Value;

    /// <summary>Whether a project that itself references the runtime library is given the builder, the services or the app: what it registers can't be seen.</summary>
    public bool IsCalledThroughReference => _isCalledThroughReference.Value;

    /// <summary>Whether <paramref name="assembly"/> is a project or package that references the runtime library.</summary>
    public static bool UsesRuntime(IAssemblySymbol assembly)
    {
        foreach (var module in assembly.Modules)
        {
            foreach (var reference in module.ReferencedAssemblies)
            {
                if (reference.Name.StartsWith(RuntimeAssembly, StringComparison.Ordinal))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether a method that the option <c>drain_equivalents</c> of <paramref name="tree"/> names is called.</summary>
    public bool HasEquivalent(SyntaxTree tree)
    {
        foreach (var name in _host.Options.List(tree, ShutdownOptions.DrainEquivalents))
        {
            foreach (var call in _host.Index.Invocations(name.Substring(name.LastIndexOf('.') + 1)))
            {
                if (!name.Contains('.') || FullName(_host.Index.Symbol(call)) == name)
                    return true;
            }
        }

        return false;
    }

    private static string? FullName(ISymbol? method) =>
        method is null ? null : $"{method.ContainingType.ToDisplayString()}.{method.Name}";

    private bool FindsRegistration()
    {
        foreach (var name in IndexedNames.Drain)
        {
            foreach (var call in _host.Index.Invocations(name))
            {
                // A call that doesn't bind yet (the package isn't restored) shows the intent all the same.
                if (_host.Index.Symbol(call) is not { } method || IsRuntime(method.ContainingAssembly))
                    return true;
            }
        }

        return false;
    }

    private static bool IsRuntime(IAssemblySymbol? assembly) =>
        assembly?.Name.StartsWith(RuntimeAssembly, StringComparison.Ordinal) == true;

    /// <summary>A call into a referenced project that itself references the runtime library and is given the builder, the services or the app.</summary>
    private bool FindsWrapperInReference()
    {
        var wrappers = WrapperAssemblies();
        if (wrappers.Count == 0)
            return false;

        foreach (var tree in _host.Compilation.SyntaxTrees)
        {
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is InvocationExpressionSyntax
                    && _host.Index.Operation(node) is IInvocationOperation call
                    && wrappers.Contains(call.TargetMethod.ContainingAssembly)
                    && TakesHost(call))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private HashSet<IAssemblySymbol> WrapperAssemblies()
    {
        var wrappers = new HashSet<IAssemblySymbol>(SymbolEqualityComparer.Default);
        foreach (var assembly in _host.Compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (!IsRuntime(assembly) && UsesRuntime(assembly))
                wrappers.Add(assembly);
        }

        return wrappers;
    }

    /// <summary>Whether <paramref name="call"/> is given a builder, the services or the app.</summary>
    public bool TakesHost(IInvocationOperation call)
    {
        if (IsHostPart(call.Instance?.Type))
            return true;

        foreach (var argument in call.Arguments)
        {
            if (IsHostPart(Values.WalkDown(argument.Value).Type))
                return true;
        }

        return false;
    }

    private bool IsHostPart(ITypeSymbol? type) =>
        _host.Types.Inherits(type, KnownType.IHostApplicationBuilder)
        || _host.Types.Inherits(type, KnownType.IHostBuilder)
        || _host.Types.Inherits(type, KnownType.IWebHostBuilder)
        || _host.Types.Inherits(type, KnownType.IServiceCollection)
        || _host.Types.Inherits(type, KnownType.IHost);

    /// <summary>A lifetime type of the program's own that delays the stop; one that only some platform gets doesn't count.</summary>
    private bool FindsDelayingLifetime()
    {
        foreach (var use in _host.Index.Uses(IndexedNames.HostLifetime))
        {
            if (RegistrationAround(use) is { } registration
                && ImplementationOf(registration) is { } lifetime
                && Delays(lifetime)
                && !IsBehindPlatformCheck(registration.Syntax))
            {
                return true;
            }
        }

        return false;
    }

    private IInvocationOperation? RegistrationAround(SimpleNameSyntax use)
    {
        for (SyntaxNode? node = use.Parent; node is not null and not StatementSyntax and not MemberDeclarationSyntax; node = node.Parent)
        {
            if (node is InvocationExpressionSyntax && _host.Index.Operation(node) is IInvocationOperation call)
            {
                // ServiceDescriptor.Singleton<IHostLifetime, T>() is a registration as AddSingleton<IHostLifetime, T>() is.
                return call;
            }
        }

        return null;
    }

    private INamedTypeSymbol? ImplementationOf(IInvocationOperation registration)
    {
        foreach (var argument in registration.TargetMethod.TypeArguments)
        {
            if (IsImplementation(argument))
                return (INamedTypeSymbol)argument;
        }

        // AddSingleton<IHostLifetime>(new T()), AddSingleton<IHostLifetime>(sp => new T(sp)), AddSingleton(typeof(IHostLifetime), typeof(T))
        foreach (var inner in registration.Descendants())
        {
            var type = inner switch
            {
                IObjectCreationOperation creation => creation.Type,
                ITypeOfOperation { TypeOperand: var operand } => operand,
                IInvocationOperation { TargetMethod.TypeArguments: [var single] } => single,
                _ => null,
            };
            if (IsImplementation(type))
                return (INamedTypeSymbol)type!;
        }

        return null;

        bool IsImplementation(ITypeSymbol? type) =>
            type is INamedTypeSymbol { TypeKind: TypeKind.Class } && _host.Types.Inherits(type, KnownType.IHostLifetime);
    }

    /// <summary>A type from a package can't be read: it has the benefit of the doubt, unless it is one of the framework's own.</summary>
    private bool Delays(INamedTypeSymbol lifetime)
    {
        if (lifetime.DeclaringSyntaxReferences.IsEmpty)
            return !lifetime.ContainingAssembly.Name.StartsWith("Microsoft.", StringComparison.Ordinal);

        foreach (var declaration in lifetime.DeclaringSyntaxReferences)
        {
            foreach (var node in declaration.GetSyntax().DescendantNodes())
            {
                if (node is SimpleNameSyntax { Identifier.ValueText: "Delay" or "Sleep" or "WaitAsync" or "CancelAfter" or "Timer" or "PeriodicTimer" })
                    return true;
            }
        }

        return false;
    }

    private bool IsBehindPlatformCheck(SyntaxNode registration)
    {
        foreach (var ancestor in registration.Ancestors())
        {
            if (ancestor is not IfStatementSyntax { Condition: var condition } branch || branch.Condition.Span.Contains(registration.Span))
                continue;

            foreach (var node in condition.DescendantNodesAndSelf())
            {
                if (node is SimpleNameSyntax { Identifier.ValueText: var name }
                    && (name.StartsWith("IsWindows", StringComparison.Ordinal)
                        || name is "IsSystemdService" or "IsOSPlatform" or "IsLinux" or "IsMacOS"))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
