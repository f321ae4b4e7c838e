using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>How a piece of code learns that its service must stop.</summary>
internal enum ObservationKind
{
    /// <summary>It asks: <c>IsCancellationRequested</c>, a wait handle, a registration.</summary>
    Check,

    /// <summary>A token goes into a call, which throws or returns when it fires.</summary>
    Pass,

    /// <summary><c>ThrowIfCancellationRequested</c>.</summary>
    Throw,

    /// <summary>It waits for something that the stop ends.</summary>
    Wake,

    /// <summary>A method of the class, called here, does one of these.</summary>
    Call,
}

/// <summary>One place that observes the stop.</summary>
internal readonly record struct Observation(IOperation Operation, ObservationKind Kind)
{
    /// <summary>Whether the stop makes an exception of it.</summary>
    public bool Throws => Kind != ObservationKind.Check;
}

/// <summary>Finds what observes the stop in the code of one service method.</summary>
/// <param name="host">The facts.</param>
/// <param name="method">The method.</param>
/// <param name="tokens">Which tokens fire; all that may where it is null.</param>
internal sealed class Observations(HostFacts host, ServiceMethod method, StoppingTokens? tokens = null)
{
    private readonly StoppingTokens _tokens = tokens ?? host.Tokens;
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);

    public bool Any(IOperation code)
    {
        foreach (var _ in In(code))
            return true;
        return false;
    }

    /// <summary>Every observation in <paramref name="code"/>, also in lambdas in it and in methods of the class that it calls.</summary>
    public IEnumerable<Observation> In(IOperation code) => In(code, null);

    /// <param name="code">Where to look.</param>
    /// <param name="callee">The method whose body <paramref name="code"/> is, when its own parameters were not given a token.</param>
    private IEnumerable<Observation> In(IOperation code, IMethodSymbol? callee)
    {
        foreach (var operation in OperationWalk.All(code))
        {
            if (_tokens.IsTokenOrSource(operation.Type)
                && operation is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation or IInvocationOperation
                && !(callee is not null && operation is IParameterReferenceOperation { Parameter.ContainingSymbol: var owner } && SymbolEqualityComparer.Default.Equals(owner, callee)))
            {
                if (KindOf(operation) is { } kind && _tokens.MayStop(operation))
                    yield return new(operation, kind);
            }
            else if (operation is IInvocationOperation call)
            {
                if (HostedService.Root(call) is { } root && call.TargetMethod.Name != "Dispose" && !IsToken(root) && method.IsEndedAtStop(root))
                    yield return new(call, ObservationKind.Wake);
                else if (CalleeObserves(call) is { } kind)
                    yield return new(call, kind);
            }
            else if (operation is IForEachLoopOperation each && HostedService.Root(each.Collection) is { } source && method.IsEndedAtStop(source))
            {
                yield return new(each.Collection, ObservationKind.Wake);
            }
            else if (operation is ILocalReferenceOperation or IFieldReferenceOperation && HoldsToken(operation))
            {
                yield return new(operation, ObservationKind.Pass);
            }
        }
    }

    private bool IsToken(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => _tokens.IsTokenOrSource(field.Type),
        ILocalSymbol local => _tokens.IsTokenOrSource(local.Type),
        IPropertySymbol property => _tokens.IsTokenOrSource(property.Type),
        IParameterSymbol parameter => _tokens.IsTokenOrSource(parameter.Type),
        _ => false,
    };

    private ObservationKind? KindOf(IOperation token)
    {
        var value = token;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
            value = value.Parent;

        switch (value.Parent)
        {
            case IPropertyReferenceOperation { Property.Name: "Token" }:
                // The token of a source: that operation is looked at itself.
                return null;
            case IPropertyReferenceOperation:
                return ObservationKind.Check;
            case IInvocationOperation { TargetMethod.Name: "ThrowIfCancellationRequested" } call when call.Instance == value:
                return ObservationKind.Throw;
            case IInvocationOperation { TargetMethod.Name: "Register" or "UnsafeRegister" } call when call.Instance == value:
                return ObservationKind.Check;
            case IInvocationOperation call when call.Instance == value:
                // Cancel, CancelAfter, Dispose: acts on the source and doesn't look at it.
                return null;
            case IArgumentOperation:
                return ObservationKind.Pass;
            case IAssignmentOperation or IVariableInitializerOperation or IExpressionStatementOperation:
                return null;
            case null:
                return null;
            default:
                return ObservationKind.Pass;
        }
    }

    /// <summary>How a method of the class or a local function observes the stop by itself, with no token given; null where it doesn't.</summary>
    private ObservationKind? CalleeObserves(IInvocationOperation call)
    {
        var target = call.TargetMethod.OriginalDefinition;
        if (target.MethodKind == MethodKind.DelegateInvoke)
            return call.Instance is { } run ? DelegateObserves(run) : null;
        if (target.MethodKind != MethodKind.LocalFunction && !IsOfService(target))
            return null;

        foreach (var argument in call.Arguments)
        {
            if (argument.ArgumentKind == ArgumentKind.Explicit && _tokens.IsToken(argument.Value.Type))
                return null;
        }

        if (target.MethodKind == MethodKind.LocalFunction)
            return Visit(target, HostedService.BodyOf(host, target));

        foreach (var service in method.Services)
        {
            var called = service.Resolve(target);
            if (Visit(called, HostedService.BodyOf(host, called)) is { } kind)
                return kind;
        }

        return null;
    }

    /// <summary>The same for a delegate: <c>step()</c>, where <c>step</c> is a lambda that has a token of its own.</summary>
    private ObservationKind? DelegateObserves(IOperation run)
    {
        foreach (var function in Delegates.Resolve(host, run))
        {
            if (Visit(function.Symbol, function.Body) is { } kind)
                return kind;
        }

        return null;
    }

    private ObservationKind? Visit(IMethodSymbol called, IOperation? body)
    {
        if (body is null || !_visited.Add(called))
            return null;

        ObservationKind? found = null;
        foreach (var observation in In(body, called))
        {
            found = observation.Throws ? ObservationKind.Call : found ?? ObservationKind.Check;
            if (found == ObservationKind.Call)
                break;
        }

        // What was found in it holds for its other calls too; what wasn't isn't looked for again.
        if (found is not null)
            _visited.Remove(called);
        return found;
    }

    private bool IsOfService(IMethodSymbol target)
    {
        foreach (var service in method.Services)
        {
            if (service.Has(target))
                return true;
        }

        return false;
    }

    /// <summary>A variable whose object was made with a stopping token: <c>var reader = new Reader(stoppingToken)</c>.</summary>
    private bool HoldsToken(IOperation variable)
    {
        if (_tokens.IsTokenOrSource(variable.Type) || variable.Type is not { TypeKind: TypeKind.Class or TypeKind.Struct, SpecialType: SpecialType.None })
            return false;

        var initial = variable switch
        {
            ILocalReferenceOperation { Local.DeclaringSyntaxReferences: [var declared] } => declared.GetSyntax() as Microsoft.CodeAnalysis.CSharp.Syntax.VariableDeclaratorSyntax,
            _ => null,
        };
        if (initial?.Initializer is not { } initializer)
            return false;

        if (host.Index.Operation(initializer.Value) is not { } value || Values.WalkDown(value) is not IObjectCreationOperation creation)
            return false;

        foreach (var argument in creation.Arguments)
        {
            if (_tokens.IsToken(argument.Value.Type) && _tokens.MayStop(argument.Value))
                return true;
        }

        return false;
    }
}
