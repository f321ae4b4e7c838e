using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>
/// Adds using directives. The workspace's own importer is no help here: it adds nothing where a call of the same name binds already,
/// and then <c>builder.AddGracefulShutdown()</c> would bind to the form without the request drain.
/// </summary>
internal static class Imports
{
    /// <summary>Whether code at <paramref name="position"/> sees the namespace: by a using, also a global one, or by standing in it.</summary>
    public static bool Sees(SemanticModel model, int position, string containingNamespace)
    {
        foreach (var scope in model.GetImportScopes(position))
        {
            foreach (var import in scope.Imports)
            {
                if (import.NamespaceOrType is INamespaceSymbol imported && imported.ToDisplayString() == containingNamespace)
                    return true;
            }
        }

        var enclosing = model.GetEnclosingSymbol(position)?.ContainingNamespace?.ToDisplayString() ?? "";
        return enclosing == containingNamespace || enclosing.StartsWith(containingNamespace + ".", StringComparison.Ordinal);
    }

    /// <summary>Adds the usings where the file keeps its own: sorted if they are, below a header comment, with the file's line ends.</summary>
    public static SyntaxNode Add(SyntaxNode root, IEnumerable<string> namespaces)
    {
        if (root is not CompilationUnitSyntax unit)
            return root;

        foreach (var added in namespaces.OrderBy(name => name, StringComparer.Ordinal))
        {
            var inNamespace = unit.Usings.Count == 0 && unit.Members.FirstOrDefault() is BaseNamespaceDeclarationSyntax { Usings.Count: > 0 };
            if (inNamespace)
            {
                var holder = (BaseNamespaceDeclarationSyntax)unit.Members[0];
                unit = unit.ReplaceNode(holder, holder.WithUsings(Insert(holder.Usings, added, unit)));
            }
            else if (unit.Usings.Count > 0)
            {
                unit = unit.WithUsings(Insert(unit.Usings, added, unit));
            }
            else
            {
                unit = AddFirst(unit, added);
            }
        }

        return unit;
    }

    private static SyntaxList<UsingDirectiveSyntax> Insert(SyntaxList<UsingDirectiveSyntax> usings, string added, CompilationUnitSyntax unit)
    {
        var index = 0;
        for (var i = 0; i < usings.Count; i++)
        {
            // Global usings come first, aliases and static usings last; each file's sorting is kept where it has one.
            if (usings[i].GlobalKeyword != default || (IsPlain(usings[i]) && Compare(usings[i].Name!.ToString(), added) < 0))
                index = i + 1;
        }

        var directive = Directive(added, unit);
        if (index > 0)
            return usings.Insert(index, directive.WithLeadingTrivia(Indent(usings[index - 1])));

        // The file's header stays on top.
        directive = directive.WithLeadingTrivia(usings[0].GetLeadingTrivia());
        return usings.Replace(usings[0], usings[0].WithLeadingTrivia(Indent(usings[0]))).Insert(0, directive);
    }

    private static CompilationUnitSyntax AddFirst(CompilationUnitSyntax unit, string added)
    {
        var endOfLine = Statements.EndOfLine(unit);
        var directive = Directive(added, unit).WithTrailingTrivia(endOfLine, endOfLine);
        var first = unit.GetFirstToken(includeZeroWidth: true);

        // A comment block with an empty line below it is the file's header; one right above the code belongs to the code.
        var leading = first.LeadingTrivia;
        var header = 0;
        for (var i = 1; i < leading.Count; i++)
        {
            if (leading[i].IsKind(SyntaxKind.EndOfLineTrivia) && leading[i - 1].IsKind(SyntaxKind.EndOfLineTrivia))
                header = i + 1;
        }

        return unit.ReplaceToken(first, first.WithLeadingTrivia(leading.Skip(header)))
            .WithUsings(SyntaxFactory.SingletonList(directive.WithLeadingTrivia(leading.Take(header))));
    }

    private static UsingDirectiveSyntax Directive(string name, CompilationUnitSyntax unit) =>
        SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(name))
            .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
            .WithTrailingTrivia(Statements.EndOfLine(unit));

    private static bool IsPlain(UsingDirectiveSyntax directive) =>
        directive is { Alias: null, Name: not null } && directive.StaticKeyword == default && directive.GlobalKeyword == default;

    private static SyntaxTriviaList Indent(SyntaxNode node)
    {
        var leading = node.GetLeadingTrivia();
        return leading.Count > 0 && leading.Last().IsKind(SyntaxKind.WhitespaceTrivia) ? SyntaxFactory.TriviaList(leading.Last()) : default;
    }

    private static int Compare(string left, string right)
    {
        var system = IsSystem(right).CompareTo(IsSystem(left));
        return system != 0 ? system : string.CompareOrdinal(left, right);
    }

    private static bool IsSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
}
