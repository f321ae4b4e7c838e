using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Probes;

/// <summary>SHUT403: the library's liveness probe in the place of the endpoint, or the check without its liveness tag.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class LivenessFailsOnShutdownFix() : ShutdownCodeFix("Keep liveness healthy at shutdown", RuleIds.LivenessFailsOnShutdown)
{
    private protected override string TitleFor(Diagnostic diagnostic) => ProbeEdit.TitleFor(diagnostic);

    private protected override bool CanFix(FixSite site) => ProbeEdit.CanFix(site);

    private protected override Task FixAsync(FixEdit edit, FixSite site) => ProbeEdit.FixAsync(edit, site);
}
