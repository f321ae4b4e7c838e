using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Corpus;
using ShutdownAnalyzers.Overlap;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>This package and others over real projects, by turns in one process for each project.</summary>
internal static class PackageCosts
{
    private const int Rounds = 3;

    private static readonly (string Repository, string Project)[] Projects =
        [("eShop", "Ordering.API"), ("btcpayserver", "BTCPayServer"), ("jellyfin", "Jellyfin.Server"), ("jellyfin", "MediaBrowser.Model")];

    private static readonly string[] Compared = ["Meziantou.Analyzer", "Roslynator.Analyzers", "SonarAnalyzer.CSharp", "Microsoft.VisualStudio.Threading.Analyzers", "Microsoft.CodeAnalysis.NetAnalyzers"];

    /// <summary>Every project in a process of its own, so that the first round of each is cold.</summary>
    public static async Task<int> PrintAllAsync(string folder, string[] packages)
    {
        foreach (var (repository, project) in Projects)
        {
            using var process = Process.Start("dotnet", [typeof(PackageCosts).Assembly.Location, "package", folder, repository, project, .. packages]);
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                return process.ExitCode;
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
        var times = others.ToDictionary(other => other, _ => new List<(double Milliseconds, double Megabytes)>());
        for (var round = 0; round < Rounds; round++)
        {
            bound.Add(Measured.ParseAndBind(compilation).Milliseconds);
            ours.Add(await TimeAsync(compilation, rules, files, round));
            foreach (var other in others)
                times[other].Add(await TimeAsync(compilation, other.Analyzers, files, round));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{repository}: {name}, {compilation.SyntaxTrees.Count():#,0} files, {lines:#,0} lines, {files.AdditionalFiles.Length} deployment files\n\n| | analyzers | cold, ms | warm, ms | MB with the compiler |\n|---|---|---|---|---|"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| parse and bind | | {bound[0]:#,0} | {bound.Skip(1).Min():#,0} | |"));
        Print("ShutdownAnalyzers", rules.Length, ours);
        foreach (var other in others)
            Print($"{other.Package} {other.Version}", other.Analyzers.Length, times[other]);
    }

    private static async Task<(double Milliseconds, double Megabytes)> TimeAsync(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, AnalyzerOptions files, int round)
    {
        var (all, each, _) = await Measured.AnalyzeAsync(compilation, analyzers, files);
        if (round == Rounds - 1 && analyzers == AllRules.Analyzers)
        {
            foreach (var (analyzer, time) in each.OrderByDescending(pair => pair.Value).Take(8))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time,8:0.0} ms {analyzer.GetType().Name}"));
        }

        return (each.Values.Sum(), all.Megabytes);
    }

    private static void Print(string name, int analyzers, List<(double Milliseconds, double Megabytes)> runs) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {analyzers} | {runs[0].Milliseconds:#,0} | {runs.Skip(1).Min(run => run.Milliseconds):#,0} | {runs[^1].Megabytes:#,0} |"));
}
