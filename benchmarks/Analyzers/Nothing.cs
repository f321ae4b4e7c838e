using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>An analyzer that is told of every file and does nothing: what the driver itself costs.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class Nothing : DiagnosticAnalyzer
{
    public static readonly DiagnosticDescriptor Descriptor = new("NOTHING", "Nothing", "Nothing", "Nothing", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSemanticModelAction(_ => { });
    }
}
