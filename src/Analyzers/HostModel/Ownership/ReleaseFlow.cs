using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// One question, whether a resource is closed or taken over, with what it has asked already. It goes from a use of the resource outwards,
/// to what that use hands it to.
/// </summary>
internal sealed partial class ReleaseFlow(HostFacts host, VariableUses uses, Ending ending)
{
    private static readonly string[] PassThrough =
        ["AsTask", "ConfigureAwait", "Exchange", "FromResult", "GetAwaiter", "GetResult", "Initialize", "Preserve", "Read", "ToArray", "ToList", "WaitAsync", "Reverse", "AsEnumerable"];

    private readonly HashSet<ISymbol> _asked = new(SymbolEqualityComparer.Default);

    public bool IsReleased(ISymbol variable)
    {
        if (!_asked.Add(variable.OriginalDefinition))
            return false;

        if (ending.ByDisposal && IsUsing(variable))
            return true;

        foreach (var reference in uses.Of(variable))
        {
            if (Creations.AssignedTo(reference) is null && Releases(reference))
                return true;

            // The old value of an exchange.
            if (reference.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Exchange" or "CompareExchange" } swap } && Releases(swap))
                return true;
        }

        return false;
    }

    /// <summary>Whether the object that <paramref name="value"/> stands for is closed or taken over there.</summary>
    public bool Releases(IOperation value)
    {
        while (true)
        {
            switch (value.Parent)
            {
                case null:
                    return false;

                case IInvalidOperation:
                    return true;

                case IConversionOperation or IParenthesizedOperation or IAwaitOperation or IArrayInitializerOperation or IArrayCreationOperation
                    or ITupleOperation or IDelegateCreationOperation or ISwitchExpressionArmOperation:
                    value = value.Parent;
                    continue;

                // The compilers that these rules must load into have no operation of their own for [a, .. b].
                case { Syntax: CollectionExpressionSyntax or CollectionElementSyntax }:
                    value = value.Parent;
                    continue;

                case ISwitchExpressionOperation choice when choice.Value != value:
                    value = choice;
                    continue;

                case ICoalesceOperation or IConditionalOperation { WhenFalse: not null, Type: not null }:
                    if (value.Parent is IConditionalOperation conditional && conditional.Condition == value)
                        return false;
                    value = value.Parent;
                    continue;

                case IConditionalAccessOperation access when access.Operation == value:
                    if (InstanceIn(access.WhenNotNull) is not { } instance)
                        return false;
                    value = instance;
                    continue;

                case IConditionalAccessOperation access:
                    value = access;
                    continue;

                case IPropertyReferenceOperation { Property.Name: "Value" or "Result" or "Task" } property when property.Instance == value:
                    value = property;
                    continue;

                case IMethodReferenceOperation reference when reference.Instance == value:
                    return ending.Is(reference.Method.Name);

                case IInvocationOperation call when call.Instance == value:
                    if (ending.Is(call.TargetMethod.Name))
                        return true;
                    if (Array.IndexOf(PassThrough, call.TargetMethod.Name) < 0)
                        return IsCollection(value) && ReleasesElements(call);
                    value = call;
                    continue;

                // dictionary.Values
                case IPropertyReferenceOperation property when property.Instance == value && IsCollection(value):
                    value = property;
                    continue;

                case IUsingOperation statement:
                    return ending.ByDisposal && statement.Resources == value;

                case IForEachLoopOperation loop:
                    return loop.Collection == value && AnyReleased(loop.Locals);

                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    return IsReleased(declarator.Symbol);

                case IFieldInitializerOperation { InitializedFields: [var field, ..] }:
                    return IsReleased(field);

                case IPropertyInitializerOperation { InitializedProperties: [var property, ..] }:
                    return IsReleased(property);

                case IAssignmentOperation assignment when assignment.Value == value:
                    if (TakesOver(assignment))
                        return true;
                    value = assignment;
                    continue;

                case IIsPatternOperation matched when matched.Value == value:
                    return DeclaredBy(matched.Pattern) is { } declared && IsReleased(declared);

                case IArgumentOperation argument:
                    if (ReleasesArgument(argument) is { } decided)
                        return decided;
                    value = argument.Parent!;
                    continue;

                case IReturnOperation returned:
                    return ReleasesReturned(value, returned);

                default:
                    return false;
            }
        }
    }

    private bool AnyReleased(IEnumerable<ILocalSymbol> locals)
    {
        foreach (var local in locals)
        {
            if (IsReleased(local))
                return true;
        }

        return false;
    }

    private bool IsUsing(ISymbol variable)
    {
        foreach (var reference in variable.DeclaringSyntaxReferences)
        {
            var declaration = reference.GetSyntax();
            if (declaration is VariableDeclaratorSyntax
                && declaration.Parent?.Parent is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } or UsingStatementSyntax)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Stored in another variable, which may be closed in turn.</summary>
    private bool TakesOver(IAssignmentOperation assignment)
    {
        switch (Values.WalkDown(assignment.Target))
        {
            case IDiscardOperation:
                return false;

            // services[key] = pool: the collection holds it now.
            case IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } collection }:
                return Values.SymbolOf(collection) is not { } holder || IsReleased(holder);

            case IArrayElementReferenceOperation { ArrayReference: var array }:
                return Values.SymbolOf(array) is not { } elements || IsReleased(elements);

            case ILocalReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation or IParameterReferenceOperation
                when Values.SymbolOf(assignment.Target) is { } target:
                // A property of a package's object takes it along: nothing more is known.
                return !host.IsInSource(target) || target is IPropertySymbol property && !Values.IsStored(property) || IsReleased(target);

            default:
                return true;
        }
    }
    private bool ReleasesReturned(IOperation value, IReturnOperation returned)
    {
        if (OperationWalk.FunctionAround(returned) is IAnonymousFunctionOperation function)
            return ReleasesResultOf(function);

        var member = uses.EnclosingMember(returned);

        // A method that only shows a field keeps it; who gets it that way may still close it.
        if (Values.SymbolOf(value) is IFieldSymbol or IPropertySymbol or IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } || value is IAssignmentOperation)
            return member is IMethodSymbol or IPropertySymbol && member.DeclaredAccessibility != Accessibility.NotApplicable && IsReleased(member);

        return member is not IMethodSymbol method || !HasKnownCallers(method) || IsReleased(method);
    }

    /// <summary>Whether all calls of a method are in sight, and there are some.</summary>
    private bool HasKnownCallers(IMethodSymbol method) =>
        method is { IsVirtual: false, IsOverride: false, IsAbstract: false, MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction }
        && (host.IsExecutable || method.DeclaredAccessibility is Accessibility.Private or Accessibility.NotApplicable)
        && uses.Of(method).Any(use => use is IInvocationOperation);

    /// <summary>A factory of the container's hands the instance to the container, which closes it; of any other lambda nothing is known.</summary>
    private bool ReleasesResultOf(IAnonymousFunctionOperation function)
    {
        if (Values.WalkUp(function.Parent is IDelegateCreationOperation made ? made : function).Parent is not IArgumentOperation { Parent: { } call } argument)
            return true;

        // new Lazy<T>(() => pool), Task.Run(() => pool)
        return call is not IObjectCreationOperation { Type.Name: "Lazy" } || argument.Parameter is null || Releases(call);
    }

    private static ISymbol? DeclaredBy(IPatternOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
        IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
        _ => null,
    };

    private static IOperation? InstanceIn(IOperation whenNotNull)
    {
        foreach (var operation in whenNotNull.DescendantsAndSelf())
        {
            if (operation is IConditionalAccessInstanceOperation)
                return operation;
        }

        return null;
    }
}
