using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The code of a member.</summary>
internal static class Bodies
{
    /// <summary>What the declaration of a method, a local function or an accessor runs, or null where it has no body.</summary>
    public static IOperation? Of(HostFacts host, SyntaxNode declaration)
    {
        SyntaxNode? body = declaration switch
        {
            BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
            LocalFunctionStatementSyntax local => (SyntaxNode?)local.Body ?? local.ExpressionBody,
            AccessorDeclarationSyntax accessor => (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody,
            ArrowExpressionClauseSyntax arrow => arrow,
            _ => null,
        };
        return body is null ? null : host.Index.Operation(body);
    }

    /// <summary>Every body of a method: one, or none for an abstract method or one of a referenced assembly.</summary>
    public static IEnumerable<IOperation> Of(HostFacts host, IMethodSymbol method)
    {
        foreach (var declaration in (method.PartialImplementationPart ?? method.ReducedFrom ?? method).OriginalDefinition.DeclaringSyntaxReferences)
        {
            if (host.Compilation.ContainsSyntaxTree(declaration.SyntaxTree) && Of(host, declaration.GetSyntax()) is { } body)
                yield return body;
        }
    }

    /// <summary>The code behind a delegate: a lambda's, an anonymous method's, a local function's or a method's; null where it can't be seen.</summary>
    public static IOperation? OfDelegate(HostFacts host, IOperation value)
    {
        for (var depth = 0; depth < 4; depth++)
        {
            value = Values.WalkDown(value);
            switch (value)
            {
                case IDelegateCreationOperation { Target: var target }:
                    value = target;
                    continue;
                case IAnonymousFunctionOperation function:
                    return function.Body;
                case IMethodReferenceOperation { Method: var method }:
                    return Of(host, method).FirstOrDefault();
            }

            if (Texts.Definition(host, value) is not { } definition)
                return null;
            value = definition;
        }

        return null;
    }
}
