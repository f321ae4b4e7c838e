using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT209: gives the host the time that the drain's options add up to.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ShutdownTimeoutUnsafeFix() : ShutdownCodeFix("Set it to what the drain needs", RuleIds.ShutdownTimeoutUnsafe)
{
    private protected override bool CanFix(FixSite site) => site.Fact(ShutdownTimeoutUnsafe.Needed) is not null && site.Node is ExpressionSyntax or ArgumentSyntax;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var value = site.Node is ArgumentSyntax argument ? argument.Expression : site.Node;
        edit.Import(site.Document, site.Model, value.SpanStart, "System");
        editor.ReplaceNode(value, TimeSpanText.Of(site.Fact(ShutdownTimeoutUnsafe.Needed)!).WithTriviaFrom(value));
    }
}
