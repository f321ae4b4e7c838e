using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Tests.Framework;

/// <summary>The libraries that the table of resource types names: the real ones that the tests have, and the stand-ins for the rest.</summary>
internal static class ResourceLibraries
{
    /// <summary>The real packages.</summary>
    public static readonly Compilation Real = CSharpCompilation.Create("Real", references:
        [.. References.Web, .. References.Pools, .. References.Brokers, .. References.Clients]);

    /// <summary>Stand-ins for packages that the tests don't have.</summary>
    public static readonly Compilation StandIns = CSharpCompilation.Create("StandIns", references: [.. References.Net, .. References.Brokers, References.StandIns]);

    /// <summary>Stand-ins for older versions.</summary>
    public static readonly Compilation Older = CSharpCompilation.Create("Older", references: [.. References.Net, References.OlderVersions]);

    private static readonly Dictionary<string, string> PackageByAssembly = ReadPackages();

    /// <summary>The type that an entry names, with the longest list of type parameters that it comes with.</summary>
    public static INamedTypeSymbol? Find(Compilation libraries, ResourceType entry)
    {
        INamedTypeSymbol? found = null;
        foreach (var arity in new[] { "", "`1", "`2" })
            found = libraries.GetTypesByMetadataName(entry.Name + arity).FirstOrDefault() ?? found;
        return found;
    }

    /// <summary>What the tests know an entry from: packages with their versions, or "stand-in".</summary>
    public static string TestedAgainst(ResourceType entry)
    {
        if (Find(Real, entry) is { } type)
        {
            return PackageByAssembly.TryGetValue(type.ContainingAssembly.Name, out var package)
                ? package
                : string.Join(", ", References.Pools.Concat(References.Brokers)
                    .Select(reference => (IAssemblySymbol)Real.GetAssemblyOrModuleSymbol(reference)!)
                    .Where(assembly => Types(assembly.GlobalNamespace).Any(derived => SymbolEqualityComparer.Default.Equals(derived.BaseType, type)))
                    .Select(assembly => PackageByAssembly[assembly.Name]));
        }

        return Find(StandIns, entry) is null ? "stand-in of an older version" : "stand-in";
    }

    /// <summary>Every public type of a library.</summary>
    public static IEnumerable<INamedTypeSymbol> Types(INamespaceSymbol space) =>
        space.GetTypeMembers().Concat(space.GetNamespaceMembers().SelectMany(Types)).Where(type => type.DeclaredAccessibility == Accessibility.Public);

    /// <summary>"package version" by assembly, as the tests themselves were restored.</summary>
    private static Dictionary<string, string> ReadPackages()
    {
        var file = Path.Combine(AppContext.BaseDirectory, typeof(ResourceLibraries).Assembly.GetName().Name + ".deps.json");
        using var dependencies = JsonDocument.Parse(File.ReadAllText(file));
        var packages = new Dictionary<string, string>();
        foreach (var library in dependencies.RootElement.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject()))
        {
            if (library.Value.TryGetProperty("runtime", out var assemblies))
            {
                foreach (var assembly in assemblies.EnumerateObject())
                    packages[Path.GetFileNameWithoutExtension(assembly.Name)] = library.Name.Replace('/', ' ');
            }
        }

        return packages;
    }
}
