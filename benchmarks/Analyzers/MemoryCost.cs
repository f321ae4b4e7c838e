using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>What a compilation of 5,000 files has in memory when its last file is analysed: with an analyzer that does nothing, with one that is told of every call, and with all rules.</summary>
internal static class MemoryCost
{
    private const int Files = 5_000;

    public static void Print(bool write)
    {
        // What is made once in a process belongs to none of them.
        Analyse(AllRules.Analyzers, files: 100, hostedEvery: 1);
        var before = InUse();
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            | controller and hosted service in | an analyzer that does nothing | one that is told of every call | all rules | of the first | of the second |
            |---|--:|--:|--:|--:|--:|
            {RowOf("every file", hostedEvery: 1)}
            {RowOf("one file in fifty", hostedEvery: 50)}

            {Files:#,0} files; megabytes in use when the last file has been analysed.
            """);
        Console.WriteLine(text);
        if (write)
            CostPage.Write("memory", text);

        string RowOf(string name, int hostedEvery)
        {
            var nothing = AtTheEndOf([new Nothing()], hostedEvery) - before;
            var calls = AtTheEndOf([new Calls()], hostedEvery) - before;
            var all = AtTheEndOf(AllRules.Analyzers, hostedEvery) - before;
            return string.Create(CultureInfo.InvariantCulture, $"| {name} | {nothing / 1e6:0.0} | {calls / 1e6:0.0} | {all / 1e6:0.0} | {Share(all, nothing):+0.0 %;-0.0 %} | {Share(all, calls):+0.0 %;-0.0 %} |");
        }
    }

    private static double Share(long all, long other) => (all - other) / (double)other;

    private static long AtTheEndOf(ImmutableArray<DiagnosticAnalyzer> analyzers, int hostedEvery)
    {
        var end = new AtTheEnd();
        Analyse(analyzers.Add(end), Files, hostedEvery);
        return end.InUse;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Analyse(ImmutableArray<DiagnosticAnalyzer> analyzers, int files, int hostedEvery)
    {
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        GeneratedCode.Compile(files, hostedEvery: hostedEvery).WithAnalyzers(analyzers, options).GetAllDiagnosticsAsync().GetAwaiter().GetResult();
    }

    private static long InUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>Weighs when the last file is done, and the driver with what it handed out still there.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class AtTheEnd : DiagnosticAnalyzer
    {
        public long InUse { get; private set; }

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Nothing.Descriptor];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterCompilationStartAction(start =>
            {
                start.RegisterSemanticModelAction(_ => { });
                start.RegisterCompilationEndAction(_ => InUse = MemoryCost.InUse());
            });
        }
    }

    /// <summary>For it the compiler makes the operations of all code, and public symbols of what they name: as for any analyzer that looks at calls, those of the SDK among them.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Calls : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Nothing.Descriptor];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterOperationAction(_ => { }, OperationKind.Invocation);
        }
    }
}
