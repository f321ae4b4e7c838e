using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Resources;

/// <summary>SHUT303: flushes the producer before it is disposed of, or in a cleanup handler.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ProducerNotFlushedFix() : ShutdownCodeFix("Flush the producer", RuleIds.ProducerNotFlushed)
{
    private protected override bool CanFix(FixSite site) => LastCalls.CanInsert(site);

    private protected override Task FixAsync(FixEdit edit, FixSite site)
    {
        var type = Imports.Sees(site.Model, site.Node.SpanStart, "System") ? "TimeSpan" : "System.TimeSpan";
        return LastCalls.InsertAsync(edit, site, $"Flush({type}.FromSeconds(10))", "Flush", cleanupParameter: "cancellationToken");
    }
}
