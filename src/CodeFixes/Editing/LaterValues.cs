using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>Whether a call can be made later than where it stands: what it is made on and with must mean the same then.</summary>
internal static class LaterValues
{
    public static bool AreSame(IInvocationOperation call, SemanticModel model, KnownTypes types)
    {
        if (call.Instance is { } instance && !IsSame(instance, model, types))
            return false;

        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is not { RefKind: RefKind.None } || (argument.ArgumentKind != ArgumentKind.DefaultValue && !IsSame(argument.Value, model, types)))
                return false;
        }

        return true;
    }

    private static bool IsSame(IOperation value, SemanticModel model, KnownTypes types)
    {
        value = Values.WalkDown(value);
        if (value.ConstantValue.HasValue)
            return true;

        // The request is over by then, and its objects belong to another one.
        if (value.Type is null || value.Type.IsRefLikeType || IsOfRequest(value.Type, types))
            return false;

        return value switch
        {
            IInstanceReferenceOperation or IDefaultValueOperation or ITypeOfOperation => true,
            ILocalReferenceOperation { Local: var local } => local.RefKind == RefKind.None && IsSetOnce(local, value.Syntax, model),
            IParameterReferenceOperation { Parameter: var parameter } => parameter.RefKind == RefKind.None && IsSetOnce(parameter, value.Syntax, model),
            IFieldReferenceOperation { Field: { IsReadOnly: true }, Instance: var owner } => owner is null || IsSame(owner, model, types),
            IPropertyReferenceOperation { Property: { IsIndexer: false } property, Instance: { } owner } =>
                owner is not IInstanceReferenceOperation && (property.SetMethod is null or { IsInitOnly: true } || IsRecordOrMessage(owner)) && IsSame(owner, model, types),
            _ => false,
        };
    }

    // order.Id of a parameter or local: the handler's own copy of what came in.
    private static bool IsRecordOrMessage(IOperation owner) => Values.WalkDown(owner) is IParameterReferenceOperation or ILocalReferenceOperation;

    private static bool IsOfRequest(ITypeSymbol type, KnownTypes types)
    {
        for (var current = type.ContainingNamespace; current is { IsGlobalNamespace: false }; current = current.ContainingNamespace)
        {
            if (current is { Name: "Http", ContainingNamespace.Name: "AspNetCore" })
                return true;
        }

        return types.Inherits(type, KnownType.ActionContext) || type.Name is "ServerCallContext" or "ClaimsPrincipal";
    }

    private static bool IsSetOnce(ISymbol variable, SyntaxNode use, SemanticModel model)
    {
        if (variable.DeclaringSyntaxReferences is not [var reference] || SourceIndex.ScopeOf(reference.GetSyntax()) is not { } scope)
            return false;

        // A for loop's variable is one for all turns.
        if (reference.GetSyntax().FirstAncestorOrSelf<Microsoft.CodeAnalysis.CSharp.Syntax.ForStatementSyntax>() is { } loop
            && loop.Declaration?.Span.Contains(reference.Span) == true)
        {
            return false;
        }

        foreach (var node in scope.DescendantNodes())
        {
            if (node is Microsoft.CodeAnalysis.CSharp.Syntax.IdentifierNameSyntax name
                && name.Identifier.ValueText == variable.Name
                && model.GetOperation(name) is { } operation
                && SymbolEqualityComparer.Default.Equals(Values.SymbolOf(operation), variable)
                && operation.Parent is IAssignmentOperation or IIncrementOrDecrementOperation or IArgumentOperation { Parameter.RefKind: not RefKind.None }
                && (operation.Parent is not IAssignmentOperation assignment || assignment.Target == operation))
            {
                return false;
            }
        }

        return true;
    }
}
