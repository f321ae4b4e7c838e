using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>The drain token for a helper that is given neither the request nor a token, only its socket: a new parameter, which every caller fills.</summary>
internal static class HandedToken
{
    /// <summary>The way to the token at <paramref name="use"/>; null where a caller isn't in sight or has no request.</summary>
    public static ServiceAccess? For(FixSite site, SyntaxNode use)
    {
        if (Helper(use) is not { } helper
            || site.Model.GetDeclaredSymbol(helper) is not IMethodSymbol method
            || !CanTakeMore(method)
            || Callers(site, helper, method) is not { Count: > 0 } callers)
        {
            return null;
        }

        var name = HandlerEdits.FreeName(helper, site.Model, "cancellationToken");
        return new(SyntaxFactory.IdentifierName(name), edit => AddAsync(edit, site, helper, name, callers));
    }

    private static SyntaxNode? Helper(SyntaxNode use)
    {
        foreach (var function in Function.Around(use))
            return function is MethodDeclarationSyntax or LocalFunctionStatementSyntax ? function : null;
        return null;
    }

    private static bool CanTakeMore(IMethodSymbol method) =>
        (method.MethodKind == MethodKind.LocalFunction || method is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Private, ContainingType.DeclaringSyntaxReferences.Length: 1 })
        && method.PartialDefinitionPart is null
        && method.PartialImplementationPart is null
        && !method.Parameters.Any(parameter => parameter.IsOptional || parameter.IsParams);

    /// <summary>All calls with the request of each; null where one has none, or the helper is used in another way.</summary>
    private static List<(ArgumentListSyntax Arguments, ExpressionSyntax Request)>? Callers(FixSite site, SyntaxNode helper, IMethodSymbol method)
    {
        var scope = method.MethodKind == MethodKind.LocalFunction ? helper.Parent is GlobalStatementSyntax global ? global.Parent! : helper.Parent! : helper.FirstAncestorOrSelf<TypeDeclarationSyntax>()!;
        var callers = new List<(ArgumentListSyntax, ExpressionSyntax)>();
        foreach (var name in scope.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (name.Identifier.ValueText != method.Name || !SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(name).Symbol?.OriginalDefinition, method))
                continue;

            if (name.Parent is not InvocationExpressionSyntax call
                || call.ArgumentList.Arguments.Any(argument => argument.NameColon is not null)
                || ServiceAccess.FindRequest(site, call, endpoint: null) is not { Expression: var request })
            {
                return null;
            }

            callers.Add((call.ArgumentList, request));
        }

        return callers;
    }

    private static async Task AddAsync(FixEdit edit, FixSite site, SyntaxNode helper, string name, List<(ArgumentListSyntax Arguments, ExpressionSyntax Request)> callers)
    {
        if (!edit.Once(("handed token", site.Document.Id, helper.Span)))
            return;

        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        edit.Import(site.Document, site.Model, helper.SpanStart, "System.Threading");
        var list = helper is MethodDeclarationSyntax method ? method.ParameterList : ((LocalFunctionStatementSyntax)helper).ParameterList;
        var parameter = SyntaxFactory.Parameter(SyntaxFactory.Identifier(name)).WithType(SyntaxFactory.ParseTypeName("CancellationToken").WithTrailingTrivia(SyntaxFactory.Space));
        editor.ReplaceNode(list, (node, _) => ((ParameterListSyntax)node).AddParameters(list.Parameters.Count == 0 ? parameter : parameter.WithLeadingTrivia(SyntaxFactory.Space)));

        foreach (var (arguments, request) in callers)
        {
            edit.Import(site.Document, site.Model, arguments.SpanStart, RuntimeExtension.GetDrainToken.Namespace);
            var token = SyntaxFactory.Argument(SyntaxFactory.ParseExpression($"{request}.{RuntimeExtension.GetDrainToken.Method}()"));
            editor.ReplaceNode(arguments, (node, _) => ((ArgumentListSyntax)node).AddArguments(arguments.Arguments.Count == 0 ? token : token.WithLeadingTrivia(SyntaxFactory.Space)));
        }
    }
}
