using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Corpus;
using ShutdownAnalyzers.Overlap;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>This package and others over real projects, by turns in one process for each project.</summary>
internal static class PackageCosts
{
    public const int Columns = 6;
    public const int PerCentColumn = 5;

    private const int Rounds = 3;

    private static readonly (string Repository, string Project)[] Projects =
        [("eShop", "Ordering.API"), ("jellyfin", "Jellyfin.Server"), ("btcpayserver", "BTCPayServer"), ("btcpayserver", "BTCPayServer.Client")];

    private static readonly string[] Compared = ["Meziantou.Analyzer", "Roslynator.Analyzers", "SonarAnalyzer.CSharp", "Microsoft.VisualStudio.Threading.Analyzers", "Microsoft.CodeAnalysis.NetAnalyzers"];

    /// <summary>Every project in a process of its own, so that the first round of each is cold.</summary>
    public static async Task<int> PrintAllAsync(string folder, bool write, string[] packages)
    {
        var tables = new StringBuilder();
        foreach (var (repository, project) in Projects)
        {
            var start = new ProcessStartInfo("dotnet", [typeof(PackageCosts).Assembly.Location, "package", folder, repository, project, .. packages]) { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var table = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                return process.ExitCode;
            Console.WriteLine(table);
            tables.Append(table).Append('\n');
        }

        if (write)
        {
            CostPage.Write("packages", tables.ToString());
            CostPage.WriteChart(tables.ToString());
        }

        return 0;
    }

    public static async Task PrintAsync(string folder, string repository, string name, string[] packages)
    {
        var root = Path.Combine(folder, repository);
        var project = LooseProject.FindAll(root).Single(project => project.Name == name);
        var subject = Corpus.Subject.Of(project, DeploymentFiles.Of(project, root, all: false));
        var compilation = await subject.CompilationAsync();
        var lines = compilation.SyntaxTrees.Sum(tree => tree.GetText().Lines.Count);
        var rules = AllRules.Analyzers;
        var others = OtherAnalyzers.All.Where(other => (packages.Length == 0 ? Compared : packages).Contains(other.Package)).ToList();
        var files = subject.Options;

        var bound = new List<double>();
        var ours = new List<(double, double)>();
        var compilers = new List<(double WithNothing, double WithRules)>();
        var times = others.ToDictionary(other => other, _ => new List<(double Milliseconds, double Megabytes)>());
        for (var round = 0; round < Rounds; round++)
        {
            bound.Add(Measured.ParseAndBind(compilation).Milliseconds);
            var nothing = (await Measured.AnalyzeAsync(compilation, [new Nothing()], files)).All.Milliseconds;
            var (all, each, _) = await Measured.AnalyzeAsync(compilation, rules, files);
            ours.Add((each.Values.Sum(), all.Megabytes));
            compilers.Add((nothing, all.Milliseconds));
            if (round == Rounds - 1)
                PrintDearest(each);
            foreach (var other in others)
            {
                (all, each, _) = await Measured.AnalyzeAsync(compilation, other.Analyzers, files);
                times[other].Add((each.Values.Sum(), all.Megabytes));
            }
        }

        var warm = bound.Skip(1).Min();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"### {repository}: {name}, {compilation.SyntaxTrees.Count():#,0} files, {lines:#,0} lines\n\n| | analyzers | cold, ms | warm, ms | warm, of parse and bind | allocated with the compiler, MB |\n|---|--:|--:|--:|--:|--:|"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| parse and bind | | {bound[0]:#,0} | {warm:#,0} | 100 % | |"));
        Print("ShutdownAnalyzers", rules.Length, ours, warm);
        foreach (var other in others)
            Print($"{other.Package} {other.Version}", other.Analyzers.Length, times[other], warm);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nThe whole compilation with analyzers takes {compilers.Skip(1).Min(pair => pair.WithNothing):#,0} ms with one that does nothing, and {compilers.Skip(1).Min(pair => pair.WithRules):#,0} ms with all rules (warm)."));
    }

    private static void PrintDearest(IReadOnlyDictionary<DiagnosticAnalyzer, double> rules)
    {
        foreach (var (rule, time) in rules.OrderByDescending(pair => pair.Value).Take(8))
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time,8:0.0} ms {rule.GetType().Name}"));
    }

    private static void Print(string name, int analyzers, List<(double Milliseconds, double Megabytes)> runs, double bound)
    {
        var warm = runs.Skip(1).Min(run => run.Milliseconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {analyzers} | {Short(runs[0].Milliseconds)} | {Short(warm)} | {100 * warm / bound:0.0} % | {runs[^1].Megabytes:#,0} |"));
    }

    private static string Short(double milliseconds) => milliseconds.ToString(milliseconds < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
