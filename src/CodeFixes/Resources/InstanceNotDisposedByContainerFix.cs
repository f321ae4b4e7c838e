using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.Resources;

/// <summary>SHUT301: lets the container create the pool, or closes the instance in a cleanup handler where it is needed before.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class InstanceNotDisposedByContainerFix() : ShutdownCodeFix("Let the container create and dispose it", RuleIds.InstanceNotDisposedByContainer)
{
    private protected override string TitleFor(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(InstanceNotDisposedByContainer.Fix, out var fix) && fix == InstanceNotDisposedByContainer.FixCleanup
            ? "Close it in a cleanup handler"
            : base.TitleFor(diagnostic);

    private protected override bool CanFix(FixSite site)
    {
        if (Argument(site) is not { } argument || Registration(argument) is not { } call || MethodOf(site, call) is not { } method)
            return false;

        return site.Fact(InstanceNotDisposedByContainer.Fix) switch
        {
            InstanceNotDisposedByContainer.FixFactory => HasFactoryForm(method) && (site.Diagnostic.AdditionalLocations.Count == 0 || Declaration(site) is not null),
            InstanceNotDisposedByContainer.FixCleanup => site.Fact(InstanceNotDisposedByContainer.Keyed) is null
                && CleanupCalls.CanClose(site)
                && ServiceCleanups.Of(call, site.Model) is not null,
            _ => false,
        };
    }

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var argument = Argument(site)!;
        var call = Registration(argument)!;
        if (site.Fact(InstanceNotDisposedByContainer.Fix) == InstanceNotDisposedByContainer.FixFactory)
            MoveIntoFactory(await edit.EditorAsync(site.Document).ConfigureAwait(false), site, argument, call);
        else
            await ServiceCleanups.Of(call, site.Model)!.InsertAsync(edit, site).ConfigureAwait(false);
    }

    private static void MoveIntoFactory(DocumentEditor editor, FixSite site, ArgumentSyntax argument, SyntaxNode call)
    {
        var method = MethodOf(site, call)!;
        var created = argument.Expression;
        if (Declaration(site) is { } declaration)
        {
            created = declaration.Declaration.Variables[0].Initializer!.Value;
            if (created is ImplicitObjectCreationExpressionSyntax { ArgumentList: var arguments, Initializer: var initializer })
            {
                // new(...) has lost the type that its local gave it.
                var type = SyntaxFactory.ParseTypeName(site.Model.GetTypeInfo(created).Type!.ToMinimalDisplayString(site.Model, created.SpanStart));
                created = SyntaxFactory.ObjectCreationExpression(type.WithLeadingTrivia(SyntaxFactory.Space), arguments, initializer);
            }

            Remove(editor, declaration);
        }

        var lambda = SyntaxFactory.ParseExpression(HasKey(method) ? "(_, _) => x" : "_ => x");
        lambda = ((LambdaExpressionSyntax)lambda).WithExpressionBody(created.WithoutTrivia());
        var name = argument.NameColon is { } colon ? colon.WithName(SyntaxFactory.IdentifierName("implementationFactory").WithTriviaFrom(colon.Name)) : null;
        var replaced = argument.WithExpression(lambda.WithTriviaFrom(argument.Expression)).WithNameColon(name);

        editor.ReplaceNode(argument, replaced);

        // new ServiceDescriptor(type, factory) asks for the lifetime too.
        if (call is BaseObjectCreationExpressionSyntax { ArgumentList: { } list })
        {
            var lifetime = SyntaxFactory.Argument(SyntaxFactory.ParseExpression("ServiceLifetime.Singleton")).WithLeadingTrivia(SyntaxFactory.Space);
            editor.ReplaceNode(list, (node, _) => ((ArgumentListSyntax)node).AddArguments(lifetime));
        }

        // What was inferred from the local's type would be inferred from the creation's now.
        if (call is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax simple } }
            && method.TypeArguments is [var service]
            && !SymbolEqualityComparer.Default.Equals(service, TypeOf(site, created, argument)))
        {
            var written = SyntaxFactory.ParseTypeName(service.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToMinimalDisplayString(site.Model, argument.SpanStart));
            editor.ReplaceNode(simple, SyntaxFactory.GenericName(simple.Identifier.WithoutTrivia(), SyntaxFactory.TypeArgumentList(SyntaxFactory.SingletonSeparatedList(written))).WithTriviaFrom(simple));
        }
    }

    private static ITypeSymbol? TypeOf(FixSite site, ExpressionSyntax created, ArgumentSyntax argument) =>
        created.SyntaxTree == site.Root.SyntaxTree && site.Root.FullSpan.Contains(created.Span)
            ? site.Model.GetTypeInfo(created).Type
            : Declaration(site) is { } declaration ? site.Model.GetTypeInfo(declaration.Declaration.Variables[0].Initializer!.Value).Type
            : site.Model.GetTypeInfo(argument.Expression).Type;

    /// <summary>Takes a declaration away; comments and the empty line above it stay.</summary>
    private static void Remove(DocumentEditor editor, LocalDeclarationStatementSyntax declaration)
    {
        SyntaxNode node = declaration.Parent is GlobalStatementSyntax global ? global : declaration;
        var comments = node.GetLeadingTrivia();
        var onlyBlank = comments.All(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        var nextIsApart = node.GetLastToken().GetNextToken().LeadingTrivia.Any(SyntaxKind.EndOfLineTrivia);
        if (onlyBlank && (nextIsApart || !comments.Any(SyntaxKind.EndOfLineTrivia)))
        {
            editor.RemoveNode(node, SyntaxRemoveOptions.KeepNoTrivia);
            return;
        }

        // The next statement has an indentation of its own.
        if (comments.Last().IsKind(SyntaxKind.WhitespaceTrivia))
            editor.ReplaceNode(node, (current, _) => current.WithLeadingTrivia(comments.Take(comments.Count - 1)));
        editor.RemoveNode(node, SyntaxRemoveOptions.KeepLeadingTrivia);
    }

    private static ArgumentSyntax? Argument(FixSite site)
    {
        for (var node = site.Node; node is not null; node = node.Parent)
        {
            if (node is ArgumentSyntax argument && argument.Expression.Span == site.Diagnostic.Location.SourceSpan)
                return argument;
        }

        return null;
    }

    private static SyntaxNode? Registration(ArgumentSyntax argument) =>
        argument.Parent?.Parent is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax ? argument.Parent.Parent : null;

    private static LocalDeclarationStatementSyntax? Declaration(FixSite site) => site.Additional<LocalDeclarationStatementSyntax>(0);

    private static IMethodSymbol? MethodOf(FixSite site, SyntaxNode call) => site.Model.GetSymbolInfo(call).Symbol as IMethodSymbol;

    private static bool HasKey(IMethodSymbol method) => method.Parameters.Any(parameter => parameter.Name == "serviceKey");

    /// <summary>Every registration has one but <c>new ServiceDescriptor(...)</c> with a key, whose factory takes the key's place in another order.</summary>
    private static bool HasFactoryForm(IMethodSymbol method) => method.MethodKind != MethodKind.Constructor || !HasKey(method);
}
