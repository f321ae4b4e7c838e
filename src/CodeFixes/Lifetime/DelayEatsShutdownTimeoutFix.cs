using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT110: takes the delay out, and sets the drain's own delay to the same time.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class DelayEatsShutdownTimeoutFix() : ShutdownCodeFix("Make it the drain's delay", RuleIds.DelayEatsShutdownTimeout)
{
    private protected override bool CanFix(FixSite site) =>
        site.Fact(DelayEatsShutdownTimeout.Milliseconds) is not null && DelayRemoval.Of(site.Node, site.Model) is not null && DrainDelaySetting.Of(site) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        // There is one delay to set: a second one in the program is left for the user.
        if (!edit.Once(nameof(DelayEatsShutdownTimeout)))
            return;

        var removal = DelayRemoval.Of(site.Node, site.Model)!;
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        removal.Apply(editor);
        await DrainDelaySetting.Of(site)!.ApplyAsync(edit, TimeSpanText.Of(site.Fact(DelayEatsShutdownTimeout.Milliseconds)!)).ConfigureAwait(false);
    }
}
