using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;
using ShutdownAnalyzers.Lifetime;

namespace ShutdownAnalyzers.Tests;

/// <summary>What was bound for a rule is let go again: it is most of what a compilation can keep in memory.</summary>
public class RecentModelsTests
{
    private const int Files = 100;

    [Fact]
    public void OnlyTheLastFewModelsAreKept()
    {
        var compilation = Compile();
        var models = new RecentModels(compilation, shared: 0);

        Assert.InRange(Alive(models, compilation), 1, Files / 4);
        GC.KeepAlive(models);
    }

    [Fact]
    public void AFileHasOneModelForAsLongAsSomebodyHoldsIt()
    {
        var compilation = Compile();
        var models = new RecentModels(compilation, shared: 0);
        var held = models.Of(compilation.SyntaxTrees[0]);
        Alive(models, compilation);

        Assert.Same(held, models.Of(compilation.SyntaxTrees[0]));
    }

    [Fact]
    public void AModelKnowsTheSymbolsOfItsCompilation()
    {
        var compilation = Compile();
        var tree = compilation.SyntaxTrees[0];
        var type = tree.GetRoot().ChildNodes().Single();

        Assert.Equal(compilation.GetTypeByMetadataName("Type0"), new RecentModels(compilation, shared: 0).Of(tree).GetDeclaredSymbol(type), SymbolEqualityComparer.Default);
    }

    /// <summary>A compiler's driver keeps the models that it is asked for when a file is done, unless they are asked for in the one way that it doesn't.</summary>
    [Fact]
    public async Task TheCompilerKeepsNoneOfThem()
    {
        var probe = new AtTheEnd();
        await Compile().WithAnalyzers([probe]).GetAnalyzerDiagnosticsAsync();

        Assert.InRange(probe.Alive, 1, Files / 4);
    }

    /// <summary>What a rule has bound before the compiler comes to a file isn't bound twice.</summary>
    [Fact]
    public async Task TheFirstModelsAreTheCompilersOwn()
    {
        var probe = new AtTheEnd();
        await Compile().WithAnalyzers([probe]).GetAnalyzerDiagnosticsAsync();

        Assert.Equal(Files / 2, probe.CompilersOwn);
    }

    private static CSharpCompilation Compile() => CSharpCompilation.Create(
        "Models",
        Enumerable.Range(0, Files).Select(i => CSharpSyntaxTree.ParseText($"class Type{i} {{ }}")),
        [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static int Alive(RecentModels models, Compilation compilation)
    {
        var all = Ask(models, compilation);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return all.Count(model => model.TryGetTarget(out _));
    }

    // Of its own, so that no local of it holds a model.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference<SemanticModel>> Ask(RecentModels models, Compilation compilation) =>
        [.. compilation.SyntaxTrees.Select(tree => new WeakReference<SemanticModel>(models.Of(tree)))];

#pragma warning disable RS1001 // The attribute is for analyzers that a compiler loads.
    private sealed class AtTheEnd : DiagnosticAnalyzer
    {
        private int _compilersOwn;

        public int Alive { get; private set; }

        public int CompilersOwn => _compilersOwn;

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => new MissingDrainSequence().SupportedDiagnostics;

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterCompilationStartAction(start =>
            {
                var models = new RecentModels(start.Compilation, shared: Files / 2);
                start.RegisterSemanticModelAction(file =>
                {
                    if (models.Of(file.SemanticModel.SyntaxTree) == file.SemanticModel)
                        Interlocked.Increment(ref _compilersOwn);
                });
                start.RegisterCompilationEndAction(end => Alive = RecentModelsTests.Alive(new RecentModels(end.Compilation, shared: 0), end.Compilation));
            });
        }
    }
#pragma warning restore RS1001
}
