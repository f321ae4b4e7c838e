using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Finds the entry of <see cref="ResourceTable"/> for a type, and what makes and closes it; option <c>pool_types</c> adds the user's own types.</summary>
internal sealed class ResourceTypes(HostFacts host)
{
    private static readonly Dictionary<string, ResourceType[]> BySimpleName =
        ResourceTable.All.GroupBy(type => type.SimpleName).ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    private readonly ConcurrentDictionary<ITypeSymbol, ResourceType?> _known = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxTree, IReadOnlyList<string>> _added = new();
    private readonly ReferencedLibraries _libraries = new(host.Compilation);
    private readonly Func<SyntaxTree, IReadOnlyList<string>> _findAdded = tree => host.Options.List(tree, ShutdownOptions.PoolTypes);
    private readonly Lazy<bool> _addsAny = new(() => host.Compilation.SyntaxTrees.Any(tree => host.Options.List(tree, ShutdownOptions.PoolTypes).Count > 0));

    /// <summary>Whether there can be a resource at all.</summary>
    public bool Any => _libraries.Any || _addsAny.Value;

    /// <summary>The entry for a type, one of its bases or of its interfaces; null where it is no resource, or one that has nothing to close.</summary>
    /// <param name="type">The type, or a <c>Lazy</c> or task of it.</param>
    /// <param name="tree">The file whose option <c>pool_types</c> holds.</param>
    public ResourceType? Find(ITypeSymbol? type, SyntaxTree? tree)
    {
        if (Unwrap(type) is not { } resource || resource.TypeKind is TypeKind.Error or TypeKind.Dynamic || resource.SpecialType != SpecialType.None)
            return null;

        // What a generic type is made of changes nothing, and the compiler would keep the symbols of each. Not GetOrAdd, which would be given a new delegate for every expression of the program.
        resource = resource.OriginalDefinition;
        if (!_known.TryGetValue(resource, out var known))
            _known[resource] = known = FindInTable(resource);
        return known ?? FindAdded(resource, tree);
    }

    /// <summary>What a <c>Lazy</c>, a task or both hold.</summary>
    public static ITypeSymbol? Unwrap(ITypeSymbol? type)
    {
        // Their arguments last: the compiler would make, and keep, those of every generic type.
        while (type is INamedTypeSymbol { Name: "Lazy" or "Task" or "ValueTask", Arity: 1, ContainingNamespace: var space } wrapper && IsWrappers(space))
            type = wrapper.TypeArguments[0];

        return type;
    }

    private static bool IsWrappers(INamespaceSymbol space) => space
        is { Name: "System", ContainingNamespace.IsGlobalNamespace: true }
        or { Name: "Tasks", ContainingNamespace: { Name: "Threading", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } };

    /// <summary>Whether <paramref name="creation"/> itself makes a new resource: a constructor, or a method of the library that the table names.</summary>
    public ResourceType? MadeBy(IOperation creation)
    {
        switch (creation)
        {
            case IObjectCreationOperation { Type: INamedTypeSymbol type }:
                return Find(type, creation.Syntax.SyntaxTree) is { } made && !IsStandIn(type, made) ? made : null;

            case IInvocationOperation { TargetMethod: var method } call:
                return Find(method.ReturnType, creation.Syntax.SyntaxTree) is { } returned && Makes(call, returned) ? returned : null;

            default:
                return null;
        }
    }

    /// <summary>The method that closes, or stops, a value of this type best: what a fix calls.</summary>
    public IMethodSymbol? CloseMethod(ITypeSymbol type, ResourceType resource)
    {
        foreach (var name in (string[])[.. resource.Finish, .. resource.Stop, "DisposeAsync", .. resource.Close, "CloseAsync", "ShutdownAsync", "Dispose", "Close", "Shutdown"])
        {
            if (FindMethod(type, name) is { } method)
                return method;
        }

        return null;
    }

    /// <summary>An instance method that can be called without arguments, of the type, its bases or its interfaces.</summary>
    public static IMethodSymbol? FindMethod(ITypeSymbol type, string name)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (Callable(current, name) is { } own)
                return own;
        }

        // An explicit implementation can't be called on the class itself; on an interface what it inherits can.
        if (type.TypeKind is TypeKind.Interface or TypeKind.TypeParameter)
        {
            foreach (var implemented in type.AllInterfaces)
            {
                if (Callable(implemented, name) is { } inherited)
                    return inherited;
            }
        }

        return null;

        static IMethodSymbol? Callable(ITypeSymbol type, string name)
        {
            foreach (var member in type.GetMembers(name))
            {
                if (member is IMethodSymbol { IsStatic: false, DeclaredAccessibility: Accessibility.Public, TypeParameters.Length: 0 } method && TakesNothing(method))
                    return method;
            }

            return null;
        }

        static bool TakesNothing(IMethodSymbol method)
        {
            foreach (var parameter in method.Parameters)
            {
                if (!parameter.IsOptional && !parameter.IsParams)
                    return false;
            }

            return true;
        }
    }

    /// <summary>Whether a type is in the namespace's root that a library's names begin with.</summary>
    private static bool IsOfLibrary(INamedTypeSymbol? type, string resourceName)
    {
        var outermost = type?.ContainingNamespace;
        while (outermost is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
            outermost = outermost.ContainingNamespace;
        return outermost is { IsGlobalNamespace: false } && resourceName.StartsWith(outermost.Name + ".", StringComparison.Ordinal);
    }

    private bool Makes(IInvocationOperation call, ResourceType made)
    {
        var method = call.TargetMethod;
        if (Array.IndexOf(made.Create, method.Name) < 0)
            return false;

        // Data sources of every provider are one entry: their builders live with the provider.
        return made.Name == "System.Data.Common.DbDataSource"
            ? IsDataSourceMaker(method.ContainingType)
            : ReferenceEquals(made.Create, ResourceTable.AnyCreator) || IsOfLibrary(method.ContainingType, made.Name);
    }

    private static bool IsDataSourceMaker(INamedTypeSymbol type) =>
        type.Name.EndsWith("DataSourceBuilder", StringComparison.Ordinal)
        || type.Name.EndsWith("DataSource", StringComparison.Ordinal)
        || type.Name.EndsWith("Factory", StringComparison.Ordinal);

    /// <summary>A class of the program's own that implements a library's interface is a decorator or a fake: it holds no connection itself.</summary>
    private static bool IsStandIn(INamedTypeSymbol type, ResourceType resource)
    {
        if (type.DeclaringSyntaxReferences.IsEmpty)
            return false;

        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (HasName(current, resource.Name))
                return false;
        }

        return true;
    }

    private ResourceType? FindInTable(ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (Entry(current) is { } own)
                return Closeable(type, own);
        }

        if (_libraries.AreKnownTo(type.ContainingAssembly))
        {
            foreach (var implemented in type.AllInterfaces)
            {
                if (Entry(implemented) is { } own)
                    return Closeable(type, own);
            }
        }

        if (type is ITypeParameterSymbol parameter)
        {
            foreach (var constraint in parameter.ConstraintTypes)
            {
                if (constraint is not ITypeParameterSymbol && FindInTable(constraint) is { } own)
                    return own;
            }
        }

        return null;
    }

    private static ResourceType? Entry(ITypeSymbol type)
    {
        if (BySimpleName.TryGetValue(type.Name, out var candidates))
        {
            foreach (var candidate in candidates)
            {
                if (HasName(type, candidate.Name))
                    return candidate;
            }
        }

        return null;
    }

    private static bool HasName(ITypeSymbol type, string fullName)
    {
        var end = fullName.Length;
        for (ISymbol? current = type; current is not null and not INamespaceSymbol { IsGlobalNamespace: true }; current = current.ContainingSymbol)
        {
            var start = end - current.Name.Length;
            if (start < 0 || string.CompareOrdinal(fullName, start, current.Name, 0, current.Name.Length) != 0)
                return false;
            if (start == 0)
                return current.ContainingSymbol is INamespaceSymbol { IsGlobalNamespace: true };
            if (fullName[start - 1] != '.')
                return false;
            end = start - 1;
        }

        return false;
    }

    /// <summary>Older versions of some clients have nothing to close.</summary>
    private ResourceType? Closeable(ITypeSymbol type, ResourceType resource)
    {
        if (host.Types.Inherits(type, KnownType.IDisposable) || host.Types.Inherits(type, KnownType.IAsyncDisposable))
            return resource;

        foreach (var name in ResourceTable.Closers.Concat(resource.Close).Concat(resource.Stop))
        {
            if (FindMethod(type, name) is not null)
                return resource;
        }

        return null;
    }

    private ResourceType? FindAdded(ITypeSymbol type, SyntaxTree? tree)
    {
        if (tree is null || !_addsAny.Value)
            return null;

        var added = _added.GetOrAdd(tree, _findAdded);
        if (added.Count == 0)
            return null;

        foreach (var name in added)
        {
            for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
            {
                if (HasName(current, name))
                    return Added(name);
            }

            foreach (var implemented in type.AllInterfaces)
            {
                if (HasName(implemented, name))
                    return Added(name);
            }
        }

        return null;

        static ResourceType Added(string name) => ResourceTable.Pool(name, name.Substring(name.LastIndexOf('.') + 1)) with { Create = ResourceTable.AnyCreator };
    }
}
