using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>What a compilation of 5,000 files keeps in memory after it was analysed: with all rules, and with an analyzer that does nothing.</summary>
internal static class MemoryCost
{
    private const int Files = 5_000;

    public static async Task PrintAsync(bool write)
    {
        var nothing = await KeptAsync([new Nothing()]);
        var all = await KeptAsync(AllRules.Analyzers);
        var text = string.Create(CultureInfo.InvariantCulture, $"{Files:#,0} files: the compiler's own {nothing:0.0} MB, with all rules {all:0.0} MB ({(all - nothing) / nothing:+0.0 %;-0.0 %}).");
        Console.WriteLine(text);
        if (write)
            CostPage.Write("memory", text);
    }

    private static async Task<double> KeptAsync(ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var compilation = GeneratedCode.Compile(Files);
        compilation.GetDiagnostics();
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        // The driver keeps the models that it handed out for as long as it lives: it is part of both.
        var driver = compilation.WithAnalyzers(analyzers, options);
        await driver.GetAnalyzerDiagnosticsAsync();
        var kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;
        GC.KeepAlive(driver);
        return kept;
    }
}
