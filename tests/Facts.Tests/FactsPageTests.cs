using System.Reflection;
using System.Text;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>
/// <c>docs/facts.md</c> lists what the tests show. A stale page fails;
/// <c>UPDATE_GENERATED=1 dotnet test tests/Facts.Tests --filter FactsPage</c> writes it anew.
/// </summary>
public sealed class FactsPageTests
{
    private const string Head = """
        # Facts about the stop

        What a .NET process does when it is asked to stop, and the rules that rest on it. Each fact is shown on a real process by the tests named here, in `tests/Facts.Tests`;
        the programs are in `tests/Services/Facts`. .NET 10 on Linux where nothing else is said.

        | | Fact | Shown by | Rules |
        |---|---|---|---|

        """;

    private static IEnumerable<(MethodInfo Test, ShowsAttribute Shows)> Facts =>
        from type in typeof(FactsPageTests).Assembly.GetTypes()
        from test in type.GetMethods()
        let shows = test.GetCustomAttribute<ShowsAttribute>()
        where shows is not null
        let number = shows.Number.Split(',')[0].Split('.')
        orderby int.Parse(number[0]), number.Length > 1 ? int.Parse(number[1]) : 0, type.Name, test.MetadataToken
        select (test, shows);

    [Fact]
    public void PageIsUpToDate()
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var (test, shows) in Facts)
            page.Append($"| {shows.Number} | {shows.Fact}. | `{test.DeclaringType!.Name}.{test.Name}` | {string.Join(", ", shows.Rules)} |\n");

        var path = Path.Combine(Repository.Root, "docs", "facts.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GENERATED") == "1")
            File.WriteAllText(path, page.ToString());
        else
            Assert.Equal(page.ToString(), File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void EveryTestOfAProcessSaysWhatItShows()
    {
        var silent = from type in typeof(FactsPageTests).Assembly.GetTypes()
                     where type != typeof(FactsPageTests)
                     from test in type.GetMethods()
                     where test.GetCustomAttributes<FactAttribute>().Any() && test.GetCustomAttribute<ShowsAttribute>() is null
                     select $"{type.Name}.{test.Name}";
        Assert.Empty(silent);
    }

    [Fact]
    public void RulesAreNamedByTheirIds() =>
        Assert.All(Facts.SelectMany(fact => fact.Shows.Rules), rule => Assert.Matches("^SHUT[1-6][0-9]{2}$", rule));
}
