using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests;

/// <summary>The pages in <c>docs/rules</c> hold what they show: Bad reports exactly the page's rule, its fix makes Good of it, and Good is silent.</summary>
public sealed class RulePagesTests
{
    public static TheoryData<string> Ids => [.. AllRules.Descriptors.Select(descriptor => descriptor.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task PageHoldsWhatItShows(string id)
    {
        var page = RulePage.Read(id);

        foreach (var section in new[] { "Why", "Bad", "Good", "Fix", "Options", "Overlap" })
            Assert.True(page.Has(section), $"{id}.md has no section '{section}'.");

        // Those of deployment files are DeploymentPagesTests' matter.
        foreach (var (bad, good) in page.IsOfDeploymentFiles ? [] : page.Examples())
        {
            var project = AllRules.Project(bad.Source, bad.Code());
            var reported = await AllRules.ReportAsync(project.Project);
            Assert.NotEmpty(reported);
            Assert.All(reported, diagnostic => Assert.Equal(id, diagnostic.Id));

            var goodProject = AllRules.Project(good.Source, good.Code());
            Assert.Empty(await AllRules.ReportAsync(goodProject.Project));

            if (!page.HasNoFix)
                Assert.Equal(good.Source, (await (await AllRules.FixAsync(project)).GetTextAsync()).ToString());
        }
    }

    [Fact]
    public void EveryPageBelongsToARule() =>
        Assert.Equal(
            AllRules.Descriptors.Select(descriptor => descriptor.Id).Distinct().Order(StringComparer.Ordinal),
            RulePage.Ids);
}
