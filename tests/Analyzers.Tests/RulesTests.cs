using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.HostModel;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests;

/// <summary>What holds for every rule.</summary>
public sealed partial class RulesTests
{
    [Fact]
    public void DescriptorsAreComplete() => Assert.All(AllRules.Descriptors, descriptor =>
    {
        Assert.Matches("^SHUT[1-6][0-9]{2}$", descriptor.Id);
        Assert.NotEmpty(descriptor.Description.ToString());
        Assert.EndsWith($"/docs/rules/{descriptor.Id}.md", descriptor.HelpLinkUri, StringComparison.Ordinal);
        Assert.True(descriptor.IsEnabledByDefault);
        Assert.Contains(descriptor.DefaultSeverity, new[] { DiagnosticSeverity.Warning, DiagnosticSeverity.Info });
    });

    [Fact]
    public void AnIdBelongsToOneAnalyzer() =>
        Assert.Equal(AllRules.Descriptors.Count(), AllRules.Descriptors.Select(descriptor => descriptor.Id).Distinct().Count());

    [Fact]
    public void RulesFixesAndTestsShareNameAndFolder() => Assert.All(AllRules.Analyzers, analyzer =>
    {
        var name = analyzer.GetType().FullName!;
        var tests = typeof(RulesTests).Assembly.GetType(name.Replace("ShutdownAnalyzers.", "ShutdownAnalyzers.Tests.", StringComparison.Ordinal) + "Tests");
        Assert.True(tests is not null, $"{name} has no test class of its name.");
        foreach (var id in analyzer.SupportedDiagnostics.Select(descriptor => descriptor.Id))
        {
            foreach (var fix in AllRules.Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(id)))
                Assert.Equal(name + "Fix", fix.GetType().FullName);
        }
    });

    [Fact]
    public void ReleaseTrackingNamesEveryRule()
    {
        var folder = Path.Combine(References.RepositoryRoot, "src", "Analyzers");
        var tracked = File.ReadAllLines(Path.Combine(folder, "AnalyzerReleases.Shipped.md"))
            .Concat(File.ReadAllLines(Path.Combine(folder, "AnalyzerReleases.Unshipped.md")))
            .Select(line => ReleaseLine().Match(line))
            .Where(match => match.Success)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value));

        var rules = AllRules.Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics.Select(descriptor =>
            (descriptor.Id, descriptor.Category, descriptor.DefaultSeverity.ToString(), analyzer.GetType().Name)));
        Assert.Equal(rules.Order(), tracked.Order());
    }

    [Fact]
    public void CategoriesAreFolders() => Assert.All(AllRules.Analyzers, analyzer => Assert.All(analyzer.SupportedDiagnostics, descriptor =>
        Assert.Equal("ShutdownAnalyzers." + descriptor.Category, analyzer.GetType().Namespace)));

    [Fact]
    public void EveryKnownTypeHasAName() => Assert.All(Enum.GetValues<KnownType>(), type => Assert.Contains('.', KnownTypes.MetadataName(type)));

    [GeneratedRegex(@"^(SHUT\d{3}) \| (\w+)\s*\| (\w+)\s*\| (\w+)\s*$")]
    private static partial Regex ReleaseLine();
}
