using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Resources;

/// <summary>SHUT304: closes the consumer before it is disposed of, or in a cleanup handler.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ConsumerNotClosedFix() : ShutdownCodeFix("Close the consumer", RuleIds.ConsumerNotClosed)
{
    private protected override bool CanFix(FixSite site) => LastCalls.CanInsert(site);

    private protected override Task FixAsync(FixEdit edit, FixSite site) => LastCalls.InsertAsync(edit, site, "Close()", "StopIntake");
}
