using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Collects what the stop changes: follows the stop tokens to where they are kept, and the code that runs at the stop to what it sets. The second means binding the stop of every
/// hosted service, and is done where the question is about something that other code may set at all.
/// </summary>
internal sealed class ShutdownChanges
{
    private const int MaxDepth = 12;

    private readonly HostFacts _host;
    private readonly ShutdownState _state;
    private readonly HashSet<ISymbol> _entered = new(SymbolEqualityComparer.Default);
    private readonly HashSet<SyntaxNode> _followed = [];
    private readonly HashSet<ISymbol> _kept = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _set = new(SymbolEqualityComparer.Default);
    private readonly List<IOperation> _callbacks = [];
    private readonly List<IOperation> _ends = [];
    private readonly List<IMethodSymbol> _stops = [];
    private readonly Lazy<HashSet<ISymbol>> _changed;
    private readonly Func<ISymbol, bool> _mayChange;

    public ShutdownChanges(HostFacts host, ShutdownState state)
    {
        _host = host;
        _state = state;
        _mayChange = symbol => OutsideChanges.MayChange(host, symbol);
        foreach (var name in IndexedNames.StopTokens)
        {
            foreach (var use in Index.Uses(name))
            {
                if (Index.Operation(SourceIndex.ExpressionOf(use)) is IPropertyReferenceOperation { Property: var property } reference && state.IsStopToken(property))
                    Follow(reference, 0);
            }
        }

        AddEvents();
        AddHostedServices();
        _changed = new(FindChanged);
    }

    /// <summary>Whether a local, parameter, field or property tells of the stop.</summary>
    public bool Tells(ISymbol symbol) => _kept.Contains(symbol) || (Index.Ask(symbol, _mayChange) && _changed.Value.Contains(symbol));

    private SourceIndex Index => _host.Index;

    /// <summary>Where a stop token (or what was made of it) goes.</summary>
    private void Follow(IOperation token, int depth)
    {
        if (depth > MaxDepth || !_followed.Add(token.Syntax))
            return;

        var value = Values.WalkUp(token);
        if (Values.CallOn(value) is { } call)
        {
            if (call.TargetMethod.Name is "Register" or "UnsafeRegister")
            {
                foreach (var argument in call.Arguments)
                {
                    if (argument.Parameter?.Type.TypeKind == TypeKind.Delegate)
                        _callbacks.Add(argument.Value);
                }
            }

            return;
        }

        switch (value.Parent)
        {
            case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "CreateLinkedTokenSource" } linked }:
                Follow(linked, depth + 1);
                break;

            // The params array of CreateLinkedTokenSource.
            case IArrayInitializerOperation { Parent: IArrayCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "CreateLinkedTokenSource" } linked } } }:
                Follow(linked, depth + 1);
                break;

            case IArgumentOperation { Parameter: { DeclaringSyntaxReferences.IsEmpty: false } parameter }:
                Keep(parameter, depth);
                break;

            case IPropertyReferenceOperation { Property.Name: "Token" } tokenOf when tokenOf.Instance == value:
                Follow(tokenOf, depth + 1);
                break;

            case IAssignmentOperation assignment when assignment.Value == value && Values.SymbolOf(assignment.Target) is { } target:
                Keep(target, depth);
                break;

            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                Keep(local, depth);
                break;

            case IFieldInitializerOperation { InitializedFields: var fields }:
                foreach (var field in fields)
                    Keep(field, depth);
                break;

            case IPropertyInitializerOperation { InitializedProperties: var properties }:
                foreach (var property in properties)
                    Keep(property, depth);
                break;
        }
    }

    private void Keep(ISymbol symbol, int depth)
    {
        if (!_kept.Add(symbol.OriginalDefinition))
            return;

        if (symbol is ILocalSymbol local)
        {
            foreach (var use in Index.UsesOfLocal(local))
                Follow(use, depth + 1);
            return;
        }

        foreach (var use in Index.Uses(symbol.Name))
        {
            if (Index.Operation(SourceIndex.ExpressionOf(use)) is { } reference && SymbolEqualityComparer.Default.Equals(Values.SymbolOf(reference)?.OriginalDefinition, symbol.OriginalDefinition))
                Follow(reference, depth + 1);
        }
    }

    private void AddEvents()
    {
        foreach (var name in IndexedNames.StopEvents)
        {
            foreach (var use in Index.Uses(name))
            {
                if (use.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { } assignment
                    && assignment.Left.Span.Contains(use.Span)
                    && Index.Operation(assignment) is IEventAssignmentOperation { Adds: true } added)
                {
                    _callbacks.Add(added.HandlerValue);
                }
            }
        }

        foreach (var use in Index.Uses(IndexedNames.PosixSignalRegistration))
        {
            if (use.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } create
                && Index.Operation(create) is IInvocationOperation { TargetMethod: { Name: "Create" } method, Arguments: [_, var handler] }
                && _host.Types.Is(method.ContainingType, KnownType.PosixSignalRegistration))
            {
                _callbacks.Add(handler.Value);
            }
        }
    }

    private void AddHostedServices()
    {
        foreach (var type in _state.Implementations.Types)
        {
            if (!_host.Types.Inherits(type, KnownType.IHostedService))
                continue;

            foreach (var member in type.GetMembers())
            {
                if (member is not IMethodSymbol method)
                    continue;

                if (method.Name.EndsWith("StopAsync", StringComparison.Ordinal)
                    || method.Name.EndsWith("StoppingAsync", StringComparison.Ordinal)
                    || method.Name.EndsWith("StoppedAsync", StringComparison.Ordinal))
                {
                    _stops.Add(method);
                }
                else if (method is { Name: "ExecuteAsync", IsOverride: true })
                {
                    AddEndOf(method);
                }
            }
        }
    }

    /// <summary>What a background service does when its loop ends: callbacks on its token, <c>finally</c> and the catch of the cancellation.</summary>
    private void AddEndOf(IMethodSymbol execute)
    {
        foreach (var body in Bodies.Of(_host, execute))
        {
            foreach (var inner in body.Descendants())
            {
                switch (inner)
                {
                    case ITryOperation { Finally: { } last }:
                        _ends.Add(last);
                        break;
                    case ICatchClauseOperation { ExceptionType.Name: "OperationCanceledException" or "TaskCanceledException" } cancelled:
                        _ends.Add(cancelled.Handler);
                        break;
                    case IParameterReferenceOperation token when _host.Types.Is(token.Type, KnownType.CancellationToken):
                        Follow(token, 0);
                        break;
                }
            }
        }
    }

    private HashSet<ISymbol> FindChanged()
    {
        foreach (var callback in _callbacks)
            AtStop(callback);
        foreach (var end in _ends)
            Collect(end, 0);
        foreach (var stop in _stops)
            Enter(stop, 0);
        return _set;
    }

    private void AtStop(IOperation callback)
    {
        if (Bodies.OfDelegate(_host, callback) is { } body)
            Collect(body, 0);

        // source.Cancel as a method group.
        if (Values.WalkDown(callback) is IDelegateCreationOperation { Target: IMethodReferenceOperation { Method: { Name: var name, DeclaringSyntaxReferences.IsEmpty: true }, Instance: { } instance } }
            && OutsideChanges.IsChange(name))
        {
            Change(instance);
        }
    }

    private void Enter(IMethodSymbol method, int depth)
    {
        if (depth > MaxDepth || !_entered.Add(method.OriginalDefinition))
            return;

        foreach (var body in Bodies.Of(_host, method))
            Collect(body, depth + 1);
        foreach (var implementation in _state.Implementations.Of(method))
        {
            if (implementation is IMethodSymbol implemented)
                Enter(implemented, depth + 1);
        }
    }

    private void Collect(IOperation body, int depth)
    {
        foreach (var operation in body.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IAssignmentOperation { Target: var target }:
                    Change(target);
                    if (target is IPropertyReferenceOperation { Property.SetMethod: { } setter })
                        Enter(setter, depth);
                    break;

                case IIncrementOrDecrementOperation { Target: var target }:
                    Change(target);
                    break;

                case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument:
                    Change(argument.Value);
                    break;

                case IMethodReferenceOperation { Method: var method }:
                    Enter(method, depth);
                    break;

                case IInvocationOperation call:
                    if (_host.IsInSource(call.TargetMethod.ReducedFrom ?? call.TargetMethod))
                        Enter(call.TargetMethod, depth);
                    else if (OutsideChanges.IsChange(call.TargetMethod.Name) && Values.Unconditional(call.Instance) is { } instance)
                        Change(instance);
                    break;
            }
        }
    }

    private void Change(IOperation target)
    {
        switch (target)
        {
            case IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } list }:
                Change(list);
                return;
            case IArrayElementReferenceOperation { ArrayReference: var array }:
                Change(array);
                return;
        }

        if (Values.SymbolOf(target)?.OriginalDefinition is not { } symbol)
            return;

        _set.Add(symbol);
        if (symbol is IPropertySymbol)
        {
            foreach (var implementation in _state.Implementations.Of(symbol))
                _set.Add(implementation.OriginalDefinition);
        }
    }
}
