using System.Text.Json;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Package.Tests;

[Collection(PackedPackageCollection.Name)]
public sealed class PackageTests(PackedPackage package)
{
    [Fact]
    public void HoldsExactlyThis() => Assert.Equal(
        [
            "LICENSE",
            "README.md",
            "ShutdownAnalyzers.nuspec",
            "THIRD-PARTY-NOTICES.md",
            "analyzers/dotnet/roslyn4.8/cs/ShutdownAnalyzers.Analyzers.dll",
            "analyzers/dotnet/roslyn4.8/cs/ShutdownAnalyzers.CodeFixes.dll",
            "analyzers/dotnet/roslyn4.8/cs/ShutdownAnalyzers.YamlDotNet.dll",
            "buildTransitive/ShutdownAnalyzers.DeploymentFiles.targets",
            "buildTransitive/ShutdownAnalyzers.props",
            "buildTransitive/ShutdownAnalyzers.targets",
            "buildTransitive/presets/all.globalconfig",
            "buildTransitive/presets/none.globalconfig",
            "buildTransitive/presets/strict.globalconfig",
            "icon.png",
            "lib/net10.0/ShutdownAnalyzers.Runtime.AspNetCore.dll",
            "lib/net10.0/ShutdownAnalyzers.Runtime.AspNetCore.xml",
            "lib/net10.0/ShutdownAnalyzers.Runtime.dll",
            "lib/net10.0/ShutdownAnalyzers.Runtime.xml",
            "lib/net8.0/ShutdownAnalyzers.Runtime.AspNetCore.dll",
            "lib/net8.0/ShutdownAnalyzers.Runtime.AspNetCore.xml",
            "lib/net8.0/ShutdownAnalyzers.Runtime.dll",
            "lib/net8.0/ShutdownAnalyzers.Runtime.xml",
        ],
        package.Files());

    [Fact]
    public void MetadataIsComplete()
    {
        var metadata = package.Metadata();
        string Value(string name) => metadata.Element(metadata.Name.Namespace + name)?.Value ?? "";

        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal("icon.png", Value("icon"));
        Assert.NotEmpty(Value("description"));

        // A framework reference would force ASP.NET Core on workers.
        Assert.Null(metadata.Element(metadata.Name.Namespace + "frameworkReferences"));
        var dependencies = metadata.Descendants(metadata.Name.Namespace + "dependency").Select(dependency => dependency.Attribute("id")!.Value);
        Assert.Equal(["Microsoft.Extensions.Hosting"], dependencies.Distinct());
    }

    /// <summary>The compiler of the .NET 8 SDK must be able to load them: nothing but itself, of the versions that it has, and what the package carries.</summary>
    [Theory]
    [InlineData("ShutdownAnalyzers.Analyzers.dll")]
    [InlineData("ShutdownAnalyzers.CodeFixes.dll")]
    public void AnalyzersReferenceTheCompilerAndWhatThePackageCarries(string file) => Assert.All(
        package.AssemblyReferences("analyzers/dotnet/roslyn4.8/cs/" + file),
        reference => Assert.True(
            reference.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)
            || reference is "netstandard" or "System.Collections.Immutable" or "System.Reflection.Metadata" or "System.Memory" or "System.Buffers" or "ShutdownAnalyzers.Analyzers" or "ShutdownAnalyzers.YamlDotNet",
            $"{file} references {reference}."));

    [Fact]
    public async Task AWebProjectWarnsAndItsFixesCompile()
    {
        using var web = await package.NewProjectAsync("web");

        var before = await web.BuildAsync();
        Assert.Contains("warning SHUT101", before, StringComparison.Ordinal);
        Assert.Contains("Build succeeded", before, StringComparison.Ordinal);

        await web.DotnetAsync("format", "analyzers", "--severity", "warn", "--no-restore");
        var program = await File.ReadAllTextAsync(Path.Combine(web.Folder, "Program.cs"));
        Assert.Contains("builder.AddGracefulShutdown();", program, StringComparison.Ordinal);

        var after = await web.BuildAsync();
        Assert.Contains("Build succeeded", after, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", after.Replace("0 Warning(s)", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // A second run finds nothing to change.
        await web.DotnetAsync("format", "analyzers", "--severity", "warn", "--no-restore", "--verify-no-changes");
    }

    [Fact]
    public async Task ModesPickTheSeverity()
    {
        using var web = await package.NewProjectAsync("web");

        Assert.Contains("error SHUT101", await web.BuildAsync("-p:ShutdownAnalyzersMode=strict"), StringComparison.Ordinal);
        Assert.DoesNotContain("SHUT101", await web.BuildAsync("-p:ShutdownAnalyzersMode=None"), StringComparison.Ordinal);
        Assert.Contains("ShutdownAnalyzersMode is 'loud', which is no preset. Use default, none, all or strict.", await web.BuildAsync("-p:ShutdownAnalyzersMode=loud"), StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(web.Folder, ".editorconfig"), "[*.cs]\ndotnet_diagnostic.SHUT101.severity = none\n");
        Assert.DoesNotContain("SHUT101", await web.BuildAsync("-p:ShutdownAnalyzersMode=strict"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWorkerStartsOnThePlainRuntime()
    {
        using var worker = await package.NewProjectAsync("worker");
        var program = Path.Combine(worker.Folder, "Program.cs");
        await File.WriteAllTextAsync(program, (await File.ReadAllTextAsync(program)).Replace("var host = builder.Build();", "builder.AddGracefulShutdown();\nvar host = builder.Build();", StringComparison.Ordinal));

        var build = await worker.BuildAsync();
        Assert.Contains("Build succeeded", build, StringComparison.Ordinal);
        Assert.DoesNotContain("warning SHUT", build, StringComparison.Ordinal);

        using var config = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(worker.Output, "Fresh.runtimeconfig.json")));
        var options = config.RootElement.GetProperty("runtimeOptions");
        Assert.False(options.TryGetProperty("frameworks", out _));
        Assert.Equal("Microsoft.NETCore.App", options.GetProperty("framework").GetProperty("name").GetString());

        await using var process = ServiceProcess.Start("dotnet", [Path.Combine(worker.Output, "Fresh.dll")], new Dictionary<string, string> { ["SHUTDOWN_DRAIN_DELAY"] = "0" });
        await process.LineAsync("Application started");
        process.Signal();
        Assert.Equal(0, await process.ExitAsync());
    }
}
