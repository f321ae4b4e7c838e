using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Whether code looks at the shutdown: reads the lifetime's stop tokens or the runtime library's state, or something that code which runs at the stop sets
/// (a flag, a cancelled source, a property of a helper service). What only tells that the program has started doesn't count.
/// </summary>
internal sealed class ShutdownState
{
    private const int MaxDepth = 12;

    // Methods of the framework's types that change what a reader of the object sees.
    private static readonly HashSet<string> Changes = new(StringComparer.Ordinal)
    {
        "Cancel", "CancelAsync", "Set", "Reset", "SetResult", "TrySetResult", "SetCanceled", "TrySetCanceled", "SetException", "TrySetException", "Signal", "Release",
        "Add", "TryAdd", "AddOrUpdate", "TryUpdate", "Remove", "TryRemove", "Clear", "Enqueue", "TryWrite", "Complete", "TryComplete", "CompleteAdding", "Dispose",
    };

    private static readonly string[] TellingNames = ["Ready", "Readiness", "Drain", "Shutdown", "ShuttingDown", "Stopping", "Lifetime", "Health", "Alive"];

    private readonly HostFacts _host;
    private readonly Lazy<IReadOnlyList<INamedTypeSymbol>> _types;
    private readonly Lazy<HashSet<ISymbol>> _stateSymbols;

    public ShutdownState(HostFacts host)
    {
        _host = host;
        _types = new(FindTypes);
        _stateSymbols = new(() => new StopWalk(this).State);
    }

    /// <summary>Whether the code behind a delegate looks at the shutdown; null where that can't be seen.</summary>
    public bool? IsReadByDelegate(IOperation value) =>
        Bodies.OfDelegate(_host, value) is { } body ? IsReadBy(body) : null;

    /// <summary>Whether a method looks at the shutdown; null where that can't be seen.</summary>
    public bool? IsReadByMethod(IMethodSymbol method)
    {
        var reader = new ReadWalk(this);
        return !_host.IsInSource(method) ? null : reader.Enter(method, 0) ? true : reader.IsUncertain ? null : false;
    }

    public bool? IsReadBy(IOperation body)
    {
        var reader = new ReadWalk(this);
        return reader.Visit(body, 0) ? true : reader.IsUncertain ? null : false;
    }

    /// <summary>Whether the method of that name, own or inherited, looks at the shutdown.</summary>
    public bool? IsReadByType(INamedTypeSymbol type, string method)
    {
        bool? read = false;
        for (var current = type; current is not null && _host.IsInSource(current); current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation } candidate
                    || !candidate.Name.EndsWith(method, StringComparison.Ordinal))
                {
                    continue;
                }

                var one = IsReadByMethod(candidate);
                if (one == true)
                    return true;
                read = one is null ? null : read;
            }
        }

        return read;
    }

    private bool IsLifetime(ITypeSymbol? type) =>
        _host.Types.Inherits(type, KnownType.IHostApplicationLifetime)
        || _host.Types.Inherits(type, KnownType.IApplicationLifetime)
        || _host.Types.Inherits(type, KnownType.IHostingApplicationLifetime);

    private bool IsStopToken(IPropertySymbol property) =>
        (property.Name is "ApplicationStopping" or "ApplicationStopped" && IsLifetime(property.ContainingType))
        || _host.Types.Inherits(property.ContainingType, KnownType.IGracefulShutdown);

    private IEnumerable<ISymbol> Implementations(ISymbol member)
    {
        if (member is { IsAbstract: false, IsVirtual: false, IsOverride: false } || member.ContainingType is null)
            yield break;

        foreach (var type in _types.Value)
        {
            if (member.ContainingType.TypeKind == TypeKind.Interface)
            {
                if (type.TypeKind != TypeKind.Interface && type.FindImplementationForInterfaceMember(member) is { } implementation)
                    yield return implementation;
            }
            else
            {
                foreach (var candidate in type.GetMembers(member.Name))
                {
                    if (candidate.IsOverride && Overrides(candidate, member))
                        yield return candidate;
                }
            }
        }
    }

    private static bool Overrides(ISymbol candidate, ISymbol member)
    {
        ISymbol? current = candidate;
        while (current is not null)
        {
            current = current switch
            {
                IMethodSymbol method => method.OverriddenMethod,
                IPropertySymbol property => property.OverriddenProperty,
                _ => null,
            };
            if (SymbolEqualityComparer.Default.Equals(current, member))
                return true;
        }

        return false;
    }

    private IReadOnlyList<INamedTypeSymbol> FindTypes()
    {
        var found = new List<INamedTypeSymbol>();
        var open = new Stack<INamespaceOrTypeSymbol>();
        open.Push(_host.Compilation.Assembly.GlobalNamespace);
        while (open.Count > 0)
        {
            foreach (var member in open.Pop().GetMembers())
            {
                if (member is INamedTypeSymbol type)
                    found.Add(type);
                if (member is INamespaceOrTypeSymbol holder)
                    open.Push(holder);
            }
        }

        return found;
    }

    /// <summary>Follows code that is asked whether it reads the state.</summary>
    private sealed class ReadWalk(ShutdownState state)
    {
        private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);

        /// <summary>Whether something was met that may look at the shutdown out of sight.</summary>
        public bool IsUncertain { get; private set; }

        public bool Enter(IMethodSymbol method, int depth)
        {
            if (depth > MaxDepth || !_visited.Add(method.OriginalDefinition))
                return false;

            foreach (var body in Bodies.Of(state._host, method))
            {
                if (Visit(body, depth + 1))
                    return true;
            }

            foreach (var implementation in state.Implementations(method))
            {
                if (implementation is IMethodSymbol implemented && Enter(implemented, depth + 1))
                    return true;
            }

            return false;
        }

        public bool Visit(IOperation body, int depth)
        {
            foreach (var operation in body.DescendantsAndSelf())
            {
                if (Reads(operation, depth))
                    return true;
            }

            return false;
        }

        private bool Reads(IOperation operation, int depth)
        {
            switch (operation)
            {
                case IPropertyReferenceOperation { Property: var property }:
                    return state.IsStopToken(property) || ReadsProperty(property.OriginalDefinition, depth);

                case IFieldReferenceOperation { Field: var field }:
                    return state._stateSymbols.Value.Contains(field.OriginalDefinition)
                        || (Texts.Definition(state._host, operation) is IDelegateCreationOperation made && Visit(made, depth + 1));

                case ILocalReferenceOperation { Local: var local }:
                    return state._stateSymbols.Value.Contains(local)
                        || (local.Type.TypeKind == TypeKind.Delegate && Texts.Definition(state._host, operation) is { } definition && depth < MaxDepth && Visit(definition, depth + 1));

                case IParameterReferenceOperation { Parameter: var parameter }:
                    return state._stateSymbols.Value.Contains(parameter);

                case IMethodReferenceOperation { Method: var method }:
                    return Enter(method, depth);

                case IInvocationOperation call:
                    return ReadsByCall(call, depth);

                default:
                    return false;
            }
        }

        private bool ReadsProperty(IPropertySymbol property, int depth)
        {
            if (state._stateSymbols.Value.Contains(property))
                return true;

            if (!state._host.IsInSource(property))
            {
                MayTell(property);
                return false;
            }

            if (property.GetMethod is { } getter && Enter(getter, depth))
                return true;

            foreach (var implementation in state.Implementations(property))
            {
                if (implementation is IPropertySymbol implemented && _visited.Add(implemented) && ReadsProperty(implemented, depth + 1))
                    return true;
            }

            return false;
        }

        private bool ReadsByCall(IInvocationOperation call, int depth)
        {
            var method = call.TargetMethod;
            if (state._host.Types.Inherits(method.ContainingType, KnownType.IGracefulShutdown))
                return true;

            if (state._host.IsInSource(method.ReducedFrom ?? method))
                return Enter(method, depth);

            // The checks, run by hand.
            if (state._host.Types.Inherits(method.ContainingType, KnownType.HealthCheckService))
            {
                IsUncertain = true;
                return false;
            }

            // A middleware class: branch.UseMiddleware<Ready>().
            if (method is { Name: "UseMiddleware", TypeArguments: [INamedTypeSymbol middleware] })
            {
                var inside = !state._host.IsInSource(middleware) ? null : state.IsReadByType(middleware, "Invoke") is false ? state.IsReadByType(middleware, "InvokeAsync") : true;
                IsUncertain |= inside is null;
                return inside == true;
            }

            // The lifetime in the hands of code that can't be seen.
            foreach (var argument in call.Arguments)
            {
                if (state.IsLifetime(Values.WalkDown(argument.Value).Type))
                    IsUncertain = true;
            }

            MayTell(method);
            return false;
        }

        /// <summary>A member of a referenced project whose name speaks of the subject may well ask the lifetime.</summary>
        private void MayTell(ISymbol member)
        {
            if (member.ContainingAssembly is not { } assembly || !SeesHosting(assembly))
                return;

            foreach (var name in TellingNames)
            {
                if (member.Name.IndexOf(name, StringComparison.Ordinal) >= 0 || member.ContainingType.Name.IndexOf(name, StringComparison.Ordinal) >= 0)
                {
                    IsUncertain = true;
                    return;
                }
            }
        }

        private static bool SeesHosting(IAssemblySymbol assembly)
        {
            if (assembly.Name.StartsWith("Microsoft.", StringComparison.Ordinal) || assembly.Name.StartsWith("System.", StringComparison.Ordinal))
                return false;

            foreach (var module in assembly.Modules)
            {
                foreach (var reference in module.ReferencedAssemblies)
                {
                    if (reference.Name is "Microsoft.Extensions.Hosting.Abstractions" || reference.Name.StartsWith(DrainRegistrations.RuntimeAssembly, StringComparison.Ordinal))
                        return true;
                }
            }

            return false;
        }
    }

    /// <summary>Collects what the stop changes: follows the stop tokens to where they are kept, and the code that runs at the stop to what it sets.</summary>
    private sealed class StopWalk
    {
        private readonly ShutdownState _state;
        private readonly HashSet<ISymbol> _entered = new(SymbolEqualityComparer.Default);
        private readonly HashSet<SyntaxNode> _followed = [];

        public StopWalk(ShutdownState state)
        {
            _state = state;
            foreach (var name in IndexedNames.StopTokens)
            {
                foreach (var use in Index.Uses(name))
                {
                    if (ReferenceOf(use) is IPropertyReferenceOperation { Property: var property } reference && state.IsStopToken(property))
                        Follow(reference, 0);
                }
            }

            AddEvents();
            AddHostedServices();
        }

        /// <summary>The locals, parameters, fields and properties that tell of the stop.</summary>
        public HashSet<ISymbol> State { get; } = new(SymbolEqualityComparer.Default);

        private HostFacts Host => _state._host;

        private SourceIndex Index => _state._host.Index;

        private IOperation? ReferenceOf(SimpleNameSyntax use) =>
            Index.Operation(use.Parent is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax ? use.Parent : use);

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
                            AtStop(argument.Value);
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
            if (!State.Add(symbol.OriginalDefinition))
                return;

            if (symbol is ILocalSymbol local)
            {
                foreach (var use in Index.UsesOfLocal(local))
                    Follow(use, depth + 1);
                return;
            }

            foreach (var use in Index.Uses(symbol.Name))
            {
                if (ReferenceOf(use) is { } reference && SymbolEqualityComparer.Default.Equals(Values.SymbolOf(reference)?.OriginalDefinition, symbol.OriginalDefinition))
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
                        AtStop(added.HandlerValue);
                    }
                }
            }

            foreach (var use in Index.Uses(IndexedNames.PosixSignalRegistration))
            {
                if (use.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } create
                    && Index.Operation(create) is IInvocationOperation { TargetMethod: { Name: "Create" } method, Arguments: [_, var handler] }
                    && Host.Types.Is(method.ContainingType, KnownType.PosixSignalRegistration))
                {
                    AtStop(handler.Value);
                }
            }
        }

        private void AddHostedServices()
        {
            foreach (var type in _state._types.Value)
            {
                if (!Host.Types.Inherits(type, KnownType.IHostedService))
                    continue;

                foreach (var member in type.GetMembers())
                {
                    if (member is not IMethodSymbol method)
                        continue;

                    if (method.Name.EndsWith("StopAsync", StringComparison.Ordinal)
                        || method.Name.EndsWith("StoppingAsync", StringComparison.Ordinal)
                        || method.Name.EndsWith("StoppedAsync", StringComparison.Ordinal))
                    {
                        Enter(method, 0);
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
            foreach (var body in Bodies.Of(Host, execute))
            {
                foreach (var inner in body.Descendants())
                {
                    switch (inner)
                    {
                        case ITryOperation { Finally: { } last }:
                            Collect(last, 0);
                            break;
                        case ICatchClauseOperation { ExceptionType.Name: "OperationCanceledException" or "TaskCanceledException" } cancelled:
                            Collect(cancelled.Handler, 0);
                            break;
                        case IParameterReferenceOperation token when Host.Types.Is(token.Type, KnownType.CancellationToken):
                            Follow(token, 0);
                            break;
                    }
                }
            }
        }

        private void AtStop(IOperation callback)
        {
            if (Bodies.OfDelegate(Host, callback) is { } body)
                Collect(body, 0);

            // source.Cancel as a method group.
            if (Values.WalkDown(callback) is IDelegateCreationOperation { Target: IMethodReferenceOperation { Method: { Name: var name, DeclaringSyntaxReferences.IsEmpty: true }, Instance: { } instance } }
                && Changes.Contains(name))
            {
                Change(instance);
            }
        }

        private void Enter(IMethodSymbol method, int depth)
        {
            if (depth > MaxDepth || !_entered.Add(method.OriginalDefinition))
                return;

            foreach (var body in Bodies.Of(Host, method))
                Collect(body, depth + 1);
            foreach (var implementation in _state.Implementations(method))
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
                        if (Host.IsInSource(call.TargetMethod.ReducedFrom ?? call.TargetMethod))
                            Enter(call.TargetMethod, depth);
                        else if (Changes.Contains(call.TargetMethod.Name) && call.Instance is { } instance)
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

            State.Add(symbol);
            if (symbol is IPropertySymbol)
            {
                foreach (var implementation in _state.Implementations(symbol))
                    State.Add(implementation.OriginalDefinition);
            }
        }
    }
}
