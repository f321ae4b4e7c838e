using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.TestSupport;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>What a compilation of 5,000 files has in memory when its last file is analysed: with an analyzer that does nothing, with one that is told of every call, and with all rules.</summary>
internal static class MemoryCost
{
    private const int Files = 5_000;

    // The compiler keeps members of generic types by the hash codes of their names, which are others in each process: what drives out what makes up to a tenth of the whole. So the three are compared within a process.
    private const int Processes = 5;

    public static async Task PrintAsync(bool write)
    {
        string everyFile = await RowOfAsync("every file", hostedEvery: 1), oneInFifty = await RowOfAsync("one file in fifty", hostedEvery: 50);
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            | controller and hosted service in | an analyzer that does nothing | one that is told of every call | all rules | of the first | of the second |
            |---|--:|--:|--:|--:|--:|
            {everyFile}
            {oneInFifty}

            {Files:#,0} files; megabytes in use when the last file has been analysed, medians of {Processes} processes, and the medians and bounds of what each process found to be the share.
            """);
        Console.WriteLine(text);
        if (write)
            CostPage.Write("memory", text);
    }

    /// <summary>All three in this process: bytes.</summary>
    public static void PrintOnce(int hostedEvery)
    {
        // What is made once in a process belongs to none of them.
        Analyse(AllRules.Analyzers, files: 100, hostedEvery: 1);
        var before = InUse();
        Console.WriteLine(string.Join(' ', new[] { [new Nothing()], [new Calls()], AllRules.Analyzers }.Select(analyzers => AtTheEndOf(analyzers, hostedEvery) - before)));
    }

    private static async Task<string> RowOfAsync(string name, int hostedEvery)
    {
        var found = new ConcurrentBag<long[]>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Processes), async (_, _) =>
        {
            var output = (await Command.RunAsync("dotnet", [typeof(MemoryCost).Assembly.Location, "memory", hostedEvery.ToString(CultureInfo.InvariantCulture)])).Trim();
            Console.WriteLine($"{name}: {output}");
            found.Add([.. output.Split(' ').Select(bytes => long.Parse(bytes, CultureInfo.InvariantCulture))]);
        });
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {Megabytes(0):0.0} | {Megabytes(1):0.0} | {Megabytes(2):0.0} | {ShareOf(0)} | {ShareOf(1)} |");

        double Megabytes(int at) => Measured.Median(found.Select(three => three[at] / 1e6));

        string ShareOf(int other)
        {
            double[] shares = [.. found.Select(three => (three[2] - three[other]) / (double)three[other])];
            return string.Create(CultureInfo.InvariantCulture, $"{Measured.Median(shares):+0.0 %;-0.0 %} ({shares.Min():+0.0 %;-0.0 %} to {shares.Max():+0.0 %;-0.0 %})");
        }
    }

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
