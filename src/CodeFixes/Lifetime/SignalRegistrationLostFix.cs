using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT106: keeps the registration, in a <c>using</c> at the top level of the entry point or else in a static field.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class SignalRegistrationLostFix() : ShutdownCodeFix("Keep the signal registration", RuleIds.SignalRegistrationLost)
{
    private protected override bool CanFix(FixSite site) =>
        Call(site) is { } call && Holder(call) is { } holder
        && (IsInProgram(site)
            ? holder is not UsingStatementSyntax
            : holder.FirstAncestorOrSelf<TypeDeclarationSyntax>() is ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var call = Call(site)!;
        var holder = Holder(call)!;
        var preferred = site.Fact(SignalRegistrationLost.Signal) is { } signal and not "other" ? signal.ToLowerInvariant() : "registration";

        if (!IsInProgram(site))
        {
            KeepInField(edit, site, editor, holder, call, preferred);
        }
        else if (holder is LocalDeclarationStatementSyntax declaration)
        {
            editor.ReplaceNode(declaration, (node, _) =>
            {
                var current = (LocalDeclarationStatementSyntax)node;
                return current.WithoutLeadingTrivia()
                    .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
                    .WithLeadingTrivia(current.GetLeadingTrivia());
            });
        }
        else
        {
            var name = FreeName(edit, site, holder, preferred);
            editor.ReplaceNode(holder, (node, _) => Statement($"using var {name} = ", CallIn(node), node));
        }
    }

    private static void KeepInField(FixEdit edit, FixSite site, Microsoft.CodeAnalysis.Editing.DocumentEditor editor, StatementSyntax holder, ExpressionSyntax call, string preferred)
    {
        var type = holder.FirstAncestorOrSelf<TypeDeclarationSyntax>()!;
        var name = FreeName(edit, site, type, "_" + preferred);
        editor.ReplaceNode(holder, (node, _) => Statement($"{name} = ", CallIn(node), node));

        var first = type.Members[0];
        var optional = site.Model.GetNullableContext(type.SpanStart).AnnotationsEnabled() ? "?" : "";
        var endOfLine = Statements.EndOfLine(type);
        var typeName = call is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } ? access.Expression.WithoutTrivia().ToString() : "PosixSignalRegistration";
        var field = SyntaxFactory.ParseMemberDeclaration($"private static {typeName}{optional} {name};")!
            .WithLeadingTrivia(SyntaxFactory.Whitespace(HandlerEdits.IndentOf(first)))
            .WithTrailingTrivia(first is FieldDeclarationSyntax ? SyntaxFactory.TriviaList(endOfLine) : SyntaxFactory.TriviaList(endOfLine, endOfLine));
        editor.InsertBefore(first, [field]);
    }

    // In one "fix all", names that were given already are taken too.
    private static string FreeName(FixEdit edit, FixSite site, SyntaxNode place, string preferred)
    {
        var name = HandlerEdits.FreeName(place, site.Model, preferred);
        for (var number = 2; !edit.Once((site.Document.Id, place.FirstAncestorOrSelf<MemberDeclarationSyntax>(m => m is TypeDeclarationSyntax)?.SpanStart ?? 0, name)); number++)
            name = preferred + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return name;
    }

    private static bool IsInProgram(FixSite site) => site.Fact(SignalRegistrationLost.Place) == SignalRegistrationLost.Program;

    private static ExpressionSyntax? Call(FixSite site) => site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>();

    /// <summary>The statement that can be rewritten: one that holds nothing but this registration.</summary>
    private static StatementSyntax? Holder(ExpressionSyntax call)
    {
        var statement = call.FirstAncestorOrSelf<StatementSyntax>();
        return statement switch
        {
            ExpressionStatementSyntax { Expression: var expression } when expression == call => statement,
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } assignment } when assignment.Right == call => statement,
            LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer: { } initializer }] } when initializer.Value == call => statement,
            UsingStatementSyntax { Statement: BlockSyntax { Statements.Count: 0 } or EmptyStatementSyntax } => statement,
            _ => null,
        };
    }

    private static ExpressionSyntax CallIn(SyntaxNode holder) => holder switch
    {
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } => assignment.Right,
        ExpressionStatementSyntax { Expression: var expression } => expression,
        LocalDeclarationStatementSyntax declaration => declaration.Declaration.Variables[0].Initializer!.Value,
        UsingStatementSyntax { Expression: { } expression } => expression,
        UsingStatementSyntax { Declaration: { } declaration } => declaration.Variables[0].Initializer!.Value,
        _ => throw new InvalidOperationException("No such holder passes CanFix."),
    };

    private static SyntaxNode Statement(string start, ExpressionSyntax call, SyntaxNode replaced)
    {
        // Parsed with a stand-in, so that the call keeps its own look and line breaks.
        var parsed = SyntaxFactory.ParseStatement(start + "x;");
        var standIn = parsed.DescendantNodes().OfType<IdentifierNameSyntax>().Last();
        return parsed.ReplaceNode(standIn, call.WithoutTrivia()).WithTriviaFrom(replaced);
    }
}
