using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Finds where the program itself makes the resource that a variable holds.</summary>
internal sealed class Creations(HostFacts host, VariableUses uses)
{
    private const int MaxDepth = 6;

    /// <summary>The operation that makes the resource which <paramref name="variable"/> holds, or null where it is given one.</summary>
    public IOperation? Of(ISymbol variable, INamedTypeSymbol? assignedIn) => CreationOf(variable, 0, assignedIn);

    /// <summary>The operation that makes the resource which <paramref name="value"/> is, or null.</summary>
    public IOperation? In(IOperation? value) => CreationIn(value, 0);

    /// <summary>The variable that a value is stored in where it is made, or null.</summary>
    public static ISymbol? VariableOf(IOperation value) => Values.WalkUp(value).Parent switch
    {
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => local,
        IFieldInitializerOperation { InitializedFields: [var field, ..] } => field,
        IPropertyInitializerOperation { InitializedProperties: [var property, ..] } => property,
        IAssignmentOperation { Target: var target } => Values.SymbolOf(target),
        _ => null,
    };

    /// <summary>What a variable is given: where it is declared, and by each assignment.</summary>
    public IEnumerable<IOperation> ValuesOf(ISymbol variable)
    {
        if (Initializer(variable) is { } initial)
            yield return initial;

        foreach (var reference in uses.Of(variable))
        {
            if (AssignedTo(reference) is { } value)
                yield return value;
        }
    }

    private IOperation? CreationOf(ISymbol variable, int depth, INamedTypeSymbol? assignedIn = null)
    {
        if (depth > MaxDepth)
            return null;

        if (CreationIn(Initializer(variable), depth + 1) is { } initial)
            return initial;

        if (variable is IParameterSymbol)
            return null;

        foreach (var reference in uses.Of(variable))
        {
            if (AssignedTo(reference) is { } value
                && (assignedIn is null || uses.StandsIn(reference, assignedIn))
                && CreationIn(value, depth + 1) is { } creation)
            {
                return creation;
            }
        }

        return null;
    }

    /// <summary>The value that a declaration gives its variable.</summary>
    private IOperation? Initializer(ISymbol variable)
    {
        foreach (var reference in variable.DeclaringSyntaxReferences)
        {
            var value = reference.GetSyntax() switch
            {
                VariableDeclaratorSyntax { Initializer.Value: var initial } => initial,
                PropertyDeclarationSyntax { Initializer.Value: var initial } => initial,
                _ => null,
            };
            if (value is not null && host.IsInSource(variable) && host.Index.Operation(value) is { } operation)
                return operation;
        }

        return null;
    }

    /// <summary>What is stored in the variable that <paramref name="target"/> names, or null where it is only read.</summary>
    public static IOperation? AssignedTo(IOperation target) => target.Parent switch
    {
        IAssignmentOperation assignment when assignment.Target == target => assignment.Value,
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "Exchange" or "CompareExchange", ContainingType.Name: "Interlocked" } } swap } argument
            when argument.Parameter?.Ordinal == 0 && swap.Arguments.Length > 1 => swap.Arguments[1].Value,
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "Write", ContainingType.Name: "Volatile" } } write } argument
            when argument.Parameter?.Ordinal == 0 && write.Arguments.Length > 1 => write.Arguments[1].Value,
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "EnsureInitialized", ContainingType.Name: "LazyInitializer" } } ensure } argument
            when argument.Parameter?.Ordinal == 0 => ensure.Arguments[ensure.Arguments.Length - 1].Value,
        _ => null,
    };

    private IOperation? CreationIn(IOperation? value, int depth)
    {
        if (value is null || depth > MaxDepth)
            return null;

        value = Values.WalkDown(value);
        if (host.Resources.MadeBy(value) is not null)
            return value;

        switch (value)
        {
            case ICoalesceOperation coalesce:
                return CreationIn(coalesce.Value, depth + 1) ?? CreationIn(coalesce.WhenNull, depth + 1);

            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return CreationIn(conditional.WhenTrue, depth + 1) ?? CreationIn(whenFalse, depth + 1);

            case IAssignmentOperation assignment:
                return CreationIn(assignment.Value, depth + 1);

            case ILocalReferenceOperation { Local: var local }:
                return CreationOf(local, depth + 1);

            case IPropertyReferenceOperation { Property.Name: "Result" or "Value", Instance: { } wrapped }:
                return CreationIn(wrapped, depth + 1);

            case IDelegateCreationOperation made:
                return CreationIn(made.Target, depth + 1);

            case IAnonymousFunctionOperation function:
                return CreationReturned(function.Body, depth + 1);

            case IMethodReferenceOperation { Method: var method }:
                return CreationReturned(method, depth + 1);

            case IObjectCreationOperation { Type: INamedTypeSymbol { Name: "Lazy" } } lazy:
                foreach (var argument in lazy.Arguments)
                {
                    if (CreationIn(argument.Value, depth + 1) is { } creation)
                        return creation;
                }

                return null;

            case IInvocationOperation { TargetMethod: { Name: "GetAwaiter" or "GetResult" or "FromResult" or "Run" or "WaitAsync" or "AsTask" or "Initialize" } method } call:
                // GetAwaiter().GetResult(); Task.Run(() => Connect()); new DocumentStore().Initialize()
                if (call.Instance is { } instance)
                    return CreationIn(instance, depth + 1);
                return call.Arguments.Length > 0 && !host.IsInSource(method) ? CreationIn(call.Arguments[0].Value, depth + 1) : CreationReturned(method, depth + 1);

            // new ElasticsearchClientSettings(uri).DefaultIndex("orders"): the library's own fluent calls return what they are called on.
            case IInvocationOperation { Instance: IObjectCreationOperation or IInvocationOperation, TargetMethod: var fluent } chained when !host.IsInSource(fluent) && IsSameResource(chained):
                return CreationIn(chained.Instance, depth + 1);

            case IInvocationOperation { TargetMethod: var method } when method.ReturnType.TypeKind == TypeKind.Interface || host.Resources.Find(method.ReturnType, value.Syntax.SyntaxTree) is not null:
                return CreationReturned(method, depth + 1);

            default:
                return null;
        }
    }

    private bool IsSameResource(IInvocationOperation call) =>
        host.Resources.Find(call.Type, call.Syntax.SyntaxTree) is { } resource && resource == host.Resources.Find(call.Instance!.Type, call.Syntax.SyntaxTree);

    /// <summary>A creation that a helper of the program's own returns; one that it keeps in a field belongs to that field.</summary>
    private IOperation? CreationReturned(IMethodSymbol method, int depth)
    {
        method = method.ReducedFrom ?? method;
        foreach (var reference in method.OriginalDefinition.DeclaringSyntaxReferences)
        {
            if (host.Compilation.ContainsSyntaxTree(reference.SyntaxTree) && host.Index.Operation(reference.GetSyntax()) is { } body && CreationReturned(body, depth) is { } creation)
                return creation;
        }

        return null;
    }

    private IOperation? CreationReturned(IOperation body, int depth)
    {
        foreach (var operation in body.Descendants())
        {
            if (operation is IReturnOperation { ReturnedValue: { } returned }
                && OperationWalk.FunctionAround(operation) == (body is IAnonymousFunctionOperation or ILocalFunctionOperation ? body : OperationWalk.FunctionAround(body))
                && Values.WalkDown(returned) is not (IAssignmentOperation or ICoalesceAssignmentOperation)
                && CreationIn(returned, depth + 1) is { } creation)
            {
                return creation;
            }
        }

        return null;
    }
}
