using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Corpus.Tests;

public sealed class AccuracyPageTests
{
    private static readonly string Corpus = Path.Combine(Repository.Root, "tests", "Corpus");
    private static readonly IReadOnlyList<Checkout> Listed = Checkout.Listed(Path.Combine(Corpus, "repositories.json"));

    [Fact]
    public void EveryFindingIsJudged()
    {
        Assert.All(Listed, checkout => Assert.All(Of(checkout), judgement => Assert.True(judgement.IsJudged, $"{checkout.Name}/{judgement.Finding}")));
        Assert.Equal(
            Directory.GetFiles(Path.Combine(Corpus, "expected")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            Listed.Where(checkout => Of(checkout).Count > 0).Select(checkout => checkout.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>A stale one is written anew by <c>dotnet run -c Release --project tests/Corpus -- --page</c>.</summary>
    [Fact]
    public void ThePageAndItsChartAreThoseOfTheFindings()
    {
        var page = new AccuracyPage(Listed, Figures.Read(Path.Combine(Corpus, "figures.json")), Of);
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "docs", "accuracy.md")).ReplaceLineEndings("\n"), page.Text());
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "docs", "images", "accuracy.svg")).ReplaceLineEndings("\n"), page.Chart());
    }

    [Fact]
    public void CopiesCountOnceAndArguableCountsAgainst()
    {
        Judgement[] judgements =
        [
            new(new("SHUT101", "a/Program.cs", 1), "right", "it is so"),
            new(new("SHUT101", "b/Program.cs", 1), "right", "it is so", IsCopy: true),
            new(new("SHUT404", "a/Program.cs", 1), "arguable", "it may be so"),
        ];
        var page = new AccuracyPage([new("Shop", "owner/Shop", "0123456789abcdef")], [new("Shop", 3, 20, 2, 0, [new("SHUT101", 2, 1, 1, 1)])], _ => judgements).Text();

        Assert.Contains("| warning | 2 | 1 | 1 | 0 | 0 | 100.0 % | 100.0 % | 95 % |", page, StringComparison.Ordinal);
        Assert.Contains("| both | 3 | 2 | 1 | 1 | 0 | 100.0 % | 50.0 % |", page, StringComparison.Ordinal);
        Assert.Contains("| 0123456789ab | 3 | 20 | 3 | 2 |", page, StringComparison.Ordinal);
        Assert.Contains("| SHUT101 | 2 | 1 | 1 | 1 |", page, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Judgement> Of(Checkout checkout) => Expectations.Read(Path.Combine(Corpus, "expected", checkout.Name + ".json"));
}
