using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ShutdownAnalyzers.TestSupport;
using Xunit.Abstractions;

namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>Each fix makes the difference that its page promises, on a real process and, where there is one, a real server.</summary>
public sealed class FixEffectsTests(ITestOutputHelper output, FixEffectsTests.Table table) : IClassFixture<FixEffectsTests.Table>
{
    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (var effect in Effects.All)
                names.Add(effect.RuleId, effect.Program);
            return names;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task TheFixMakesTheDifference(string ruleId, string program)
    {
        var effect = Effects.All.Single(effect => effect.RuleId == ruleId && effect.Program == program);
        using var folder = new TemporaryFolder();
        var source = ServicePrograms.Read(program);
        var repaired = await ServicePrograms.FixAsync(source, ruleId);
        output.WriteLine((await repaired.GetTextAsync()).ToString());

        // Both at a time: they mostly wait.
        string[] files = [await ServicePrograms.BuildAsync(source, folder.File("before")), await ServicePrograms.BuildAsync(repaired, folder.File("after"))];
        var outcomes = await Task.WhenAll(files.Select(effect.Observe));
        var (before, after) = (outcomes[0], outcomes[1]);

        var row = Row(effect, before, after);
        output.WriteLine(row);
        table.Rows[effect] = row;
        Assert.False(before.IsGood, $"The program has no fault that shows: {before}");
        Assert.True(after.IsGood, $"The fix doesn't show: {after}");
        if (effect.IsFaster)
            Assert.True(after.Exit < before.Exit, $"before {before.Exit}, after {after.Exit}");
    }

    private static string Row(Effect effect, Outcome before, Outcome after) =>
        $"| [{effect.RuleId}](rules/{effect.RuleId}.md) | {effect.Program} | {effect.Subject} | {Cell(before)} | {Cell(after)} |";

    private static string Cell(Outcome outcome) =>
        outcome.Exit is { } exit ? string.Create(CultureInfo.InvariantCulture, $"{outcome.Seen}; exit after {exit.TotalSeconds:F1} s") : outcome.Seen;

    /// <summary>The rows of one run. A whole run writes them to docs/fix-effects.md where <c>UPDATE_GENERATED</c> is set.</summary>
    public sealed class Table : IDisposable
    {
        internal ConcurrentDictionary<Effect, string> Rows { get; } = new();

        public void Dispose()
        {
            if (Environment.GetEnvironmentVariable("UPDATE_GENERATED") != "1" || Rows.Count != Effects.All.Count)
                return;

            var page = new StringBuilder("""
                # What the fixes change

                Each row is a program (tests/FixEffects.Tests/Programs) as it is and as its fix leaves it. Both are built, run and stopped by SIGTERM, with a drain delay
                of 2 s and a request timeout of 6 s, against a real PostgreSQL, Redis or RabbitMQ where one is named; Kafka's broker is the mock cluster of its client library, in a
                process of its own. Connections are those that the server itself sees. The times are of single runs on a small machine; the tests demand their order, not their values.

                | Rule | Program | Looked at | Before | After |
                |---|---|---|---|---|

                """);
            foreach (var effect in Effects.All)
                page.Append(Rows[effect]).Append('\n');
            File.WriteAllText(Path.Combine(Repository.Root, "docs", "fix-effects.md"), page.ToString());
        }
    }
}
