using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Resources;

/// <summary>SHUT305: flushes the log whatever way the program ends, or makes the host its owner.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class LogNotFlushedFix() : ShutdownCodeFix("Flush the log when the program ends", RuleIds.LogNotFlushed)
{
    private const string Parameter = "dispose";

    private protected override string TitleFor(Diagnostic diagnostic) =>
        diagnostic.Properties.ContainsKey(LogNotFlushed.Own) ? "Let the host flush and dispose it" : base.TitleFor(diagnostic);

    private protected override bool CanFix(FixSite site) => site.Fact(LogNotFlushed.Own) is not null
        ? site.Anywhere<InvocationExpressionSyntax>(0) is not null
        : site.Fact(LogNotFlushed.Flush) is not null && site.Additional<StatementSyntax>(0) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        if (site.Fact(LogNotFlushed.Own) is not null)
        {
            var (document, _, registration) = site.Anywhere<InvocationExpressionSyntax>(0)!.Value;
            var list = registration.ArgumentList;
            (await edit.EditorAsync(document).ConfigureAwait(false)).ReplaceNode(list, WithOwnership(list));
            return;
        }

        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        Finally.Insert(editor, site.Additional<StatementSyntax>(0)!, CleanupCalls.Statement(site.Fact(LogNotFlushed.Flush)!), isStatic: true);
    }

    /// <summary><c>dispose: true</c>, in the place of <c>dispose: false</c> where that is written.</summary>
    private static ArgumentListSyntax WithOwnership(ArgumentListSyntax list)
    {
        var owned = SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression);
        foreach (var argument in list.Arguments)
        {
            // The parameter is the last one and the only bool of these methods.
            if (argument.Expression.IsKind(SyntaxKind.FalseLiteralExpression))
                return list.ReplaceNode(argument.Expression, owned.WithTriviaFrom(argument.Expression));
        }

        var added = SyntaxFactory.Argument(SyntaxFactory.NameColon(Parameter).WithTrailingTrivia(SyntaxFactory.Space), default, owned);
        return list.AddArguments(list.Arguments.Count == 0 ? added : added.WithLeadingTrivia(SyntaxFactory.Space));
    }
}
