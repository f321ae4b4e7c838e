using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Resources;

/// <summary>SHUT305: flushes the log whatever way the program ends.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class LogNotFlushedFix() : ShutdownCodeFix("Flush the log when the program ends", RuleIds.LogNotFlushed)
{
    private protected override bool CanFix(FixSite site) => site.Fact(LogNotFlushed.Flush) is not null && site.Additional<StatementSyntax>(0) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        Finally.Insert(editor, site.Additional<StatementSyntax>(0)!, CleanupCalls.Statement(site.Fact(LogNotFlushed.Flush)!), isStatic: true);
    }
}
