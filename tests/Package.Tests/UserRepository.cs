using System.Text.Json;
using System.Text.RegularExpressions;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Package.Tests;

/// <summary>A repository of a user's, with projects and deployment files; the package comes from its feed, or its build files alone.</summary>
public sealed class UserRepository(PackedPackage package) : IDisposable
{
    /// <summary>A web program with the drain, which fits the defaults of all platforms but Compose's.</summary>
    public const string Web = """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        app.MapReadiness();
        app.MapLiveness();
        app.Run();
        """;

    private readonly TemporaryFolder _folder = new();

    public string Root => _folder.Path;

    public UserRepository Add(string path, string text = "")
    {
        var file = _folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    public UserRepository Git() => Add(".git/HEAD", "ref: refs/heads/main\n");

    /// <summary>A project for evaluation: what a restore would import of the package is imported at the same places.</summary>
    public UserRepository Project(string path, string properties = "", string sdk = "Microsoft.NET.Sdk.Web")
    {
        if (!Directory.Exists(_folder.File("package")))
        {
            package.UnpackBuildFiles(_folder.File("package"));
            foreach (var part in new[] { "props", "targets" })
                Add($"Directory.Build.{part}", $"""<Project><Import Project="$(MSBuildThisFileDirectory)package/ShutdownAnalyzers.{part}" /></Project>""");
        }

        return Add(path, $"<Project Sdk=\"{sdk}\"><PropertyGroup><TargetFramework>net10.0</TargetFramework>{properties}</PropertyGroup></Project>");
    }

    /// <summary>A project that references the package, and others, as users do.</summary>
    public UserRepository Referencing(string path, string program, string more = "", string sdk = "Microsoft.NET.Sdk.Web", string properties = "")
    {
        Add("nuget.config", $"""<configuration><packageSources><add key="packed" value="{package.Feed}" /></packageSources></configuration>""");
        Add(Path.Combine(Path.GetDirectoryName(path)!, "Program.cs"), program);
        return Add(path, $"""
            <Project Sdk="{sdk}">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings>{properties}</PropertyGroup>
              <ItemGroup><PackageReference Include="ShutdownAnalyzers" Version="{package.Version}" />{more}</ItemGroup>
            </Project>
            """);
    }

    /// <summary>The deployment files that a project reads, from the repository's root, in order.</summary>
    public async Task<IReadOnlyList<string>> ReadsAsync(string project, params string[] properties)
    {
        var output = await Command.RunAsync("dotnet", ["msbuild", project, "-getItem:AdditionalFiles", "-nodeReuse:false", .. properties.Select(property => "-p:" + property)], Root);
        using var json = JsonDocument.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]);
        return [.. json.RootElement.GetProperty("Items").GetProperty("AdditionalFiles").EnumerateArray()
            .Select(item => Path.GetRelativePath(Root, item.GetProperty("FullPath").GetString()!))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Builds a project; returns its diagnostics in deployment files: <c>k8s/orders.yaml:7 warning SHUT601</c>.</summary>
    public async Task<(IReadOnlyList<string> Reported, string Output)> BuildAsync(string project)
    {
        // Not by "dotnet build": SDKs append their own "Summary" to the logger's parameters, and the last one wins. The summary says each finding again.
        var output = await Command.RunAsync("dotnet", ["msbuild", project, "-restore", "-p:Configuration=Release", "-v:q", "-clp:NoSummary", "-nodeReuse:false"], Root, mayFail: true);
        var reported = Regex.Matches(output, @"^(?<file>[^\r\n]+)\((?<line>\d+),\d+\): (?<severity>warning|error) (?<id>SHUT6\d\d)", RegexOptions.Multiline)
            .Select(match => $"{Path.GetRelativePath(Root, match.Groups["file"].Value)}:{match.Groups["line"].Value} {match.Groups["severity"].Value} {match.Groups["id"].Value}");
        return ([.. reported.Order(StringComparer.Ordinal)], output);
    }

    public void Dispose() => _folder.Dispose();
}
