using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.HostModel;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests;

/// <summary>
/// Files that repeat what the code says: the presets, the tables of rules and the table of resource types. A stale one fails;
/// <c>UPDATE_GENERATED=1 dotnet test tests/Analyzers.Tests --filter GeneratedFiles</c> writes them anew.
/// </summary>
public sealed partial class GeneratedFilesTests
{
    private const string TableStart = "<!-- rules: generated -->\n";
    private const string TableEnd = "<!-- /rules -->";

    private static readonly bool Update = Environment.GetEnvironmentVariable("UPDATE_GENERATED") == "1";

    private static IEnumerable<DiagnosticDescriptor> Rules => AllRules.Descriptors.OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal);

    [Theory]
    [InlineData("none", "none", "All rules off.")]
    [InlineData("all", "warning", "Every rule a warning.")]
    [InlineData("strict", "error", "Every rule an error.")]
    public void Preset(string mode, string severity, string meaning)
    {
        var text = new StringBuilder($"# ShutdownAnalyzersMode={mode}: {meaning} The project's own files override this one.\nis_global = true\nglobal_level = -100\n\n");
        foreach (var rule in Rules)
            text.Append($"dotnet_diagnostic.{rule.Id}.severity = {severity}\n");
        Check(Path.Combine("src", "Package", "buildTransitive", "presets", mode + ".globalconfig"), _ => text.ToString());
    }

    [Fact]
    public void ReadmeTable() => Check("README.md", readme =>
    {
        var start = readme.IndexOf(TableStart, StringComparison.Ordinal);
        var end = readme.IndexOf(TableEnd, StringComparison.Ordinal);
        Assert.True(start >= 0 && end > start, "README.md has no place for the table of rules.");

        var table = new StringBuilder("| Rule | | Severity | Fix |\n|---|---|---|---|\n");
        foreach (var rule in Rules)
        {
            var severity = rule.DefaultSeverity == DiagnosticSeverity.Warning ? "warning" : "info";
            var fix = AllRules.Fixes.Any(fix => fix.FixableDiagnosticIds.Contains(rule.Id)) ? "yes" : "";
            table.Append($"| [{rule.Id}](docs/rules/{rule.Id}.md) | {rule.Title} | {severity} | {fix} |\n");
        }

        return string.Concat(readme.AsSpan(0, start + TableStart.Length), table.ToString(), readme.AsSpan(end));
    });

    [Fact]
    public void ResourceTypes() => Check(Path.Combine("docs", "resources.md"), _ =>
    {
        var text = new StringBuilder("""
            # Resource types

            The types that [SHUT301](rules/SHUT301.md) to [SHUT306](rules/SHUT306.md) know, with all that derives from them or implements them. Every type is closed
            by `Dispose`, `DisposeAsync`, `Close`, `CloseAsync`, `Shutdown` or `ShutdownAsync` where it has them; a processor by its disposal only where the last but one column says so.
            Types of your own are added by `shutdown_analyzers.pool_types` in `.editorconfig` or `.globalconfig`.

            "Stand-in" means that the rules are tested against a declaration of the type and not against its package.

            | Type | Kind | Made by, constructors aside | Also closed by | Flushed by | Started by | Stopped by | Tested against |
            |---|---|---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var entry in ResourceTable.All.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var stop = entry.DisposalStops ? [.. entry.Stop, "Dispose"] : entry.Stop;
            text.Append($"| `{entry.Name}` | {entry.Kind.ToString().ToLowerInvariant()} | {List(entry.Create)} | {List(entry.Close)} | {List(entry.Flush)} | {List(entry.Start)} | {List(stop)} | {ResourceLibraries.TestedAgainst(entry)} |\n");
        }

        return text.ToString();

        static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
    });

    /// <summary>The table with the numbers of tests. The numbers are as of the last update: a new test alone makes no file stale.</summary>
    [Fact]
    public void RuleTable() => Check(Path.Combine("docs", "rules", "README.md"), current =>
    {
        var table = new StringBuilder("# Rules\n\n| Rule | Name | Severity | Fix | Tests |\n|---|---|---|---|---|\n");
        foreach (var (rule, analyzer) in AllRules.Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics.Select(rule => (rule, analyzer.GetType()))).OrderBy(pair => pair.rule.Id, StringComparer.Ordinal))
        {
            var severity = rule.DefaultSeverity == DiagnosticSeverity.Warning ? "warning" : "info";
            var fix = AllRules.Fixes.Any(fix => fix.FixableDiagnosticIds.Contains(rule.Id)) ? "yes" : "no";
            table.Append($"| [{rule.Id}]({rule.Id}.md) | {analyzer.Name} | {severity} | {fix} | {TestCount.Of(analyzer)} |\n");
        }

        return Update || Numbers().Replace(table.ToString(), "") != Numbers().Replace(current, "") ? table.ToString() : current;
    });

    [Fact]
    public void EveryRuleHasTests() =>
        Assert.All(AllRules.Analyzers, analyzer => Assert.True(TestCount.Of(analyzer.GetType()) >= 8, $"{analyzer.GetType().Name} has {TestCount.Of(analyzer.GetType())} tests."));

    [Fact]
    public void OverlapCoversEveryExample()
    {
        var overlap = File.ReadAllText(Path.Combine(References.RepositoryRoot, "docs", "overlap.md"));
        Assert.All(RulePage.Ids.Where(id => RulePage.Read(id).Blocks("Bad").Count > 0), id =>
            Assert.True(overlap.Contains($"(rules/{id}.md)", StringComparison.Ordinal), $"{id} isn't measured yet: dotnet run -c Release --project tests/Overlap"));
    }

    private static void Check(string file, Func<string, string> generate)
    {
        var path = Path.Combine(References.RepositoryRoot, file);
        var current = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        var expected = generate(current);
        if (Update)
            File.WriteAllText(path, expected);
        else
            Assert.Equal(expected, current);
    }

    [GeneratedRegex(@"\d+ \|$", RegexOptions.Multiline)]
    private static partial Regex Numbers();
}
