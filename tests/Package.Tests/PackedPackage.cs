using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Package.Tests;

/// <summary>The package as <c>dotnet pack</c> makes it, in a feed of its own; packed once for all tests.</summary>
public sealed class PackedPackage : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A version that no cache can hold yet.</summary>
    public string Version { get; } = $"0.0.1-test.{DateTime.UtcNow:yyyyMMddHHmmssfff}";

    public string Feed => _folder.File("feed");

    private string File => Path.Combine(Feed, $"ShutdownAnalyzers.{Version}.nupkg");

    public async Task InitializeAsync() =>
        await Command.RunAsync("dotnet", ["pack", Path.Combine(Repository.Root, "src", "Package"), "-c", "Release", "-o", Feed, $"-p:Version={Version}", "-nodeReuse:false"]);

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>The files inside, without the parts that every NuGet package has.</summary>
    public IEnumerable<string> Files()
    {
        using var zip = ZipFile.OpenRead(File);
        return [.. zip.Entries
            .Select(entry => entry.FullName)
            .Where(name => name != "[Content_Types].xml" && !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }

    public XElement Metadata()
    {
        using var zip = ZipFile.OpenRead(File);
        using var nuspec = zip.GetEntry("ShutdownAnalyzers.nuspec")!.Open();
        var package = XDocument.Load(nuspec).Root!;
        return package.Element(package.Name.Namespace + "metadata")!;
    }

    /// <summary>Puts the package's own build files into a folder.</summary>
    public void UnpackBuildFiles(string folder)
    {
        using var zip = ZipFile.OpenRead(File);
        foreach (var entry in zip.Entries.Where(entry => entry.FullName.StartsWith("buildTransitive/", StringComparison.Ordinal)))
        {
            var path = Path.Combine(folder, entry.FullName["buildTransitive/".Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path);
        }
    }

    public IEnumerable<string> AssemblyReferences(string file)
    {
        using var zip = ZipFile.OpenRead(File);
        using var stream = new MemoryStream();
        using (var entry = zip.GetEntry(file)!.Open())
            entry.CopyTo(stream);
        stream.Position = 0;
        using var assembly = new PEReader(stream);
        var reader = assembly.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
    }

    /// <summary>A fresh project from the SDK's template, with the package added as a user adds it.</summary>
    public async Task<UserProject> NewProjectAsync(string template)
    {
        var project = new UserProject(template);
        await project.DotnetAsync("new", template, "-o", ".", "-n", "Fresh");
        await System.IO.File.WriteAllTextAsync(Path.Combine(project.Folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Feed}" />
              </packageSources>
            </configuration>
            """);
        await project.DotnetAsync("add", "package", "ShutdownAnalyzers", "--version", Version);
        return project;
    }
}

/// <summary>A project outside of this repository.</summary>
public sealed class UserProject(string template) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public string Template => template;

    public string Output => _folder.File("bin", "Release", "net10.0");

    public Task<string> DotnetAsync(params string[] arguments) => Command.RunAsync("dotnet", arguments, Folder);

    public Task<string> BuildAsync(params string[] more) =>
        Command.RunAsync("dotnet", ["build", "-c", "Release", "--no-incremental", "-nodeReuse:false", .. more], Folder, mayFail: true);

    public void Dispose() => _folder.Dispose();
}
