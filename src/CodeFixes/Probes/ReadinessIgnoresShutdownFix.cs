using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Probes;

/// <summary>SHUT401: the library's readiness probe in the place of a constant answer, or the shutdown check among the checks that the endpoint runs.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ReadinessIgnoresShutdownFix() : ShutdownCodeFix("Turn unready at shutdown", RuleIds.ReadinessIgnoresShutdown)
{
    private protected override string TitleFor(Diagnostic diagnostic) => ProbeEdit.TitleFor(diagnostic);

    private protected override bool CanFix(FixSite site) => ProbeEdit.CanFix(site);

    private protected override Task FixAsync(FixEdit edit, FixSite site) => ProbeEdit.FixAsync(edit, site);
}
