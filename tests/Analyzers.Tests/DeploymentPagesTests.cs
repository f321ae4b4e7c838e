using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests;

/// <summary>The pages of the rules in deployment files: Bad reports exactly the page's rule, its fix makes Good of it, and Good is silent. <c>docs/kubernetes.md</c> is silent as well.</summary>
public sealed class DeploymentPagesTests
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Rules = [.. AllRules.Analyzers.Where(analyzer => analyzer is DeploymentRule)];

    public static TheoryData<string> Ids => [.. RulePage.Ids.Where(id => RulePage.Read(id).IsOfDeploymentFiles)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task PageHoldsWhatItShows(string id)
    {
        var page = RulePage.Read(id);
        var context = page.Files("Bad", areContext: true);
        var (bad, good) = (page.Files("Bad", areContext: false), page.Files("Good", areContext: false));
        Assert.Equal(bad.Count, good.Count);
        foreach (var (before, after) in bad.Zip(good))
        {
            var (project, path) = ProjectOf(before, context);
            var reported = await ReportAsync(project);
            Assert.NotEmpty(reported);
            Assert.All(reported, diagnostic => Assert.Equal(id, diagnostic.Id));

            var (silent, _) = ProjectOf(after, context);
            Assert.Empty(await ReportAsync(silent));

            if (!page.HasNoFix)
                Assert.Equal(after.Text, await FixedAsync(project, path));
        }
    }

    [Fact]
    public async Task TheGuidesFilesAreRight()
    {
        var text = File.ReadAllText(Path.Combine(References.RepositoryRoot, "docs", "kubernetes.md")).ReplaceLineEndings("\n");
        var files = new RulePage(new Dictionary<string, string> { ["Guide"] = text }).Files("Guide", areContext: false);
        var deployed = new Deployed().Project("Orders").Program(Deployed.Web)
            .And("k8s/orders.yaml", files.First(file => file.Text.StartsWith("apiVersion", StringComparison.Ordinal)).Text)
            .And("compose.yaml", files.First(file => file.Text.StartsWith("services", StringComparison.Ordinal)).Text)
            .And("Dockerfile", files.Single(file => file.Language == "dockerfile").Text);
        Assert.Empty(await ReportAsync(deployed.ToProject().Project));
    }

    /// <summary>The files for the fixed sample are silent, and not because nothing looks at them.</summary>
    [Fact]
    public async Task TheSamplesFilesAreRight()
    {
        Assert.Empty(await ReportAsync(Sample(text => text)));
        Assert.Equal(
            ["SHUT601", "SHUT604", "SHUT607", "SHUT611", "SHUT621"],
            (await ReportAsync(Sample(text => text
                .Replace("terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 5", StringComparison.Ordinal)
                .Replace("/health/live", "/health/ready", StringComparison.Ordinal)
                .Replace("maxUnavailable: 0", "maxUnavailable: 1", StringComparison.Ordinal)
                .Replace("[\"dotnet\", \"Orders.dll\"]", "dotnet Orders.dll", StringComparison.Ordinal)
                .Replace("stop_grace_period: 30s", "stop_grace_period: 10s", StringComparison.Ordinal)))).Select(diagnostic => diagnostic.Id).Order());

        static Project Sample(Func<string, string> change)
        {
            var deployed = new Deployed().Project("Orders").Program(Deployed.Web);
            foreach (var name in new[] { "orders.yaml", "compose.yaml", "Dockerfile" })
                deployed.And("deploy/" + name, change(File.ReadAllText(Path.Combine(References.RepositoryRoot, "samples", "Orders", "deploy", name))));
            return deployed.ToProject().Project;
        }
    }

    private static (Project Project, string Path) ProjectOf((string Language, string Text) file, List<(string Language, string Text)> context)
    {
        var deployed = Deployed.With(PathOf(file), file.Text);
        foreach (var more in context)
            deployed = more.Language == "csharp" ? deployed.Program(more.Text) : deployed.And(PathOf(more), more.Text);
        return (deployed.ToProject().Project, deployed.Files[0].Path);
    }

    private static string PathOf((string Language, string Text) file) => file.Language switch
    {
        "dockerfile" => "src/Shop/Dockerfile",
        "ini" => "deploy/shop.service",
        "json" => "src/Shop/appsettings.json",
        "yaml" when file.Text.StartsWith("services:", StringComparison.Ordinal) => "compose.yaml",
        "yaml" => "k8s/shop.yaml",
        _ => throw new InvalidOperationException($"A block of '{file.Language}' is no deployment file."),
    };

    private static async Task<ImmutableArray<Diagnostic>> ReportAsync(Project project) =>
        await (await project.GetCompilationAsync())!.WithAnalyzers(Rules, project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();

    private static async Task<string> FixedAsync(Project project, string path)
    {
        for (var round = 0; round < 20; round++)
        {
            CodeAction? action = null;
            foreach (var diagnostic in await ReportAsync(project))
            {
                var file = project.AdditionalDocuments.Single(document => document.FilePath == diagnostic.Location.GetLineSpan().Path);
                var fix = AllRules.Fixes.SingleOrDefault(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id));
                if (fix is not null)
                    await fix.RegisterCodeFixesAsync(new CodeFixContext(file, diagnostic, (offered, _) => action ??= offered, CancellationToken.None));
            }

            if (action is null)
                break;
            project = (await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single().ChangedSolution.GetProject(project.Id)!;
        }

        return (await project.AdditionalDocuments.Single(document => document.FilePath == path).GetTextAsync()).ToString();
    }
}
