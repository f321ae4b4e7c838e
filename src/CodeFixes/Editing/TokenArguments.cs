using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace ShutdownAnalyzers.Editing;

/// <summary>Gives a call a cancellation token.</summary>
internal static class TokenArguments
{
    /// <summary>Adds the token to the call's arguments, or puts it in place of <c>None</c> or <c>default</c>.</summary>
    public static void Pass(DocumentEditor editor, InvocationExpressionSyntax call, SemanticModel model, ExpressionSyntax token) =>
        editor.ReplaceNode(call, (node, _) => With(call, (InvocationExpressionSyntax)node, model, token));

    /// <summary>The same for a call that is rewritten apart: <paramref name="current"/> is what has become of <paramref name="call"/>.</summary>
    public static SyntaxNode With(InvocationExpressionSyntax call, InvocationExpressionSyntax current, SemanticModel model, ExpressionSyntax token)
    {
        var (replaced, name) = Place(call, model);
        return WithToken(current, token, replaced, name);
    }

    /// <summary>The index of the argument that is replaced (-1: one is added), and the name that an added one needs.</summary>
    private static (int Replaced, string? Name) Place(InvocationExpressionSyntax call, SemanticModel model)
    {
        var method = (IMethodSymbol)model.GetSymbolInfo(call).Symbol!;
        var arguments = call.ArgumentList.Arguments;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (model.GetTypeInfo(arguments[i].Expression).ConvertedType is { Name: "CancellationToken" })
                return (i, null);
        }

        foreach (var parameter in method.Parameters)
        {
            if (parameter.Type.Name == "CancellationToken")
                return (-1, parameter.Ordinal == arguments.Count && arguments.All(argument => argument.NameColon is null) ? null : parameter.Name);
        }

        return (-1, null);
    }

    private static SyntaxNode WithToken(InvocationExpressionSyntax call, ExpressionSyntax token, int replaced, string? name)
    {
        var arguments = call.ArgumentList.Arguments;
        if (replaced >= 0)
        {
            var given = arguments[replaced];
            return call.WithArgumentList(call.ArgumentList.WithArguments(arguments.Replace(given, given.WithExpression(token.WithTriviaFrom(given.Expression)))));
        }

        var added = SyntaxFactory.Argument(name is null ? null : SyntaxFactory.NameColon(name).WithTrailingTrivia(SyntaxFactory.Space), default, token);
        if (arguments.Count > 0)
        {
            return call.WithArgumentList(call.ArgumentList.WithArguments(
                SyntaxFactory.SeparatedList(
                    arguments.Append(added),
                    arguments.GetSeparators().Append(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)))));
        }

        return call.WithArgumentList(call.ArgumentList.WithArguments(SyntaxFactory.SingletonSeparatedList(added)));
    }
}
