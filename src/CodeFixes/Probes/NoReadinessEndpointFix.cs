using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Probes;

/// <summary>SHUT404: maps both probes before the application runs.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class NoReadinessEndpointFix() : ShutdownCodeFix("Map readiness and liveness", RuleIds.NoReadinessEndpoint)
{
    private protected override string TitleFor(Diagnostic diagnostic) => ProbeEdit.TitleFor(diagnostic);

    private protected override bool CanFix(FixSite site) => ProbeEdit.CanFix(site);

    private protected override Task FixAsync(FixEdit edit, FixSite site) => ProbeEdit.FixAsync(edit, site);
}
