using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Package.Tests;

/// <summary>Builds with the package whose findings lie in deployment files.</summary>
[Collection(PackedPackageCollection.Name)]
public sealed class DeploymentBuildTests(PackedPackage package)
{
    private static string Deployment(string name, int grace) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{name}} }
        spec:
          template:
            spec:
              terminationGracePeriodSeconds: {{grace}}
              containers:
                - { name: {{name}}, image: "acme/{{name}}:1" }
        """;

    [Fact]
    public async Task EachFindingIsReportedOnceAtItsLine()
    {
        using var repository = new UserRepository(package).Git()
            .Referencing("src/Orders/Orders.csproj", UserRepository.Web).Referencing("src/Billing/Billing.csproj", UserRepository.Web)
            .Add("k8s/orders.yaml", Deployment("orders", 5)).Add("k8s/billing.yaml", Deployment("billing", 60))
            .Add("src/Orders/Dockerfile", "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nWORKDIR /app\nENTRYPOINT dotnet Orders.dll\n")
            .Add("src/Billing/Dockerfile", "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nWORKDIR /app\nENTRYPOINT [\"dotnet\", \"Billing.dll\"]\n")
            .Add("src/Billing/appsettings.json", "{\n  // seconds\n  \"GracefulShutdown\": {\n    \"DrainDelay\": \"ten\"\n  }\n}\n");

        var orders = await repository.BuildAsync("src/Orders");
        Assert.Equal(["k8s/orders.yaml:7 warning SHUT601", "src/Orders/Dockerfile:3 warning SHUT611"], orders.Reported);
        Assert.DoesNotContain("AD0001", orders.Output, StringComparison.Ordinal);
        Assert.Equal(["src/Billing/appsettings.json:4 warning SHUT641"], (await repository.BuildAsync("src/Billing")).Reported);

        repository.Add(".globalconfig", "is_global = true\ndotnet_diagnostic.SHUT601.severity = none\ndotnet_diagnostic.SHUT611.severity = error\n");
        Assert.Equal(["src/Orders/Dockerfile:3 error SHUT611"], (await repository.BuildAsync("src/Orders")).Reported);
    }

    /// <summary>Another analyzer brings another version of the YAML reader: each gets its own.</summary>
    [Fact]
    public async Task AnotherVersionOfYamlDotNetLivesBeside()
    {
        using var repository = new UserRepository(package).Git();
        repository.Add("other/Other.csproj", """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>netstandard2.0</TargetFramework>
                    <LangVersion>latest</LangVersion>
                    <PackageId>Other.Analyzer</PackageId>
                    <IncludeBuildOutput>false</IncludeBuildOutput>
                    <SuppressDependenciesWhenPacking>true</SuppressDependenciesWhenPacking>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="Microsoft.CodeAnalysis.CSharp" Version="4.8.0" PrivateAssets="all" />
                    <PackageReference Include="YamlDotNet" Version="13.7.1" PrivateAssets="all" GeneratePathProperty="true" />
                    <None Include="bin/Release/netstandard2.0/Other.dll;$(PkgYamlDotNet)/lib/netstandard2.0/YamlDotNet.dll" Pack="true" PackagePath="analyzers/dotnet/cs" />
                  </ItemGroup>
                </Project>
                """)
            .Add("other/YamlVersion.cs", """
                using System.Collections.Immutable;
                using System.IO;
                using Microsoft.CodeAnalysis;
                using Microsoft.CodeAnalysis.Diagnostics;
                using YamlDotNet.Core;

                [DiagnosticAnalyzer(LanguageNames.CSharp)]
                public sealed class YamlVersion : DiagnosticAnalyzer
                {
                    private static readonly DiagnosticDescriptor Rule = new("OTHER1", "YAML", "YamlDotNet {0} says {1}", "Other", DiagnosticSeverity.Warning, true);

                    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => ImmutableArray.Create(Rule);

                    public override void Initialize(AnalysisContext context)
                    {
                        context.EnableConcurrentExecution();
                        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
                        context.RegisterCompilationAction(compilation =>
                        {
                            var parser = new Parser(new StringReader("a: 1"));
                            parser.MoveNext();
                            compilation.ReportDiagnostic(Diagnostic.Create(Rule, Location.None, typeof(Parser).Assembly.GetName().Version, parser.Current.GetType().Name));
                        });
                    }
                }
                """)
            .Referencing("src/Orders/Orders.csproj", UserRepository.Web, $"""<PackageReference Include="Other.Analyzer" Version="{package.Version}" />""")
            .Add("k8s/orders.yaml", Deployment("orders", 5));
        await Command.RunAsync("dotnet", ["pack", "other", "-c", "Release", "-o", package.Feed, $"-p:Version={package.Version}", "-nodeReuse:false"], repository.Root);

        var (reported, output) = await repository.BuildAsync("src/Orders");
        Assert.Equal(["k8s/orders.yaml:7 warning SHUT601"], reported);
        Assert.Contains("YamlDotNet 13.0.0.0 says StreamStart", output, StringComparison.Ordinal);
        Assert.DoesNotContain("AD0001", output, StringComparison.Ordinal);
        Assert.DoesNotContain("CS8032", output, StringComparison.Ordinal);
    }
}
