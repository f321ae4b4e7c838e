using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Whether an expression can be moved into a lambda and mean the same when it runs later.</summary>
internal static class Deferral
{
    public static bool IsPossible(HostFacts host, IOperation expression)
    {
        foreach (var operation in expression.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IAwaitOperation or IInvalidOperation:
                    return false;

                case IInstanceReferenceOperation { Type.IsValueType: true, ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                    return false;

                case ILocalReferenceOperation { Local: var local } when !IsWithin(local, expression) && !IsStable(host, local, local.Type):
                    return false;

                case IParameterReferenceOperation { Parameter: var parameter }
                    when !IsWithin(parameter, expression) && (parameter.RefKind != RefKind.None || !IsStable(host, parameter, parameter.Type)):
                    return false;
            }
        }

        return true;
    }

    private static bool IsWithin(ISymbol symbol, IOperation expression) =>
        symbol.DeclaringSyntaxReferences is [var reference, ..]
        && reference.SyntaxTree == expression.Syntax.SyntaxTree
        && expression.Syntax.Span.Contains(reference.Span);

    /// <summary>Has one value all its life, and is still usable when the lambda runs.</summary>
    private static bool IsStable(HostFacts host, ISymbol variable, ITypeSymbol type)
    {
        if (type.IsRefLikeType)
            return false;

        foreach (var reference in variable.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is VariableDeclaratorSyntax { Initializer: var initializer } declarator
                && (initializer is null || declarator.Parent?.Parent is UsingStatementSyntax or LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 }))
            {
                return false;
            }
        }

        foreach (var reference in host.Ownership.ReferencesTo(variable))
        {
            if (reference.Parent is IAssignmentOperation assignment && assignment.Target == reference
                || reference.Parent is IIncrementOrDecrementOperation or ITupleOperation { Parent: IDeconstructionAssignmentOperation }
                || reference.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out })
            {
                return false;
            }
        }

        return true;
    }
}
