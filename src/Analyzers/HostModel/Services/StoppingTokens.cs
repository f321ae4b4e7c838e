using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Follows cancellation tokens: which ones can fire at the stop, and which one is in reach of a place.</summary>
/// <param name="host">The facts.</param>
/// <param name="neverFires">Parameters that are known not to fire; none where it is null.</param>
internal sealed class StoppingTokens(HostFacts host, Func<IParameterSymbol, bool>? neverFires = null)
{
    private const int MaxDepth = 8;

    /// <summary>Whether <paramref name="token"/> (a token or its source) can fire because the service stops. In doubt it can.</summary>
    public bool MayStop(IOperation? token) => MayStop(token, 0);

    /// <summary>Whether <paramref name="type"/> is a token or a source of one.</summary>
    public bool IsTokenOrSource(ITypeSymbol? type) =>
        host.Types.Is(type, KnownType.CancellationToken) || host.Types.Is(type, KnownType.CancellationTokenSource);

    public bool IsToken(ITypeSymbol? type) => host.Types.Is(type, KnownType.CancellationToken);

    /// <summary>Whether <paramref name="token"/> is <c>default</c> or <c>CancellationToken.None</c>.</summary>
    public bool IsNone(IOperation token) => Values.WalkDown(token) switch
    {
        IDefaultValueOperation => true,
        IPropertyReferenceOperation { Property: { Name: "None", IsStatic: true, ContainingType: var type } } => IsToken(type),
        IObjectCreationOperation { Arguments.IsEmpty: true } creation => IsToken(creation.Type),
        IObjectCreationOperation { Arguments: [{ Value.ConstantValue: { HasValue: true, Value: false } }] } creation => IsToken(creation.Type),
        { ConstantValue: { HasValue: true, Value: null } } => true,
        _ => false,
    };

    /// <summary>Whether somebody cancels the source that <paramref name="variable"/> holds, or takes it where that can't be seen.</summary>
    public bool IsCancelled(ISymbol variable)
    {
        foreach (var use in (IEnumerable<IOperation>)(variable is ILocalSymbol local ? host.Index.UsesOfLocal(local) : host.Index.UsesOfMember(variable)))
        {
            if (Cancels(use))
                return true;
        }

        return false;
    }

    private bool MayStop(IOperation? token, int depth)
    {
        if (token is null || IsNone(token))
            return false;
        if (depth > MaxDepth)
            return true;

        switch (Values.WalkDown(token))
        {
            case IParameterReferenceOperation { Parameter: var parameter }:
                return neverFires?.Invoke(parameter) != true && ParameterMayStop(parameter, depth + 2);

            case IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source } when host.Types.Is(source.Type, KnownType.CancellationTokenSource):
                return MayStop(source, depth + 1);

            case ILocalReferenceOperation { Local: var local }:
                return IsTokenOrSource(local.Type) && LocalMayStop(local, depth + 1);

            case IFieldReferenceOperation { Field: { DeclaredAccessibility: Accessibility.Private } field } when IsTokenOrSource(field.Type) && !field.DeclaringSyntaxReferences.IsEmpty:
                return MemberMayStop(field, depth + 1);

            case IObjectCreationOperation creation when host.Types.Is(creation.Type, KnownType.CancellationTokenSource):
                // Fires only when its own timeout is over; who else cancels it is asked of the variable that holds it.
                return false;

            case IInvocationOperation { TargetMethod: { Name: "CreateLinkedTokenSource", IsStatic: true } } link:
                foreach (var operation in OperationWalk.Own(link))
                {
                    if (operation != link && IsTokenOrSource(operation.Type) && MayStop(operation, depth + 1))
                        return true;
                }

                return false;

            case IConditionalOperation choice:
                return MayStop(choice.WhenTrue, depth + 1) || MayStop(choice.WhenFalse, depth + 1);

            default:
                return true;
        }
    }

    /// <summary>A private method's token is what its callers give it, as far as all of them are in sight.</summary>
    private bool ParameterMayStop(IParameterSymbol parameter, int depth)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary } method
            || host.Index.UsesOfMember(method).Any())
        {
            return true;
        }

        var isCalled = false;
        foreach (var call in host.Index.CallsInType(method))
        {
            var given = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value;
            // A call of itself that passes the token on adds nothing.
            if (given is not null && Values.WalkDown(given) is IParameterReferenceOperation { Parameter: var same } && SymbolEqualityComparer.Default.Equals(same, parameter))
                continue;
            if (given is null || MayStop(given, depth))
                return true;
            isCalled = true;
        }

        return !isCalled;
    }

    private bool LocalMayStop(ILocalSymbol local, int depth)
    {
        var values = 0;
        if (local.DeclaringSyntaxReferences is [var declaration]
            && declaration.GetSyntax() is Microsoft.CodeAnalysis.CSharp.Syntax.VariableDeclaratorSyntax { Initializer.Value: { } initial })
        {
            values++;
            if (MayStop(host.Index.Operation(initial), depth))
                return true;
        }

        return AnyUseMayStop(host.Index.UsesOfLocal(local), ref values, depth) || values == 0;
    }

    private bool MemberMayStop(IFieldSymbol field, int depth)
    {
        var values = 0;
        if (field.DeclaringSyntaxReferences is [var declaration]
            && declaration.GetSyntax() is Microsoft.CodeAnalysis.CSharp.Syntax.VariableDeclaratorSyntax { Initializer.Value: { } initial })
        {
            values++;
            if (MayStop(host.Index.Operation(initial), depth))
                return true;
        }

        return AnyUseMayStop(host.Index.UsesOfMember(field), ref values, depth) || (values == 0 && field.Type.IsReferenceType);
    }

    private bool AnyUseMayStop(IEnumerable<IOperation> uses, ref int values, int depth)
    {
        foreach (var use in uses)
        {
            if (use.Parent is IAssignmentOperation assignment && assignment.Target == use)
            {
                values++;
                if (MayStop(assignment.Value, depth))
                    return true;
            }
            else if (Cancels(use))
            {
                return true;
            }
        }

        return false;
    }

    private bool Cancels(IOperation use) => use.Parent switch
    {
        // Somebody cancels the source; a disposal or a timeout doesn't.
        IInvocationOperation call when call.Instance == use => call.TargetMethod.Name is "Cancel" or "CancelAsync",
        IConditionalAccessOperation { WhenNotNull: IInvocationOperation { TargetMethod.Name: "Cancel" or "CancelAsync" } } => true,
        IMethodReferenceOperation { Method.Name: "Cancel" or "CancelAsync" } => true,

        // The source itself goes elsewhere, where it may be cancelled.
        IArgumentOperation or IReturnOperation or ITupleOperation or IVariableInitializerOperation or IArrayInitializerOperation => host.Types.Is(use.Type, KnownType.CancellationTokenSource),
        IAssignmentOperation other when other.Value == use => host.Types.Is(use.Type, KnownType.CancellationTokenSource),
        IConversionOperation { Parent: IArgumentOperation } => true,
        _ => false,
    };

    /// <summary>
    /// The expression of a token that fires at the stop and that code at <paramref name="place"/> can name, or null: a parameter, a local, a field, a source that the
    /// class cancels, the host's lifetime; in this order.
    /// </summary>
    public string? InReach(IOperation place, ServiceMethod method)
    {
        var model = host.Index.Model(place.Syntax.SyntaxTree);
        var position = place.Syntax.SpanStart;
        string? best = null;
        var bestRank = int.MaxValue;
        var isStatic = method.Symbol.IsStatic;

        foreach (var symbol in model.LookupSymbols(position))
        {
            var (rank, text) = symbol switch
            {
                IParameterSymbol { Name: not "_" } parameter when IsToken(parameter.Type) && IsInScope(parameter, place) && !IsDeadStartToken(parameter, place, method)
                    => (SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, method.Symbol) ? 1 : 0, parameter.Name),
                ILocalSymbol { IsConst: false } local when IsDeclaredBefore(local, place) && IsTokenOrSource(local.Type) && LocalMayStop(local, 0)
                    => (2, IsToken(local.Type) ? local.Name : local.Name + ".Token"),
                IFieldSymbol { IsImplicitlyDeclared: false } field when (field.IsStatic || !isStatic) && IsToken(field.Type) && MemberMayStop(field, 0)
                    => (3, field.Name),
                IFieldSymbol { IsImplicitlyDeclared: false } field when (field.IsStatic || !isStatic) && host.Types.Is(field.Type, KnownType.CancellationTokenSource) && MemberMayStop(field, 0)
                    => (4, field.Name + ".Token"),
                IFieldSymbol { IsImplicitlyDeclared: false } field when (field.IsStatic || !isStatic) && host.Types.Is(field.Type, KnownType.IHostApplicationLifetime)
                    => (5, field.Name + ".ApplicationStopping"),
                IParameterSymbol parameter when host.Types.Is(parameter.Type, KnownType.IHostApplicationLifetime) && !isStatic
                    => (6, parameter.Name + ".ApplicationStopping"),
                _ => (int.MaxValue, null),
            };
            if (rank < bestRank)
                (best, bestRank) = (text, rank);
        }

        return best;
    }

    /// <summary>Whether <paramref name="parameter"/> is the token of <c>StartAsync</c> at a place that runs after it: it never fires there.</summary>
    public static bool IsDeadStartToken(IParameterSymbol parameter, IOperation place, ServiceMethod method) =>
        method.IsStart
        && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, method.Symbol)
        && OperationWalk.FunctionAround(place) is not null;

    // A static lambda or local function doesn't see what is around it.
    private static bool IsInScope(IParameterSymbol parameter, IOperation place)
    {
        for (var function = OperationWalk.FunctionAround(place); function is not null; function = OperationWalk.FunctionAround(function))
        {
            var symbol = function is IAnonymousFunctionOperation lambda ? lambda.Symbol : ((ILocalFunctionOperation)function).Symbol;
            if (SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, symbol))
                return true;
            if (symbol.IsStatic)
                return false;
        }

        return true;
    }

    private static bool IsDeclaredBefore(ILocalSymbol local, IOperation place) =>
        local.DeclaringSyntaxReferences is [var declaration] && declaration.Span.End <= place.Syntax.SpanStart;
}
