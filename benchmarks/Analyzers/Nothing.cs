using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ShutdownAnalyzers.AnalyzerCost;

/// <summary>An analyzer that looks at every call and sees nothing: what the driver itself costs.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class Nothing : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor Descriptor = new("NOTHING", "Nothing", "Nothing", "Nothing", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(_ => { }, OperationKind.Invocation);
    }
}
