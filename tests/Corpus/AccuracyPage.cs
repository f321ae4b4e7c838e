using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.TestSupport;
using static System.FormattableString;

namespace ShutdownAnalyzers.Corpus;

/// <summary><c>docs/accuracy.md</c> and its chart, from the judged findings and the figures of the last runs.</summary>
internal sealed class AccuracyPage
{
    private readonly IReadOnlyList<Checkout> _checkouts;
    private readonly IReadOnlyDictionary<string, RepositoryFigures> _figures;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<Judgement>> _judgements;
    private readonly IReadOnlyList<DiagnosticDescriptor> _rules = [.. Subject.Rules];

    public AccuracyPage(IReadOnlyList<Checkout> checkouts, IReadOnlyList<RepositoryFigures> figures, Func<Checkout, IReadOnlyList<Judgement>> judgements)
    {
        _checkouts = checkouts;
        _figures = figures.ToDictionary(one => one.Name);
        _judgements = checkouts.ToDictionary(checkout => checkout.Name, judgements);
    }

    private IEnumerable<Judgement> All => _judgements.Values.SelectMany(judgements => judgements);

    public static void Write(IReadOnlyList<Checkout> checkouts, IReadOnlyList<RepositoryFigures> figures, Func<Checkout, IReadOnlyList<Judgement>> judgements)
    {
        var page = new AccuracyPage(checkouts, figures, judgements);
        var docs = Path.Combine(Repository.Root, "docs");
        File.WriteAllText(Path.Combine(docs, "accuracy.md"), page.Text());
        File.WriteAllText(Path.Combine(docs, "images", "accuracy.svg"), page.Chart());
    }

    public string Text()
    {
        var all = Tally.Of(All);
        var figures = _figures.Values.ToList();
        var page = new StringBuilder();
        page.Append(Invariant($"""
            # Accuracy on real code

            Every rule ran over {_checkouts.Count} public repositories that nobody here wrote. {Measured()} {figures.Sum(one => one.Projects)} projects, {figures.Sum(one => one.SourceFiles)} C# files and {figures.Sum(one => one.DeploymentFiles)} deployment files.
            Each of the {all.Findings} findings is judged: those of SHUT101 and SHUT404 by the lines that build and run the host and a search through the program and the projects that it references, the others by reading the code at their place. Exceptions in rules: {figures.Sum(one => one.Exceptions)}.

            ```
            dotnet run -c Release --project tests/Corpus -- FOLDER --fixes    # checks: fails on a finding that is new, gone, moved or not judged, and on a fix that fails
            dotnet run -c Release --project tests/Corpus -- --page            # writes this page
            ```

            `FOLDER` holds the checkouts named below at these commits, each in a subfolder of its name. The verdicts, one line a finding with its reason, are in `tests/Corpus/expected`.

            A verdict is *right* (the defect is there as the message says), *wrong* (it isn't), or *arguable* (it is there, and one may well leave it; or the loose compilation misses what a build would see).
            Precision is right by all, so *arguable* counts against it; *not wrong* is right and arguable by all. Templates repeat: where the same lines are reported in several files of one name in one repository, they count once here.

            ## By severity

            | Severity | Findings | Counted | Right | Arguable | Wrong | Not wrong | Precision | Goal |
            |---|---|---|---|---|---|---|---|---|

            """).ReplaceLineEndings("\n"));
        page.Append(Row("warning", SeverityIs(DiagnosticSeverity.Warning), "95 %"));
        page.Append(Row("info", SeverityIs(DiagnosticSeverity.Info), "85 %"));
        page.Append(Row("both", All, ""));

        page.Append("\n![Verdicts by rule](images/accuracy.svg)\n\n## By rule\n\nRules that aren't here report nothing in these repositories.\n\n| Rule | Findings | Counted | Right | Arguable | Wrong | Not wrong | Precision |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var rule in _rules.Where(rule => OfRule(rule).Any()))
            page.Append(Row($"[{rule.Id}](rules/{rule.Id}.md) {rule.Title}", OfRule(rule)));

        page.Append("\n## By repository\n\n| Repository | Commit | Projects | C# files | Findings | Counted | Right | Arguable | Wrong | Not wrong | Precision |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var checkout in _checkouts)
        {
            var size = _figures.GetValueOrDefault(checkout.Name);
            var name = $"[{checkout.Repository}](https://github.com/{checkout.Repository}){(checkout.Repository.EndsWith('/' + checkout.Name, StringComparison.Ordinal) ? "" : $" as `{checkout.Name}`")} | {checkout.Commit[..12]}";
            page.Append(Row($"{name} | {size?.Projects.ToString(CultureInfo.InvariantCulture) ?? "not measured"} | {size?.SourceFiles}", _judgements[checkout.Name]));
        }

        AppendFixes(page);
        page.Append(Limits);
        page.Append(CultureInfo.InvariantCulture, $"\nCompiled by Microsoft.CodeAnalysis {typeof(Compilation).Assembly.GetName().Version?.ToString(3)} against the reference packs of .NET {Environment.Version.Major}; no figure here depends on the machine.\n");
        return page.ToString();
    }

    public string Chart()
    {
        var chart = new BarChart("Findings in public repositories, by rule and verdict", "right", "arguable", "wrong");
        foreach (var rule in _rules.Where(rule => OfRule(rule).Any()))
        {
            var tally = Tally.Of(OfRule(rule));
            chart.Add(rule.Id, [tally.Right, tally.Arguable, tally.Wrong], tally.Counted.ToString(CultureInfo.InvariantCulture));
        }

        return chart.ToSvg();
    }

    private const string Limits = """

        ## What the loose compilation lacks

        These repositories can't all be built here, so each project is compiled without its build: its sources with the SDK's implicit usings, the reference packs of .NET and ASP.NET Core 10, the projects that it references, and the packages that `tests/Corpus/ShutdownAnalyzers.Corpus.csproj` lists. Missing are:

        - all other packages: a type of theirs doesn't bind, so a rule that needs it is silent, and a rule that would be quiet because of it may report;
        - what source generators and Razor files make, and what the SDK and packages set in a build: project files and the Directory.Build files above them are evaluated by MSBuild without these;
        - other target frameworks: everything is compiled as .NET 10, release build;
        - recall: nobody counted what the rules miss.

        Test projects, and applications named for tests, are left out, as in a build with the package.

        """;

    // A repository that only an earlier version of the program ran over has judged findings and no figures.
    private string Measured() => _figures.Count == _checkouts.Count
        ? "They hold"
        : $"{_figures.Count} of them are measured, with their fixes; of the others only the findings are judged. The {_figures.Count} hold";

    private void AppendFixes(StringBuilder page)
    {
        var fixes = _figures.Values.SelectMany(one => one.Fixes).ToLookup(fix => fix.Rule);
        page.Append("\n## Fixes\n\nEvery fix that is offered was applied: to each finding by itself, and to all findings of the rule in a project at once. It is good when there is no compile error that wasn't there before, the finding is gone, and a second run changes nothing: after one fix it is offered only on lines where another finding stood, after all at once nowhere.\n\n");
        page.Append("| Rule | Offered | Good | All at once | Good |\n|---|---|---|---|---|\n");
        foreach (var rule in _rules.Where(rule => fixes.Contains(rule.Id)))
            page.Append(FixRow(rule.Id, fixes[rule.Id]));
        page.Append(FixRow("all", fixes.SelectMany(rule => rule)));
    }

    private static string FixRow(string name, IEnumerable<FixFigures> fixes)
    {
        var list = fixes.ToList();
        return $"| {name} | {list.Sum(fix => fix.Offered)} | {list.Sum(fix => fix.Good)} | {list.Sum(fix => fix.AllOffered)} | {list.Sum(fix => fix.AllGood)} |\n";
    }

    private IEnumerable<Judgement> OfRule(DiagnosticDescriptor rule) => All.Where(judgement => judgement.Finding.Rule == rule.Id);

    private IEnumerable<Judgement> SeverityIs(DiagnosticSeverity severity) => _rules.Where(rule => rule.DefaultSeverity == severity).SelectMany(OfRule);

    private static string Row(string name, IEnumerable<Judgement> judgements, string? goal = null)
    {
        var tally = Tally.Of(judgements);
        return $"| {name} | {tally.Findings} | {tally.Counted} | {tally.Right} | {tally.Arguable} | {tally.Wrong} | {tally.NotWrong} | {tally.Precision} |{(goal is null ? "" : $" {goal} |")}\n";
    }

    private sealed record Tally(int Findings, int Counted, int Right, int Arguable, int Wrong)
    {
        public string NotWrong => Share(Right + Arguable);

        public string Precision => Share(Right);

        public static Tally Of(IEnumerable<Judgement> judgements)
        {
            var all = judgements.ToList();
            var counted = all.Where(judgement => !judgement.IsCopy).ToLookup(judgement => judgement.Verdict);
            return new(all.Count, all.Count(judgement => !judgement.IsCopy), counted["right"].Count(), counted["arguable"].Count(), counted["wrong"].Count());
        }

        private string Share(int part) => Counted == 0 ? "" : (100.0 * part / Counted).ToString("0.0", CultureInfo.InvariantCulture) + " %";
    }
}
