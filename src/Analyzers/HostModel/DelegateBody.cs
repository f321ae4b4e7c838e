using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The code that a delegate runs: a lambda, an anonymous method, a local function or a method of this compilation.</summary>
/// <param name="Method">The function's symbol; for a lambda the anonymous function's.</param>
/// <param name="Operation">The function's operation, with its body below it.</param>
internal sealed record DelegateBody(IMethodSymbol Method, IOperation Operation)
{
    private const int LongestDetour = 8;

    public SyntaxNode Syntax => Operation.Syntax;

    /// <summary>The code behind a delegate-typed value; also through a local or a field that is given it once. Null where it isn't in sight.</summary>
    public static DelegateBody? Of(HostFacts host, IOperation? value)
    {
        for (var detour = 0; detour < LongestDetour && value is not null; detour++)
        {
            switch (value)
            {
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    value = parenthesized.Operand;
                    break;
                case IDelegateCreationOperation creation:
                    value = creation.Target;
                    break;
                case IAnonymousFunctionOperation function:
                    return new(function.Symbol, function);
                case IMethodReferenceOperation reference:
                    return Of(host, reference.Method);
                case ILocalReferenceOperation local:
                    value = OnlyValue(host, local.Local);
                    break;
                case IFieldReferenceOperation field:
                    value = Initializer(host, field.Field);
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The body of a method of this compilation, wherever it is declared; null for one without a body and for one of another assembly.</summary>
    public static DelegateBody? Of(HostFacts host, IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        method = method.PartialImplementationPart ?? method;
        foreach (var declaration in method.DeclaringSyntaxReferences)
        {
            // A symbol of a project that is referenced as a compilation has syntax too, in trees that aren't ours.
            if (host.Compilation.ContainsSyntaxTree(declaration.SyntaxTree)
                && host.Index.Operation(declaration.GetSyntax()) is { } operation and (IMethodBodyBaseOperation or ILocalFunctionOperation))
            {
                return new(method, operation);
            }
        }

        return null;
    }

    private static IOperation? OnlyValue(HostFacts host, ILocalSymbol local)
    {
        IOperation? value = null;
        if (local.DeclaringSyntaxReferences is [var declaration, ..]
            && host.Index.Operation(declaration.GetSyntax()) is IVariableDeclaratorOperation declarator)
        {
            value = declarator.GetVariableInitializer()?.Value;
        }

        foreach (var use in host.Index.UsesOfLocal(local))
        {
            if (use.Parent is not IAssignmentOperation assignment || assignment.Target != use)
                continue;

            if (value is not null)
                return null;
            value = assignment.Value;
        }

        return value;
    }

    private static IOperation? Initializer(HostFacts host, IFieldSymbol field)
    {
        foreach (var declaration in field.DeclaringSyntaxReferences)
        {
            if (host.Compilation.ContainsSyntaxTree(declaration.SyntaxTree)
                && declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer: { } initializer }
                && host.Index.Operation(initializer) is IFieldInitializerOperation { Value: var value })
            {
                return value;
            }
        }

        return null;
    }
}
