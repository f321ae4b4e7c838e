using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.Corpus;

/// <summary>The packages that this program's own project lists, in the versions that its restore settled on: the same on every machine.</summary>
internal static class LoosePackages
{
    private static readonly string[] Frameworks = ["net10.0", "net9.0", "net8.0", "net7.0", "net6.0", "netstandard2.1", "netstandard2.0"];

    private static readonly FrozenDictionary<string, Package> All = Read(Metadata("Assets"));

    /// <summary>The assemblies of a package and of those that it needs; none where the package isn't listed.</summary>
    public static IEnumerable<string> Assemblies(string name)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var pending = new Stack<string>([name]);
        while (pending.TryPop(out var next))
        {
            if (!seen.Add(next) || !All.TryGetValue(next, out var package))
                continue;
            foreach (var dependency in package.Dependencies)
                pending.Push(dependency);
            if (Frameworks.Select(framework => Path.Combine(package.Folder, "lib", framework)).FirstOrDefault(Directory.Exists) is { } folder)
            {
                foreach (var assembly in Directory.GetFiles(folder, "*.dll"))
                    yield return assembly;
            }
        }
    }

    public static bool Has(string name) => All.ContainsKey(name);

    /// <summary>All reference assemblies of a framework that comes with the SDK.</summary>
    public static IReadOnlyList<MetadataReference> Framework(string pack)
    {
        var folder = Directory.GetDirectories(Path.Combine(Metadata("ReferencePacks"), pack), "10.*").Order(StringComparer.Ordinal).Last();
        return [.. Directory.GetFiles(Path.Combine(folder, "ref", "net10.0"), "*.dll").Select(file => MetadataReference.CreateFromFile(file))];
    }

    private static FrozenDictionary<string, Package> Read(string assets)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(assets));
        var folders = document.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
        var libraries = document.RootElement.GetProperty("libraries");
        var packages = new Dictionary<string, Package>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in document.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject())
        {
            if (entry.Value.GetProperty("type").GetString() != "package")
                continue;
            var path = libraries.GetProperty(entry.Name).GetProperty("path").GetString()!;
            var dependencies = entry.Value.TryGetProperty("dependencies", out var needed) ? needed.EnumerateObject().Select(dependency => dependency.Name).ToArray() : [];
            packages.Add(entry.Name.Split('/')[0], new(folders.Select(folder => Path.Combine(folder, path)).First(Directory.Exists), dependencies));
        }

        return packages.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static string Metadata(string key) =>
        typeof(LoosePackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;

    private sealed record Package(string Folder, string[] Dependencies);
}
