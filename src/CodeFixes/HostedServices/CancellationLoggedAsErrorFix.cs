using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT204: lets the stop end the loop without an error in the log.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class CancellationLoggedAsErrorFix() : ShutdownCodeFix("Leave the loop at the stop", RuleIds.CancellationLoggedAsError)
{
    private protected override bool CanFix(FixSite site) => StopCatch.CanInsert(site);

    private protected override Task FixAsync(FixEdit edit, FixSite site) => StopCatch.InsertAsync(edit, site);
}
