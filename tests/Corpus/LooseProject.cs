using System.Collections.Immutable;
using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.Corpus;

/// <summary>
/// One csproj, compiled without its build: its sources, implicit usings, the SDK's reference packs, the projects it references,
/// and whatever of its packages lies in the machine's package folder.
/// </summary>
internal sealed class LooseProject
{
    private static readonly ImmutableArray<MetadataReference> Net = Pack("Microsoft.NETCore.App.Ref");
    private static readonly ImmutableArray<MetadataReference> Web = [.. Net, .. Pack("Microsoft.AspNetCore.App.Ref")];
    private static readonly string[] TestPackages = ["xunit", "NUnit", "MSTest", "Microsoft.NET.Test.Sdk", "TUnit"];
    private static readonly string[] NetUsings = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];
    private static readonly string[] WorkerUsings = ["Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging"];
    private static readonly string[] WebUsings = ["System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing"];

    private static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default
        .WithLanguageVersion(LanguageVersion.Preview)
        .WithPreprocessorSymbols((string[])["NET", "NETCOREAPP", "NET10_0", "RELEASE", .. from version in (int[])[5, 6, 7, 8, 9, 10] select $"NET{version}_0_OR_GREATER"]);

    private readonly string _file;
    private readonly IReadOnlyDictionary<string, LooseProject> _all;
    private readonly List<XElement> _elements;
    private readonly string _sdk;
    private Compilation? _compilation;

    private LooseProject(string file, IReadOnlyDictionary<string, LooseProject> all)
    {
        _file = file;
        _all = all;
        var document = XDocument.Load(file);
        _sdk = document.Root?.Attribute("Sdk")?.Value ?? "";
        _elements = [.. PropsAbove(file).SelectMany(props => XDocument.Load(props).Descendants()), .. document.Descendants()];
    }

    public string Name => Path.GetFileNameWithoutExtension(_file);

    public string Folder => Path.GetDirectoryName(_file)!;

    public bool IsTest => Property("IsTestProject") == "true"
        || Packages().Any(package => TestPackages.Any(test => package.StartsWith(test, StringComparison.OrdinalIgnoreCase)));

    public bool IsExecutable => _sdk.Contains("Sdk.Web", StringComparison.Ordinal)
        ? Property("OutputType") is null or "Exe"
        : Property("OutputType") is "Exe" or "WinExe" || (_sdk.Contains("Sdk.Worker", StringComparison.Ordinal) && Property("OutputType") is null);

    public Compilation Compilation => _compilation ??= Compile();

    public static IReadOnlyCollection<LooseProject> FindAll(string folder)
    {
        var all = new Dictionary<string, LooseProject>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            // Templates hold csproj files that are no XML until they are instantiated.
            try
            {
                all.Add(Path.GetFullPath(file), new LooseProject(Path.GetFullPath(file), all));
            }
            catch (System.Xml.XmlException error)
            {
                Console.Error.WriteLine($"Passed over {file}: {error.Message}");
            }
        }

        return all.Values;
    }

    private bool IsWeb => _sdk.Contains("Sdk.Web", StringComparison.Ordinal) || Items("FrameworkReference").Contains("Microsoft.AspNetCore.App");

    private Compilation Compile()
    {
        // A project that references itself in a circle sees the other without its references.
        _compilation = CSharpCompilation.Create(Property("AssemblyName") is { } name && !name.Contains('$', StringComparison.Ordinal) ? name : Name);
        var hosting = IsWeb || _sdk.Contains("Worker", StringComparison.Ordinal) || Packages().Any(package => package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) || package.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        var references = new List<MetadataReference>(hosting || References().Any(reference => reference.IsWeb) ? Web : Net);
        references.AddRange(References().Select(reference => reference.Compilation.ToMetadataReference()));
        references.AddRange(Packages().SelectMany(PackageAssemblies));

        return _compilation = CSharpCompilation.Create(
            _compilation.AssemblyName,
            Sources(),
            references,
            new CSharpCompilationOptions(
                IsExecutable ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    private IEnumerable<LooseProject> References()
    {
        foreach (var include in Items("ProjectReference"))
        {
            var path = Path.GetFullPath(Path.Combine(Folder, include.Replace('\\', '/')));
            if (path != _file && _all.TryGetValue(path, out var project))
                yield return project;
        }
    }

    private IEnumerable<SyntaxTree> Sources()
    {
        var nested = _all.Values.Select(project => project.Folder + Path.DirectorySeparatorChar)
            .Where(other => other.StartsWith(Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && other != Folder + Path.DirectorySeparatorChar)
            .ToList();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal) && !nested.Any(other => file.StartsWith(other, StringComparison.Ordinal)))
                yield return CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(file)), ParseOptions, file);
        }

        var usings = new List<string>(Items("Using"));
        if (Property("ImplicitUsings") is "enable" or "true")
        {
            usings.AddRange(NetUsings);
            if (IsWeb || _sdk.Contains("Worker", StringComparison.Ordinal))
                usings.AddRange(WorkerUsings);
            if (IsWeb)
                usings.AddRange(WebUsings);
        }

        yield return CSharpSyntaxTree.ParseText(string.Concat(usings.Distinct().Select(name => $"global using {name};\n")), ParseOptions, "GlobalUsings.g.cs");
    }

    private string? Property(string name) => _elements.LastOrDefault(element => element.Name.LocalName == name)?.Value.Trim();

    private IEnumerable<string> Items(string name) =>
        _elements.Where(element => element.Name.LocalName == name).Select(element => element.Attribute("Include")?.Value).OfType<string>();

    private IEnumerable<string> Packages() => Items("PackageReference").SelectMany(include => include.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> PropsAbove(string file)
    {
        for (var folder = Directory.GetParent(file); folder is not null; folder = folder.Parent)
        {
            var props = Path.Combine(folder.FullName, "Directory.Build.props");
            if (File.Exists(props))
                return [props];
        }

        return [];
    }

    private static IEnumerable<MetadataReference> PackageAssemblies(string package)
    {
        var root = Path.Combine(Metadata("Packages"), package.ToLowerInvariant());
        if (!Directory.Exists(root))
            return [];

        string[] frameworks = ["net10.0", "net9.0", "net8.0", "net6.0", "netstandard2.1", "netstandard2.0"];
        var version = Directory.GetDirectories(root).Order(StringComparer.Ordinal).Last();
        var folder = frameworks.Select(framework => Path.Combine(version, "lib", framework)).FirstOrDefault(Directory.Exists);
        return folder is null ? [] : Directory.GetFiles(folder, "*.dll").Select(file => MetadataReference.CreateFromFile(file));
    }

    private static ImmutableArray<MetadataReference> Pack(string name)
    {
        var folder = Directory.GetDirectories(Path.Combine(Metadata("ReferencePacks"), name), "10.*").Order(StringComparer.Ordinal).Last();
        return [.. Directory.GetFiles(Path.Combine(folder, "ref", "net10.0"), "*.dll").Select(file => MetadataReference.CreateFromFile(file))];
    }

    private static string Metadata(string key) =>
        typeof(LooseProject).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
