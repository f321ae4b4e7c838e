using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT107: sets <c>context.Cancel</c> first in the handler.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SignalHandlerDoesNotCancelFix() : ShutdownCodeFix("Keep the signal from killing the process", RuleIds.SignalHandlerDoesNotCancel)
{
    private protected override bool CanFix(FixSite site) => HandlerEdits.CanEdit(site.Anywhere<SyntaxNode>(0)?.Node);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var (document, model, handler) = site.Anywhere<SyntaxNode>(0)!.Value;

        // One method can handle several signals.
        if (!edit.Once((document.Id, handler.Span)))
            return;

        var editor = await edit.EditorAsync(document).ConfigureAwait(false);
        if (handler is AnonymousMethodExpressionSyntax { ParameterList: null })
            edit.Import(document, model, handler.SpanStart, "System.Runtime.InteropServices");

        var parameters = SyntaxFactory.ParseParameterList("(PosixSignalContext context)");
        editor.ReplaceNode(handler, HandlerEdits.WithCancelFirst(handler, model, "context", parameters));
    }
}
