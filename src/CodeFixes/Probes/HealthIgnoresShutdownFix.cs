using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Probes;

/// <summary>SHUT402: the same edits as for a readiness endpoint.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class HealthIgnoresShutdownFix() : ShutdownCodeFix("Turn unready at shutdown", RuleIds.HealthIgnoresShutdown)
{
    private protected override string TitleFor(Diagnostic diagnostic) => ProbeEdit.TitleFor(diagnostic);

    private protected override bool CanFix(FixSite site) => ProbeEdit.CanFix(site);

    private protected override Task FixAsync(FixEdit edit, FixSite site) => ProbeEdit.FixAsync(edit, site);
}
