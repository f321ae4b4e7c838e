using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>Each rule alone against an analyzer that does nothing, on generated code that has nothing to report and on the same with the example of the rule's page.</summary>
internal static class RuleCosts
{
    private const int Files = 100;
    private const int Rounds = 3;

    public static async Task PrintAsync(bool write)
    {
        var table = new StringBuilder();
        var without = GeneratedCode.Compile(Files);
        var empty = await MedianAsync(without, new Nothing());
        Line(string.Create(CultureInfo.InvariantCulture, $"{Files} files; the compiler with an analyzer that does nothing: {empty.Milliseconds:0} ms, {empty.Megabytes:0.0} MB; medians of {Rounds} rounds."));
        Line("\n| Rule | nothing to report: ms | MB | with its page's example: ms | MB | findings |\n|---|--:|--:|--:|--:|--:|");
        foreach (var rule in AllRules.Analyzers.OrderBy(rule => rule.SupportedDiagnostics[0].Id, StringComparer.Ordinal))
        {
            var id = rule.SupportedDiagnostics[0].Id;
            var quiet = Cost(await MedianAsync(without, rule), empty);
            var page = RulePage.Read(id);
            if (page.IsOfDeploymentFiles)
            {
                Line($"| {id} | {quiet} | | | |");
                continue;
            }

            var with = GeneratedCode.Compile(Files, page.Blocks("Bad")[0]);
            var bare = await MedianAsync(with, new Nothing());
            var loud = await MedianAsync(with, rule);
            Line($"| {id} | {quiet} | {Cost(loud, bare)} | {loud.Findings} |");
        }

        var all = await MedianAsync(without, [.. AllRules.Analyzers]);
        Line($"| all together | {Cost(all, empty)} | | | |");
        if (write)
            CostPage.Write("rule costs", table.ToString());

        void Line(string text)
        {
            Console.WriteLine(text);
            table.Append(text).Append('\n');
        }
    }

    private static string Cost(Run run, Run empty) =>
        string.Create(CultureInfo.InvariantCulture, $"{run.Own:0.00} | {run.Megabytes - empty.Megabytes:0.00}");

    private static async Task<Run> MedianAsync(Compilation compilation, params ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        var runs = new List<Run>();
        for (var round = 0; round <= Rounds; round++)
        {
            var (all, each, findings) = await Measured.AnalyzeAsync(compilation, analyzers, new AnalyzerOptions([]));
            if (round > 0)
                runs.Add(new(all.Milliseconds, each.Values.Sum(), all.Megabytes, findings));
        }

        return new(Measured.Median(runs.Select(run => run.Milliseconds)), Measured.Median(runs.Select(run => run.Own)), Measured.Median(runs.Select(run => run.Megabytes)), runs[0].Findings);
    }

    /// <param name="Milliseconds">The compiler and the rule.</param>
    /// <param name="Own">The rule alone.</param>
    /// <param name="Megabytes">What both allocated.</param>
    /// <param name="Findings">What was reported.</param>
    private sealed record Run(double Milliseconds, double Own, double Megabytes, int Findings);
}
