using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Corpus.Tests;

public sealed class RepositoryRunTests
{
    private const string WebProject = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
        </Project>
        """;

    private const string WebProgram = """
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();
        app.MapGet("/", () => "hello");
        app.Run();
        """;

    [Fact]
    public async Task FindsAndFixesInCodeAndDeploymentFiles()
    {
        using var checkout = new MadeUpCheckout()
            .With("src/Shop/Shop.csproj", WebProject)
            .With("src/Shop/Program.cs", WebProgram)
            .With("src/Shop/Dockerfile", "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nENTRYPOINT dotnet Shop.dll\n");

        var run = await checkout.RunAsync(new([], WithFixes: true));

        Assert.Equal([new("SHUT611", "src/Shop/Dockerfile", 2), new("SHUT101", "src/Shop/Program.cs", 2), new("SHUT404", "src/Shop/Program.cs", 2)], run.Found.Keys);
        Assert.Empty(run.Exceptions);
        Assert.All(run.FixOutcomes, fix => Assert.Null(fix.Problem));
        Assert.Equal(["SHUT101", "SHUT404", "SHUT611"], run.Figures.Fixes.Select(fix => fix.Rule));
        Assert.All(run.Figures.Fixes, fix => Assert.Equal((1, 1, 1, 1), (fix.Offered, fix.Good, fix.AllOffered, fix.AllGood)));
    }

    [Fact]
    public async Task ErrorsThatWereThereBeforeAreNoneOfTheFix()
    {
        using var checkout = new MadeUpCheckout()
            .With("Shop.csproj", WebProject)
            .With("Program.cs", WebProgram.Replace("app.Run();", "app.UseMissingPackage();\napp.Run();", StringComparison.Ordinal));

        var run = await checkout.RunAsync(new(["SHUT101"], WithFixes: true));

        Assert.Equal(2, run.FixOutcomes.Count);
        Assert.All(run.FixOutcomes, fix => Assert.Null(fix.Problem));
    }

    [Fact]
    public async Task AFileOfTwoProjectsIsReportedAndFixedOnce()
    {
        using var checkout = new MadeUpCheckout()
            .With("Shop.csproj", WebProject)
            .With("Copy.csproj", WebProject)
            .With("Program.cs", WebProgram);

        var run = await checkout.RunAsync(new(["SHUT101"], WithFixes: true));

        Assert.Equal(2, run.Figures.Projects);
        Assert.Single(run.Found);
        Assert.Single(run.FixOutcomes, fix => !fix.AllAtOnce);
    }

    [Fact]
    public async Task TestProjectsAreLeftOut()
    {
        using var checkout = new MadeUpCheckout()
            .With("Shop.csproj", WebProject.Replace("</Project>", "<ItemGroup><PackageReference Include=\"xunit\" /></ItemGroup></Project>", StringComparison.Ordinal))
            .With("Program.cs", WebProgram);

        var run = await checkout.RunAsync(new([]));

        Assert.Empty(run.Found);
        Assert.Equal(0, run.Figures.Projects);
    }

    [Fact]
    public void ATemplateThatRepeatsIsACopy()
    {
        using var checkout = new MadeUpCheckout().With("a/Program.cs", WebProgram).With("b/Program.cs", WebProgram).With("c/Program.cs", WebProgram.Replace("hello", "other", StringComparison.Ordinal));
        var copies = new Copies(checkout.Folder);

        Assert.False(copies.Contains(new("SHUT101", "a/Program.cs", 2)));
        Assert.False(copies.Contains(new("SHUT404", "a/Program.cs", 2)));
        Assert.True(copies.Contains(new("SHUT101", "b/Program.cs", 2)));
        Assert.False(copies.Contains(new("SHUT101", "c/Program.cs", 2)));
    }

    private sealed class MadeUpCheckout : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public string Folder => _folder.Path;

        public MadeUpCheckout With(string file, string text)
        {
            var path = Path.Combine(Folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return this;
        }

        public Task<RepositoryRun> RunAsync(RunOptions options) => RepositoryRun.OfAsync(Folder, options);

        public void Dispose() => _folder.Dispose();
    }
}
