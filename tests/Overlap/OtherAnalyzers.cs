using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ShutdownAnalyzers.Overlap;

/// <summary>A package of analyzers, loaded from the package folder as the compiler would load it.</summary>
internal sealed record OtherAnalyzers(string Package, string Version, ImmutableArray<DiagnosticAnalyzer> Analyzers)
{
    public static IReadOnlyList<OtherAnalyzers> All { get; } =
    [
        .. typeof(OtherAnalyzers).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == nameof(OtherAnalyzers)).Value!
            .Split(';')
            .Select(entry => Load(entry.Split('|')[0], entry.Split('|')[1])),
    ];

    private static OtherAnalyzers Load(string package, string folder)
    {
        var context = new FolderLoadContext(package, folder);
        var analyzers = Directory.GetFiles(folder, "*.dll")
            .Where(file => !file.Contains("CodeFix", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => context.LoadFromAssemblyPath(file))
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(DiagnosticAnalyzer)) && IsForCSharp(type))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type, nonPublic: true)!);

        // .../asyncfixer/2.1.0/analyzers/...
        var version = folder.Split('/', '\\').SkipWhile(part => !part.Equals(package, StringComparison.OrdinalIgnoreCase)).Skip(1).First();
        return new(package, version, [.. analyzers]);
    }

    private static bool IsForCSharp(Type analyzer) =>
        analyzer.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is { } attribute && attribute.Languages.Contains(LanguageNames.CSharp);

    /// <summary>What lies in the folder comes from there; the compiler is this program's.</summary>
    private sealed class FolderLoadContext(string name, string folder) : AssemblyLoadContext(name)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            Path.Combine(folder, assemblyName.Name + ".dll") is var file && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }
}
