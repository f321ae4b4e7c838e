using System.Text.RegularExpressions;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests;

/// <summary>The pages in <c>docs/rules</c> hold what they show: Bad reports exactly the page's rule, its fix makes Good of it, and Good is silent.</summary>
public sealed partial class RulePagesTests
{
    private static readonly string Folder = Path.Combine(References.RepositoryRoot, "docs", "rules");

    public static TheoryData<string> Ids => [.. AllRules.Descriptors.Select(descriptor => descriptor.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task PageHoldsWhatItShows(string id)
    {
        var page = Page.Read(id);

        foreach (var section in new[] { "Why", "Bad", "Good", "Fix", "Options", "Overlap" })
            Assert.True(page.Has(section), $"{id}.md has no section '{section}'.");

        foreach (var (bad, good) in page.Examples())
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
            Directory.GetFiles(Folder, "SHUT*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    /// <summary>A fenced block: <c>```csharp</c> is a web program, <c>```csharp console</c> one on .NET alone, <c>```csharp library</c> a web library.</summary>
    private sealed record Example(string Source, string Kind)
    {
        public Code Code() => new()
        {
            NetOnly = Kind == "console",
            OutputKind = Kind == "library" ? Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary : Microsoft.CodeAnalysis.OutputKind.ConsoleApplication,
            MoreReferences = [.. References.Pools, .. References.Brokers, .. References.Clients],
        };
    }

    private sealed partial record Page(Dictionary<string, string> Sections)
    {
        public bool HasNoFix => Sections["Fix"].TrimStart().StartsWith("None", StringComparison.Ordinal);

        public bool Has(string section) => Sections.ContainsKey(section);

        /// <summary>The n-th block of Bad belongs to the n-th of Good.</summary>
        public IEnumerable<(Example Bad, Example Good)> Examples()
        {
            var (bad, good) = (Blocks("Bad"), Blocks("Good"));
            Assert.NotEmpty(bad);
            Assert.Equal(bad.Count, good.Count);
            return bad.Zip(good);
        }

        public static Page Read(string id)
        {
            var text = File.ReadAllText(Path.Combine(Folder, id + ".md")).ReplaceLineEndings("\n");
            var parts = SectionHeading().Split(text);
            var sections = new Dictionary<string, string>();
            for (var i = 1; i + 1 < parts.Length; i += 2)
                sections.Add(parts[i], parts[i + 1]);
            return new(sections);
        }

        private List<Example> Blocks(string section) =>
            [.. CodeBlock().Matches(Sections[section]).Select(match => new Example(match.Groups["code"].Value, match.Groups["kind"].Value))];

        [GeneratedRegex("^## (.+)\n", RegexOptions.Multiline)]
        private static partial Regex SectionHeading();

        [GeneratedRegex("^```csharp ?(?<kind>[a-z]*)\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
        private static partial Regex CodeBlock();
    }
}
