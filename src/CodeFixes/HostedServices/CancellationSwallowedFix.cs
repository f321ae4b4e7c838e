using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT203: ends the loop when the cancellation is the stop's.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class CancellationSwallowedFix() : ShutdownCodeFix("Leave the loop at the stop", RuleIds.CancellationSwallowed)
{
    private protected override bool CanFix(FixSite site) => StopCatch.CanInsert(site);

    private protected override Task FixAsync(FixEdit edit, FixSite site) => StopCatch.InsertAsync(edit, site);
}
