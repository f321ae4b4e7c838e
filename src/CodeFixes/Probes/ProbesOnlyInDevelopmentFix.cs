using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Probes;

/// <summary>SHUT405: maps both probes after the condition; what stands under it stays.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ProbesOnlyInDevelopmentFix() : ShutdownCodeFix("Map readiness and liveness", RuleIds.ProbesOnlyInDevelopment)
{
    private protected override string TitleFor(Diagnostic diagnostic) => ProbeEdit.TitleFor(diagnostic);

    private protected override bool CanFix(FixSite site) => ProbeEdit.CanFix(site);

    private protected override Task FixAsync(FixEdit edit, FixSite site) => ProbeEdit.FixAsync(edit, site);
}
