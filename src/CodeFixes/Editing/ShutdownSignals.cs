using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>The runtime library's <c>ShutdownSignal</c> in a program's entry point.</summary>
internal static class ShutdownSignals
{
    private const string Namespace = "ShutdownAnalyzers.Runtime";

    public static bool IsReferenced(Compilation compilation) => new KnownTypes(compilation).Has(KnownType.ShutdownSignal);

    /// <summary>Whether <paramref name="node"/> stands in the entry point itself, not in a function inside of it: what is declared at its top level lives as long as the program.</summary>
    public static bool IsInEntryPoint(SemanticModel model, SyntaxNode node) =>
        TopStatement(node) is { } top
        && SymbolEqualityComparer.Default.Equals(model.GetEnclosingSymbol(top.SpanStart), model.Compilation.GetEntryPoint(CancellationToken.None));

    /// <summary>The statement that stands at the top level of a method or of the program and holds <paramref name="node"/>; null elsewhere.</summary>
    public static SyntaxNode? TopStatement(SyntaxNode node)
    {
        foreach (var ancestor in node.AncestorsAndSelf())
        {
            switch (ancestor)
            {
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax:
                    return null;
                case GlobalStatementSyntax global:
                    return global;
                case StatementSyntax { Parent: BlockSyntax { Parent: MethodDeclarationSyntax } } statement:
                    return statement;
            }
        }

        return null;
    }

    /// <summary>Puts <c>using var shutdown = ShutdownSignal.Register();</c> before a statement, once per file, and gives the variable's name.</summary>
    public static string Register(FixEdit edit, FixSite site, DocumentEditor editor, SyntaxNode before)
    {
        var name = HandlerEdits.FreeName(before, site.Model, "shutdown");
        if (edit.Once((site.Document.Id, "ShutdownSignal.Register")))
        {
            edit.Import(site.Document, site.Model, before.SpanStart, Namespace);
            var endOfLine = Statements.EndOfLine(before);
            var statement = SyntaxFactory.ParseStatement($"using var {name} = ShutdownSignal.Register();").WithTrailingTrivia(endOfLine);
            if (before is GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } && unit.Members[0] == before && before.GetLeadingTrivia().Any(SyntaxKind.EndOfLineTrivia))
                statement = statement.WithLeadingTrivia(endOfLine);
            else if (before is not GlobalStatementSyntax)
                statement = statement.WithLeadingTrivia(SyntaxFactory.Whitespace(HandlerEdits.IndentOf(before)));
            editor.InsertBefore(before, [before is GlobalStatementSyntax ? SyntaxFactory.GlobalStatement(statement) : statement]);
        }

        return name;
    }

    /// <summary>Whether the type around <paramref name="node"/> can hold a static field that all of its code shares.</summary>
    public static bool CanRegisterInField(SyntaxNode node) =>
        node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { TypeParameterList: null, Members.Count: > 0 } and (ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax);

    /// <summary>Puts a static field with the registration into the type around <paramref name="node"/>, once, and gives its name. It listens from its first use on, and as long as the program runs.</summary>
    public static string RegisterInField(FixEdit edit, FixSite site, DocumentEditor editor, SyntaxNode node)
    {
        var type = node.FirstAncestorOrSelf<TypeDeclarationSyntax>()!;
        var name = HandlerEdits.FreeName(type, site.Model, "Shutdown");
        if (edit.Once((site.Document.Id, type.SpanStart, "ShutdownSignal field")))
        {
            edit.Import(site.Document, site.Model, type.SpanStart, Namespace);
            var first = type.Members[0];
            var endOfLine = Statements.EndOfLine(type);
            editor.InsertBefore(first, [SyntaxFactory.ParseMemberDeclaration($"private static readonly ShutdownSignal {name} = ShutdownSignal.Register();")!
                .WithLeadingTrivia(SyntaxFactory.Whitespace(HandlerEdits.IndentOf(first)))
                .WithTrailingTrivia(first is FieldDeclarationSyntax ? SyntaxFactory.TriviaList(endOfLine) : SyntaxFactory.TriviaList(endOfLine, endOfLine))]);
        }

        return name;
    }
}
