using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT105: sets <c>e.Cancel</c> first in the handler.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class CancelKeyPressKillsProcessFix() : ShutdownCodeFix("Keep Ctrl+C from killing the process", RuleIds.CancelKeyPressKillsProcess)
{
    private protected override bool CanFix(FixSite site) => HandlerEdits.CanEdit(site.Anywhere<SyntaxNode>(0)?.Node);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var (document, model, handler) = site.Anywhere<SyntaxNode>(0)!.Value;
        if (!edit.Once((document.Id, handler.Span)))
            return;

        var editor = await edit.EditorAsync(document).ConfigureAwait(false);
        var sender = model.GetNullableContext(handler.SpanStart).AnnotationsEnabled() ? "object?" : "object";
        if (handler is AnonymousMethodExpressionSyntax { ParameterList: null })
            edit.Import(document, model, handler.SpanStart, "System");

        var parameters = SyntaxFactory.ParseParameterList($"({sender} sender, ConsoleCancelEventArgs e)");
        editor.ReplaceNode(handler, HandlerEdits.WithCancelFirst(handler, model, "e", parameters));
    }
}
