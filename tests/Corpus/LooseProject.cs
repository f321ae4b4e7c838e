using System.Collections.Immutable;
using Microsoft.Build.Evaluation;
using Microsoft.Build.Exceptions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.Corpus;

/// <summary>
/// One csproj, compiled without its build: its sources, implicit usings, the SDK's reference packs, the projects it references,
/// and those of its packages that this program lists.
/// </summary>
internal sealed class LooseProject
{
    private static readonly ImmutableArray<MetadataReference> Net = [.. LoosePackages.Framework("Microsoft.NETCore.App.Ref")];
    private static readonly ImmutableArray<MetadataReference> Web = [.. Net, .. LoosePackages.Framework("Microsoft.AspNetCore.App.Ref")];
    private static readonly string[] TestPackages = ["xunit.core", "xunit.runner", "xunit.v3", "NUnit", "MSTest", "Microsoft.NET.Test.Sdk", "TUnit"];
    private static readonly string[] NetUsings = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];
    private static readonly string[] WorkerUsings = ["Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging"];
    private static readonly string[] WebUsings = ["System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing"];

    public static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default
        .WithLanguageVersion(LanguageVersion.Preview)
        .WithPreprocessorSymbols((string[])["NET", "NETCOREAPP", "NET10_0", "RELEASE", .. from version in (int[])[5, 6, 7, 8, 9, 10] select $"NET{version}_0_OR_GREATER"]);

    private readonly string _path;
    private readonly ProjectFile _file;
    private readonly IReadOnlyDictionary<string, LooseProject> _all;
    private IReadOnlyList<SyntaxTree>? _sources;
    private bool? _usesHosting;
    private Compilation? _compilation;

    private LooseProject(string path, ProjectFile file, IReadOnlyDictionary<string, LooseProject> all)
    {
        _path = path;
        _file = file;
        _all = all;
    }

    public string Name => Path.GetFileNameWithoutExtension(_path);

    public string Folder => Path.GetDirectoryName(_path)!;

    /// <summary>What a build would see of test frameworks by references too.</summary>
    public bool IsTest => AllPackages().Any(IsTestPackage);

    public bool IsExecutable => _file.Property("OutputType") is { } type
        ? type.Equals("Exe", StringComparison.OrdinalIgnoreCase) || type.Equals("WinExe", StringComparison.OrdinalIgnoreCase)
        : _file.HasSdk("Sdk.Web") || _file.HasSdk("Sdk.Worker");

    public string? Property(string name) => _file.Property(name);

    // Programs use xunit.assert too.
    private static bool IsTestPackage(string package) =>
        package.Equals("xunit", StringComparison.OrdinalIgnoreCase) || TestPackages.Any(test => package.StartsWith(test, StringComparison.OrdinalIgnoreCase));

    /// <summary>What projects that reference this one see.</summary>
    public Compilation Compilation => _compilation ??= Compile();

    public static IReadOnlyCollection<LooseProject> FindAll(string folder)
    {
        var all = new Dictionary<string, LooseProject>(StringComparer.Ordinal);
        using var collection = new ProjectCollection();
        foreach (var file in Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            // Templates hold csproj files that are no XML until they are instantiated.
            var path = Path.GetFullPath(file);
            try
            {
                all.Add(path, new LooseProject(path, new ProjectFile(path, collection), all));
            }
            catch (InvalidProjectFileException error)
            {
                Console.Error.WriteLine($"Passed over {file}: {error.Message}");
            }
        }

        return all.Values;
    }

    private bool IsWeb => _file.HasSdk("Sdk.Web") || _file.Items("FrameworkReference").Contains("Microsoft.AspNetCore.App");

    // Whatever package or project brings these namespaces in the real build: code that names them has them.
    private bool UsesHosting => _usesHosting ??= IsWeb
        || Sources.Any(tree => tree.ToString() is var text && (text.Contains("Microsoft.Extensions.", StringComparison.Ordinal) || text.Contains("Microsoft.AspNetCore.", StringComparison.Ordinal)));

    private IReadOnlyList<SyntaxTree> Sources => _sources ??= [.. ReadSources()];

    private Compilation Compile()
    {
        // A project that references itself in a circle sees the other without its references.
        _compilation = CSharpCompilation.Create(_file.Property("AssemblyName") ?? Name);
        var pack = UsesHosting || References().Any(reference => reference.UsesHosting) ? Web : Net;
        // As in a real build, an assembly that the framework has too is the framework's.
        var packages = AllPackages().Distinct(StringComparer.OrdinalIgnoreCase).SelectMany(LoosePackages.Assemblies)
            .DistinctBy(Path.GetFileName)
            .Where(file => !pack.Any(reference => Path.GetFileName(reference.Display) == Path.GetFileName(file)));

        return _compilation = CSharpCompilation.Create(
            _compilation.AssemblyName,
            Sources,
            [.. pack, .. References().Select(reference => reference.Compilation.ToMetadataReference()), .. packages.Select(file => MetadataReference.CreateFromFile(file))],
            new CSharpCompilationOptions(
                IsExecutable ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>The projects that this one references, and those that they do.</summary>
    private IReadOnlyCollection<LooseProject> References()
    {
        var found = new HashSet<LooseProject>();
        var pending = new Stack<LooseProject>([this]);
        while (pending.TryPop(out var project))
        {
            foreach (var reference in project.DirectReferences())
            {
                if (reference != this && found.Add(reference))
                    pending.Push(reference);
            }
        }

        return found;
    }

    private IEnumerable<LooseProject> DirectReferences()
    {
        foreach (var include in _file.Items("ProjectReference"))
        {
            var path = Path.GetFullPath(Path.Combine(Folder, include.Replace('\\', '/')));
            if (path != _path && _all.TryGetValue(path, out var project))
                yield return project;
        }
    }

    private IEnumerable<SyntaxTree> ReadSources()
    {
        var nested = _all.Values.Select(project => project.Folder + Path.DirectorySeparatorChar)
            .Where(other => other.StartsWith(Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && other != Folder + Path.DirectorySeparatorChar)
            .ToList();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal) && !nested.Any(other => file.StartsWith(other, StringComparison.Ordinal)))
                yield return CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(file)), ParseOptions, file);
        }

        var usings = new List<string>(_file.Items("Using"));
        if (_file.Property("ImplicitUsings") is "enable" or "true")
        {
            usings.AddRange(NetUsings);
            if (IsWeb || _file.HasSdk("Sdk.Worker"))
                usings.AddRange(WorkerUsings);
            if (IsWeb)
                usings.AddRange(WebUsings);
        }

        yield return CSharpSyntaxTree.ParseText(string.Concat(usings.Distinct().Select(name => $"global using {name};\n")), ParseOptions, "GlobalUsings.g.cs");
    }

    private IEnumerable<string> AllPackages() => Packages().Concat(References().SelectMany(reference => reference.Packages()));

    private IEnumerable<string> Packages() => _file.Items("PackageReference");
}
