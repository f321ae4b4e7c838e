using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Which libraries of <see cref="ResourceTable"/> a compilation references, and which assemblies can know them: to ask every type for all of its interfaces is the dearest question about resources.</summary>
internal sealed class ReferencedLibraries
{
    private static readonly string[] DataProviders = ["System.Data.Common", "System.Data"];

    // Of the libraries, each a path; the framework's own resource is a class.
    private static readonly string[][] Namespaces =
        [.. ResourceTable.All.Select(type => type.Name.Substring(0, type.Name.LastIndexOf('.'))).Where(space => space != "System.Data.Common").Distinct().Select(space => space.Split('.'))];

    private readonly Compilation _compilation;
    private readonly Lazy<string[]> _names;
    private readonly Lazy<bool> _any;
    private readonly ConcurrentDictionary<IAssemblySymbol, bool> _known = new(SymbolEqualityComparer.Default);

    public ReferencedLibraries(Compilation compilation)
    {
        _compilation = compilation;
        _names = new(FindNames);
        _any = new(FindsAny);
    }

    /// <summary>Whether there is one, or a database provider.</summary>
    public bool Any => _any.Value;

    /// <summary>Whether the types of an assembly can implement an interface of such a library.</summary>
    public bool AreKnownTo(IAssemblySymbol? assembly)
    {
        if (assembly is null || _names.Value.Length == 0)
            return false;

        if (!_known.TryGetValue(assembly, out var known))
            _known[assembly] = known = Array.IndexOf(_names.Value, assembly.Name) >= 0 || References(assembly, _names.Value);
        return known;
    }

    // Of each reference by itself: all namespaces in one are made of the declarations of every file, too.
    private string[] FindNames()
    {
        var found = new List<string>();
        foreach (var assembly in _compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (!IsFrameworks(assembly.Name) && Array.Exists(Namespaces, path => KnownTypes.Namespace(assembly.GlobalNamespace, path) is not null))
                found.Add(assembly.Name);
        }

        return [.. found];
    }

    // Data sources of every provider derive from the framework's class, or a factory of the provider's makes one; many other libraries only take connections.
    private bool FindsAny()
    {
        if (_names.Value.Length > 0)
            return true;

        foreach (var assembly in _compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (!IsFrameworks(assembly.Name) && References(assembly, DataProviders) && NamesDataSources(assembly))
                return true;
        }

        return false;
    }

    private static bool NamesDataSources(IAssemblySymbol assembly)
    {
        // Another project's compilation, in an editor.
        if (assembly.GetMetadata() is not { } metadata)
            return true;

        var reader = metadata.GetModules()[0].GetMetadataReader();
        foreach (var handle in reader.TypeReferences)
        {
            var name = reader.GetTypeReference(handle).Name;
            if (reader.StringComparer.Equals(name, "DbDataSource") || reader.StringComparer.Equals(name, "DbProviderFactory"))
                return true;
        }

        return false;
    }

    private static bool References(IAssemblySymbol assembly, string[] names)
    {
        foreach (var module in assembly.Modules)
        {
            foreach (var reference in module.ReferencedAssemblies)
            {
                if (Array.IndexOf(names, reference.Name) >= 0)
                    return true;
            }
        }

        return false;
    }

    private static bool IsFrameworks(string assembly) =>
        assembly is "System" or "mscorlib" or "netstandard"
        || assembly.StartsWith("System.", StringComparison.Ordinal)
        || assembly.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
        || assembly.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal);
}
