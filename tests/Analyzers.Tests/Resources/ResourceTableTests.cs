using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.HostModel;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Resources;

/// <summary>What the table of resource types names exists: a type or a method with a slip in its name would never be found in any program.</summary>
public sealed class ResourceTableTests
{
    private static readonly Compilation[] Libraries = [ResourceLibraries.Real, ResourceLibraries.StandIns, ResourceLibraries.Older];

    private static readonly Lazy<ILookup<string, IMethodSymbol>> Methods = new(() => Libraries
        .SelectMany(library => ResourceLibraries.Types(library.GlobalNamespace))
        .SelectMany(type => type.GetMembers().OfType<IMethodSymbol>())
        .Where(method => method.DeclaredAccessibility == Accessibility.Public && method.MethodKind == MethodKind.Ordinary)
        .ToLookup(method => method.Name, StringComparer.Ordinal));

    public static TheoryData<string> Names => [.. ResourceTable.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TypeAndMembersExist(string name)
    {
        var entry = ResourceTable.All.Single(one => one.Name == name);
        var types = Libraries.Select(library => ResourceLibraries.Find(library, entry)).OfType<INamedTypeSymbol>().ToList();
        Assert.True(types.Count > 0, $"{name}: neither a package nor a stand-in has it.");

        foreach (var member in entry.Close.Concat(entry.Flush).Concat(entry.Start).Concat(entry.Stop))
            Assert.True(types.Any(type => Has(type, member)), $"{name} has no method {member}.");

        foreach (var creator in entry.Create)
            Assert.True(Methods.Value[creator].Any(method => Returns(method, name)), $"No method {creator} returns {name}.");

        Assert.True(entry.Kind != ResourceKind.Processor || entry.Stop.Length > 0, $"{name}: nothing stops it.");
    }

    /// <summary>A package that can be had is tested as it is; its stand-in would hide what changes in it.</summary>
    [Fact]
    public void NoStandInForARealPackage()
    {
        foreach (var entry in ResourceTable.All.Where(entry => ResourceLibraries.Find(ResourceLibraries.Real, entry) is not null))
            Assert.True(ResourceLibraries.Find(ResourceLibraries.StandIns, entry) is not { ContainingAssembly.Name: "StandIns.Packages" }, entry.Name);
    }

    [Fact]
    public void EachTypeOnce() => Assert.Equal(ResourceTable.All.Length, ResourceTable.All.Select(entry => entry.Name).Distinct(StringComparer.Ordinal).Count());

    private static bool Has(INamedTypeSymbol type, string method) =>
        SelfAndBases(type).Any(current => current.GetMembers(method).OfType<IMethodSymbol>().Any())
        || Methods.Value[method].Any(extension => extension.IsExtensionMethod && SelfAndBases(type).Any(current => IsNamed(extension.Parameters[0].Type, FullName(current))));

    private static IEnumerable<INamedTypeSymbol> SelfAndBases(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
            yield return current;
        foreach (var implemented in type.AllInterfaces)
            yield return implemented;
    }

    /// <summary>Whether a method's result is the type, derives from it or implements it; also in a task.</summary>
    private static bool Returns(IMethodSymbol method, string name) =>
        ResourceTypes.Unwrap(method.ReturnType) is INamedTypeSymbol result && SelfAndBases(result).Any(type => IsNamed(type, name));

    private static bool IsNamed(ITypeSymbol type, string name) => type is INamedTypeSymbol named && FullName(named) == name;

    private static string FullName(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString() + "." + type.Name;
}
