using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Overlap;

/// <summary>What the other analyzers report on the Bad examples of a rule's page.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="OnTheLines">Ids reported on a line of this package's finding.</param>
/// <param name="Elsewhere">Ids reported on other lines of the examples only.</param>
internal sealed record Measurement(string Rule, ImmutableSortedSet<string> OnTheLines, ImmutableSortedSet<string> Elsewhere)
{
    /// <summary>About the rule's subject, on the lines of its finding.</summary>
    public IReadOnlyList<string> Same { get; } = [.. Subject.Among(OnTheLines, Rule)];

    /// <summary>About the rule's subject, on other lines.</summary>
    public IReadOnlyList<string> Near { get; } = [.. Subject.Among(Elsewhere, Rule)];

    public IReadOnlyList<string> Unrelated => [.. OnTheLines.Except(Same)];

    public bool IsAlone => Same.Count == 0 && Near.Count == 0;

    public bool Reports(string id) => OnTheLines.Contains(id) || Elsewhere.Contains(id);

    private const string ThrownByAnalyzer = "AD0001";

    private static readonly ImmutableArray<DiagnosticAnalyzer> Others = [.. OtherAnalyzers.All.SelectMany(other => other.Analyzers)];

    public static readonly ImmutableSortedSet<string> KnownIds = [.. Others.SelectMany(analyzer => analyzer.SupportedDiagnostics).Select(rule => rule.Id)];

    /// <summary>Every rule on, also those that are off by default.</summary>
    private static readonly ImmutableDictionary<string, ReportDiagnostic> AllOn = KnownIds.ToImmutableDictionary(id => id, _ => ReportDiagnostic.Warn);

    public static async Task<Measurement> OfAsync(string rule)
    {
        var onTheLines = ImmutableSortedSet.CreateBuilder<string>();
        var anywhere = ImmutableSortedSet.CreateBuilder<string>();
        foreach (var example in RulePage.Read(rule).Blocks("Bad"))
        {
            var document = AllRules.Project(example.Source, example.Code());
            var ours = (await AllRules.ReportAsync(document.Project)).Select(LinesOf).ToList();
            var theirs = await ReportAsync(document.Project);
            anywhere.UnionWith(theirs.Select(diagnostic => diagnostic.Id));
            onTheLines.UnionWith(theirs.Where(their => ours.Any(lines => Meet(lines, LinesOf(their)))).Select(diagnostic => diagnostic.Id));
        }

        return new(rule, onTheLines.ToImmutable(), anywhere.ToImmutable().Except(onTheLines));
    }

    private static async Task<IEnumerable<Diagnostic>> ReportAsync(Project project)
    {
        var document = project.Documents.Single(document => document.Name == "Program.cs");
        var tree = await document.GetSyntaxTreeAsync();
        var compilation = (await project.GetCompilationAsync())!;
        compilation = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(AllOn));
        var diagnostics = await compilation.WithAnalyzers(Others, project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
        foreach (var failure in diagnostics.Where(diagnostic => diagnostic.Id == ThrownByAnalyzer))
            Console.Error.WriteLine($"An analyzer that is measured failed: {failure.GetMessage()}");
        return diagnostics.Where(diagnostic => diagnostic.Id != ThrownByAnalyzer && diagnostic.Location.SourceTree == tree);
    }

    private static LinePositionRange LinesOf(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.GetLineSpan();
        return new(span.StartLinePosition.Line, span.EndLinePosition.Line);
    }

    private static bool Meet(LinePositionRange ours, LinePositionRange theirs) => ours.First <= theirs.Last && theirs.First <= ours.Last;

    private readonly record struct LinePositionRange(int First, int Last);
}
