using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>Gives a function a service by a parameter more.</summary>
internal static class ParameterInjection
{
    /// <summary>A parameter more for a lambda with explicit parameters, or for a method that only the routing calls.</summary>
    public static ServiceAccess? For(FixSite site, Service service, SyntaxNode handler)
    {
        ParameterListSyntax? list;
        switch (handler)
        {
            case ParenthesizedLambdaExpressionSyntax lambda:
                list = lambda.ParameterList;
                break;
            case AnonymousMethodExpressionSyntax anonymous:
                list = anonymous.ParameterList;
                break;
            case LocalFunctionStatementSyntax local when !IsCalled(site, local.Identifier.ValueText):
                list = local.ParameterList;
                break;
            case MethodDeclarationSyntax method when !IsCalled(site, method.Identifier.ValueText) && method.Modifiers.Any(SyntaxKind.StaticKeyword):
                list = method.ParameterList;
                break;
            default:
                return null;
        }

        if (list is null || list.Parameters.Any(parameter => parameter.Type is null))
            return null;

        var name = FreeName(service.Parameter, [handler]);
        return new(SyntaxFactory.IdentifierName(name), async edit =>
        {
            if (!edit.Once(("parameter", site.Document.Id, list.Span)))
                return;

            var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
            editor.ReplaceNode(list, (node, _) => AddParameter((ParameterListSyntax)node, service, name));
            edit.Import(site.Document, site.Model, handler.SpanStart, service.Namespace);
        });
    }

    private static bool IsCalled(FixSite site, string name)
    {
        foreach (var tree in site.Model.Compilation.SyntaxTrees)
        {
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is SimpleNameSyntax use && use.Identifier.ValueText == name && SourceIndex.InvocationOf(use) is not null)
                    return true;
            }
        }

        return false;
    }

    public static ParameterListSyntax AddParameter(ParameterListSyntax list, Service service, string name)
    {
        var parameter = SyntaxFactory.Parameter(SyntaxFactory.Identifier(name))
            .WithType(SyntaxFactory.ParseTypeName(service.Name).WithTrailingTrivia(SyntaxFactory.Space));

        // Before what may be left out by callers.
        var index = 0;
        while (index < list.Parameters.Count && list.Parameters[index] is { Default: null } existing && !existing.Modifiers.Any(SyntaxKind.ParamsKeyword))
            index++;

        if (list.Parameters.Count == 0)
            return list.WithParameters(SyntaxFactory.SingletonSeparatedList(parameter));

        // Where each parameter stands on a line of its own, the new one does too.
        var neighbour = list.Parameters[index > 0 ? index - 1 : 0];
        if (list.Parameters.Count > 1 && neighbour.GetLeadingTrivia().Any(SyntaxKind.WhitespaceTrivia) && list.Parameters.GetSeparators().All(comma => comma.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia)))
        {
            var lineEnd = list.Parameters.GetSeparators().First().TrailingTrivia;
            var separators = list.Parameters.GetSeparators().Concat([SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(lineEnd)]);
            return list.WithParameters(SyntaxFactory.SeparatedList(list.Parameters.Insert(index, parameter.WithLeadingTrivia(neighbour.GetLeadingTrivia())), separators));
        }

        return list.WithParameters(list.Parameters.Insert(index, parameter)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    public static string FreeName(string wanted, IEnumerable<SyntaxNode> scopes)
    {
        var taken = new HashSet<string>(
            scopes.SelectMany(scope => scope.DescendantTokens()).Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText),
            StringComparer.Ordinal);
        var candidates = new[] { wanted, "host" + char.ToUpperInvariant(wanted[0]) + wanted.Substring(1), wanted + "Service" };
        return candidates.FirstOrDefault(candidate => !taken.Contains(candidate) && !taken.Contains("_" + candidate)) ?? wanted + "1";
    }
}
