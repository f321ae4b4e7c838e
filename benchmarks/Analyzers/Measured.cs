using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>One run, on one thread.</summary>
/// <param name="Milliseconds">Processor time.</param>
/// <param name="Megabytes">What it allocated.</param>
internal readonly record struct Measured(double Milliseconds, double Megabytes)
{
    private const string ThrownByAnalyzer = "AD0001";

    /// <summary>Parses all files anew and binds them, as a compiler without analyzers does.</summary>
    public static Measured ParseAndBind(Compilation compilation) => Of(() => Fresh(compilation).GetDiagnostics());

    /// <summary>The compiler and some analyzers; and of these the driver's own time of each, in processor time.</summary>
    public static async Task<(Measured All, IReadOnlyDictionary<DiagnosticAnalyzer, double> Each, int Findings)> AnalyzeAsync(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, AnalyzerOptions files)
    {
        var fresh = Fresh(compilation);
        var options = new CompilationWithAnalyzersOptions(files, onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: true);
        GC.Collect();
        var (clock, processor, allocated) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var result = await fresh.WithAnalyzers(analyzers, options).GetAnalysisResultAsync(CancellationToken.None);
        var used = Environment.CpuUsage.TotalTime - processor;
        var share = Math.Min(1, used / clock.Elapsed);
        var diagnostics = result.GetAllDiagnostics();
        foreach (var failure in diagnostics.Where(diagnostic => diagnostic.Id == ThrownByAnalyzer))
            Console.Error.WriteLine($"An analyzer that is measured failed: {failure.GetMessage().Split('\n')[0]}");
        return (
            new(used.TotalMilliseconds, (GC.GetTotalAllocatedBytes() - allocated) / 1e6),
            result.AnalyzerTelemetryInfo.ToDictionary(pair => pair.Key, pair => pair.Value.ExecutionTime.TotalMilliseconds * share),
            diagnostics.Length);
    }

    private static Measured Of(Func<object> run)
    {
        GC.Collect();
        var (processor, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var result = run();
        var measured = new Measured((Environment.CpuUsage.TotalTime - processor).TotalMilliseconds, (GC.GetTotalAllocatedBytes() - allocated) / 1e6);
        GC.KeepAlive(result);
        return measured;
    }

    // A compilation keeps what was bound, and a tree what was found in it: every build has its own.
    private static Compilation Fresh(Compilation compilation)
    {
        var trees = compilation.SyntaxTrees.Select(tree => CSharpSyntaxTree.ParseText(tree.GetText(), (CSharpParseOptions)tree.Options, tree.FilePath));
        return compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(trees).WithOptions(compilation.Options.WithConcurrentBuild(false));
    }

    public static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
