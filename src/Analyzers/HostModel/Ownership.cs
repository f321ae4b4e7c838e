using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Follows a resource through the program: where a variable gets one that the program itself made, and whether anything closes it
/// or takes it over. What can't be followed counts as taken over: these questions decide for silence.
/// </summary>
internal sealed class Ownership(HostFacts host)
{
    private const int MaxDepth = 6;

    private static readonly string[] CollectionAdders =
        ["Add", "AddRange", "AddFirst", "AddLast", "Append", "Enqueue", "GetOrAdd", "AddOrUpdate", "Insert", "Prepend", "Push", "TryAdd", "TryEnqueue", "TryWrite", "WriteAsync"];

    private static readonly string[] PassThrough =
        ["AsTask", "ConfigureAwait", "Exchange", "FromResult", "GetAwaiter", "GetResult", "Initialize", "Preserve", "Read", "ToArray", "ToList", "WaitAsync", "Reverse", "AsEnumerable"];

    /// <summary>The operation that makes the resource which <paramref name="variable"/> holds, or null where it is given one.</summary>
    /// <param name="variable">A local, field or property.</param>
    /// <param name="assignedIn">Where given, only what this class itself stores in it counts.</param>
    public IOperation? CreationOf(ISymbol variable, INamedTypeSymbol? assignedIn = null) => CreationOf(variable, 0, assignedIn);

    /// <summary>The operation that makes the resource which <paramref name="value"/> is, also through locals, <c>Lazy</c> and the program's own helpers; or null.</summary>
    public IOperation? CreationIn(IOperation? value) => CreationIn(value, 0);

    /// <summary>Whether what <paramref name="variable"/> holds is closed anywhere, or its ownership moves to something else.</summary>
    public bool IsReleased(ISymbol variable, ResourceType resource) => new Flow(this, resource).IsReleased(variable);

    /// <summary>Whether a value that stands in no variable is closed or handed over where it stands.</summary>
    public bool IsReleased(IOperation value, ResourceType resource) => new Flow(this, resource).Releases(value);

    /// <summary>
    /// Whether a service is closed by whoever gets it from the container: a cleanup handler, a stop callback, a hosted service.
    /// </summary>
    public bool IsServiceReleased(ITypeSymbol service, ITypeSymbol? instance, ResourceType resource)
    {
        foreach (var syntax in host.Index.Invocations("AddShutdownCleanup"))
        {
            if (host.Index.Symbol(syntax) is IMethodSymbol { TypeArguments: [var cleaned] } && Is(cleaned))
                return true;
        }

        foreach (var name in ResourceTypes.CloserNames)
        {
            if (!resource.IsClosedBy(name))
                continue;

            foreach (var use in host.Index.Uses(name))
            {
                if (ReceiverOf(use) is { } receiver && Is(receiver.Type) && !IsOwnInstance(receiver))
                    return true;
            }
        }

        foreach (var name in IndexedNames.Resolve)
        {
            foreach (var call in host.Index.Invocations(name))
            {
                // using var redis = app.Services.GetRequiredService<IConnectionMultiplexer>();
                if (host.Index.Operation(call) is IInvocationOperation { TargetMethod.TypeArguments: [var got] } resolved
                    && Is(got)
                    && new Flow(this, resource).Releases(resolved))
                {
                    return true;
                }
            }
        }

        return false;

        bool Is(ITypeSymbol? type) =>
            type is not null && (SymbolEqualityComparer.Default.Equals(type, service) || SymbolEqualityComparer.Default.Equals(type, instance));

        // Closing a connection of one's own says nothing of the one in the container.
        bool IsOwnInstance(IOperation receiver) =>
            CreationIn(receiver) is not null || Values.SymbolOf(receiver) is { } symbol && CreationOf(symbol) is not null;
    }

    /// <summary>Every place that names a field, property, local, parameter or method, its declaration left out.</summary>
    public IEnumerable<IOperation> ReferencesTo(ISymbol symbol)
    {
        var definition = symbol.OriginalDefinition;
        foreach (var scope in ScopesOf(symbol))
        {
            foreach (var node in scope.DescendantNodesAndSelf())
            {
                if (node is SimpleNameSyntax name && name.Identifier.ValueText == symbol.Name && OperationOf(name) is { } operation)
                {
                    if (SymbolEqualityComparer.Default.Equals(SymbolIn(operation)?.OriginalDefinition, definition))
                        yield return operation;
                }
            }
        }
    }

    private static ISymbol? SymbolIn(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        IInvocationOperation call => call.TargetMethod.ReducedFrom ?? call.TargetMethod,
        _ => null,
    };

    private IOperation? OperationOf(SimpleNameSyntax name)
    {
        SyntaxNode node = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access,
            MemberBindingExpressionSyntax binding when binding.Name == name => binding,
            _ => name,
        };
        if (node.Parent is InvocationExpressionSyntax call && call.Expression == node && host.Index.Operation(call) is IInvocationOperation { TargetMethod.Name: var method } invoked && method == name.Identifier.ValueText)
            return invoked;
        return host.Index.Operation(node);
    }

    private IEnumerable<SyntaxNode> ScopesOf(ISymbol symbol)
    {
        switch (symbol)
        {
            case ILocalSymbol local:
                return local.DeclaringSyntaxReferences is [var declaration, ..] && SourceIndex.ScopeOf(declaration.GetSyntax()) is { } scope ? [scope] : [];

            case IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter when IsPrimary(parameter):
                return Declarations(parameter.ContainingType);

            case IParameterSymbol parameter:
                return Declarations(parameter.ContainingSymbol);

            case { DeclaredAccessibility: Accessibility.Private, ContainingType: { } type }:
                return Declarations(type);

            default:
                return Roots();
        }

        static bool IsPrimary(IParameterSymbol parameter) =>
            parameter.DeclaringSyntaxReferences is [var reference] && reference.GetSyntax().Parent?.Parent is TypeDeclarationSyntax;

        static IEnumerable<SyntaxNode> Declarations(ISymbol declared)
        {
            foreach (var reference in declared.DeclaringSyntaxReferences)
                yield return reference.GetSyntax();
        }

        IEnumerable<SyntaxNode> Roots()
        {
            foreach (var tree in host.Compilation.SyntaxTrees)
                yield return tree.GetRoot();
        }
    }

    /// <summary>Whether <paramref name="operation"/> stands in a class or one that is nested in it.</summary>
    public bool StandsIn(IOperation operation, INamedTypeSymbol type)
    {
        for (var current = host.Index.Model(operation.Syntax.SyntaxTree).GetEnclosingSymbol(operation.Syntax.SpanStart); current is not null; current = current.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, type.OriginalDefinition))
                return true;
        }

        return false;
    }

    private IOperation? CreationOf(ISymbol variable, int depth, INamedTypeSymbol? assignedIn = null)
    {
        if (depth > MaxDepth)
            return null;

        if (CreationIn(Initializer(variable), depth + 1) is { } initial)
            return initial;

        if (variable is IParameterSymbol)
            return null;

        foreach (var reference in ReferencesTo(variable))
        {
            if (AssignedTo(reference) is { } value
                && (assignedIn is null || StandsIn(reference, assignedIn))
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
            if (value is not null && host.Index.Operation(value) is { } operation)
                return operation;
        }

        return null;
    }

    /// <summary>What is stored in the variable that <paramref name="target"/> names, or null where it is only read.</summary>
    private static IOperation? AssignedTo(IOperation target) => target.Parent switch
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

            case IInvocationOperation { TargetMethod: { Name: "GetAwaiter" or "GetResult" or "FromResult" or "Run" or "WaitAsync" or "Initialize" } method } call:
                // GetAwaiter().GetResult(); Task.Run(() => Connect()); new DocumentStore().Initialize()
                if (call.Instance is { } instance)
                    return CreationIn(instance, depth + 1);
                return call.Arguments.Length > 0 && method.DeclaringSyntaxReferences.IsEmpty ? CreationIn(call.Arguments[0].Value, depth + 1) : CreationReturned(method, depth + 1);

            case IInvocationOperation { TargetMethod: var method } when host.Resources.Find(method.ReturnType, value.Syntax.SyntaxTree) is not null:
                return CreationReturned(method, depth + 1);

            default:
                return null;
        }
    }

    /// <summary>A creation that a helper of the program's own returns; one that it keeps in a field belongs to that field.</summary>
    private IOperation? CreationReturned(IMethodSymbol method, int depth)
    {
        method = method.ReducedFrom ?? method;
        foreach (var reference in method.OriginalDefinition.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is { } declaration && host.Index.Operation(declaration) is { } body && CreationReturned(body, depth) is { } creation)
                return creation;
        }

        return null;
    }

    private IOperation? CreationReturned(IOperation body, int depth)
    {
        foreach (var operation in body.Descendants())
        {
            if (operation is IReturnOperation { ReturnedValue: { } returned }
                && Owner(operation) == Owner(body, itself: true)
                && Values.WalkDown(returned) is not (IAssignmentOperation or ICoalesceAssignmentOperation)
                && CreationIn(returned, depth + 1) is { } creation)
            {
                return creation;
            }
        }

        return null;
    }

    /// <summary>The lambda or local function that an operation runs in; null for the method itself.</summary>
    private static IOperation? Owner(IOperation operation, bool itself = false)
    {
        for (var current = itself ? operation : operation.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation)
                return current;
        }

        return null;
    }

    private IOperation? ReceiverOf(SimpleNameSyntax method)
    {
        if (SourceIndex.InvocationOf(method) is { } call)
            return host.Index.Operation(call) is IInvocationOperation invocation ? Unconditional(Values.Receiver(invocation)) : null;

        // A method group: Register(pool.Dispose)
        return method.Parent is MemberAccessExpressionSyntax access && host.Index.Operation(access) is IMethodReferenceOperation { Instance: { } instance }
            ? Values.WalkDown(instance)
            : null;
    }

    /// <summary>The receiver before <c>?.</c></summary>
    private static IOperation? Unconditional(IOperation? receiver)
    {
        if (receiver is not IConditionalAccessInstanceOperation)
            return receiver;

        for (var current = receiver.Parent; current is not null; current = current.Parent)
        {
            if (current is IConditionalAccessOperation access && access.WhenNotNull.Syntax.Span.Contains(receiver.Syntax.Span))
                return Values.WalkDown(access.Operation);
        }

        return receiver;
    }

    /// <summary>One question, with what it has asked already.</summary>
    private sealed class Flow(Ownership ownership, ResourceType resource)
    {
        private readonly HashSet<ISymbol> _asked = new(SymbolEqualityComparer.Default);

        public bool IsReleased(ISymbol variable)
        {
            if (!_asked.Add(variable.OriginalDefinition))
                return false;

            if (IsUsing(variable))
                return true;

            foreach (var reference in ownership.ReferencesTo(variable))
            {
                if (AssignedTo(reference) is null && Releases(reference))
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
                        return resource.IsClosedBy(reference.Method.Name);

                    case IInvocationOperation call when call.Instance == value:
                        if (resource.IsClosedBy(call.TargetMethod.Name))
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
                        return statement.Resources == value;

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
                    return target.DeclaringSyntaxReferences.IsEmpty || IsReleased(target);

                default:
                    return true;
            }
        }

        /// <summary>Null where the call hands its argument on as its own value.</summary>
        private bool? ReleasesArgument(IArgumentOperation argument)
        {
            var (method, arguments) = argument.Parent switch
            {
                IInvocationOperation invocation => (invocation.TargetMethod, invocation.Arguments),
                IObjectCreationOperation { Constructor: { } constructor } creation => (constructor, creation.Arguments),
                IPropertyReferenceOperation => (null, default),
                _ => (null, default),
            };
            if (method is null || argument.Parameter is not { } parameter)
                return argument.Parent is IInvalidOperation or IDynamicInvocationOperation or IDynamicObjectCreationOperation;

            var isReceiver = method.IsExtensionMethod && parameter.Ordinal == 0;
            if (isReceiver && resource.IsClosedBy(method.Name))
                return true;

            // The table's own names, as static methods that take the resource: Closer.Dispose(pool).
            if (!method.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
                return ReleasesParameter((method.ReducedFrom ?? method).OriginalDefinition, parameter.OriginalDefinition);

            if (Array.IndexOf(PassThrough, method.Name) >= 0 && (isReceiver || method.ContainingType.Name is "Task" or "ValueTask" or "Interlocked" or "Volatile" or "Enumerable"))
            {
                if (method.ContainingType.Name == "Interlocked" && parameter.Ordinal == 1)
                    return Values.SymbolOf(arguments[0].Value) is not { } target || IsReleased(target);
                return null;
            }

            if (method.ContainingType is { Name: "Lazy" })
                return null;

            // all.Select(pool => pool.DisposeAsync())
            if (isReceiver && argument.Parent is IInvocationOperation query && IsCollection(argument.Value) && ReleasesElements(query))
                return true;

            if (IsDisposable(parameter.OriginalDefinition.Type) || HasDisposeFlag(arguments) || HasClosingState(parameter, arguments))
                return true;

            if (argument.Parent is IInvocationOperation { Instance: { } collection } && Array.IndexOf(CollectionAdders, method.Name) >= 0)
            {
                // new List<IDisposable> { pool }
                if (collection is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver })
                {
                    var creation = argument.Parent.Parent?.Parent;
                    return creation is IObjectCreationOperation && Releases(creation);
                }

                return Values.SymbolOf(collection) is { } holder && IsReleased(holder);
            }

            return false;
        }

        /// <summary>What holds the resource among others: anything that isn't one itself.</summary>
        private bool IsCollection(IOperation value) =>
            Values.WalkDown(value).Type is { } type && ownership.Resources.Find(type, value.Syntax.SyntaxTree) is null;

        /// <summary>A call on a collection that takes its elements out and closes them: <c>TryPop(out var x)</c>, <c>Pop()</c>, <c>ForEach(x => x.Dispose())</c>.</summary>
        private bool ReleasesElements(IInvocationOperation call)
        {
            foreach (var argument in call.Arguments)
            {
                switch (Values.WalkDown(argument.Value))
                {
                    case IDeclarationExpressionOperation { Expression: ILocalReferenceOperation { Local: var taken } } when IsReleased(taken):
                    case ILocalReferenceOperation { Local: var known } when argument.Parameter?.RefKind == RefKind.Out && IsReleased(known):
                    case IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Symbol: var lambda } } when AnyParameterReleased(lambda):
                    case IDelegateCreationOperation { Target: IMethodReferenceOperation { Method: var method } } when AnyParameterReleased(method):
                        return true;
                }
            }

            return call.TargetMethod.Name is "Pop" or "Dequeue" or "Take" or "Single" or "First" or "Last" && Releases(call);
        }

        private bool AnyParameterReleased(IMethodSymbol method)
        {
            foreach (var parameter in method.Parameters)
            {
                if (IsReleased(parameter))
                    return true;
            }

            return false;
        }

        private bool ReleasesParameter(IMethodSymbol method, IParameterSymbol parameter)
        {
            // What an implementation does that is found at run time only can't be told.
            if (method.IsAbstract || method.IsExtern || method.IsPartialDefinition && method.PartialImplementationPart is null)
                return true;

            method = method.PartialImplementationPart ?? method;
            return parameter.Ordinal >= method.Parameters.Length || IsReleased(method.Parameters[parameter.Ordinal]);
        }

        private static bool HasDisposeFlag(IEnumerable<IArgumentOperation> arguments)
        {
            foreach (var argument in arguments)
            {
                if (argument is { Parameter: { Type.SpecialType: SpecialType.System_Boolean } flag, Value.ConstantValue: { HasValue: true, Value: true } }
                    && (flag.Name.StartsWith("dispose", StringComparison.OrdinalIgnoreCase) || flag.Name.StartsWith("own", StringComparison.OrdinalIgnoreCase)))
                {
                    return true;
                }

                if (argument is { Parameter: { Type.SpecialType: SpecialType.System_Boolean, Name: var keep }, Value.ConstantValue: { HasValue: true, Value: false } }
                    && keep.StartsWith("leaveOpen", StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary><c>token.Register(static state => ((IDisposable)state!).Dispose(), pool)</c></summary>
        private bool HasClosingState(IParameterSymbol parameter, IEnumerable<IArgumentOperation> arguments)
        {
            if (parameter.Type.SpecialType != SpecialType.System_Object)
                return false;

            foreach (var argument in arguments)
            {
                if (Values.WalkDown(argument.Value) is not IDelegateCreationOperation callback)
                    continue;

                foreach (var inside in callback.Descendants())
                {
                    if (inside is IInvocationOperation call && resource.IsClosedBy(call.TargetMethod.Name))
                        return true;
                }
            }

            return false;
        }

        /// <summary><c>IDisposable</c> itself, or a collection of them: such a parameter is there to dispose of what it is given.</summary>
        private bool IsDisposable(ITypeSymbol type) => type switch
        {
            IArrayTypeSymbol array => IsDisposable(array.ElementType),
            INamedTypeSymbol { TypeArguments: [var element] } named when named.Name != "Nullable" => IsDisposable(element),
            ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(IsDisposable),
            _ => Known.Is(type, KnownType.IDisposable) || Known.Is(type, KnownType.IAsyncDisposable),
        };

        private KnownTypes Known => ownership.Types;

        private bool ReleasesReturned(IOperation value, IReturnOperation returned)
        {
            if (Owner(returned) is IAnonymousFunctionOperation function)
                return ReleasesResultOf(function);

            var member = ownership.EnclosingMember(returned);

            // A method that only shows a field keeps it; who gets it that way may still close it.
            if (Values.SymbolOf(value) is IFieldSymbol or IPropertySymbol || value is IAssignmentOperation)
                return member is IMethodSymbol or IPropertySymbol && member.DeclaredAccessibility != Accessibility.NotApplicable && IsReleased(member);

            return true;
        }

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

    private KnownTypes Types => host.Types;

    private ResourceTypes Resources => host.Resources;

    /// <summary>The method or property that an operation is in; a local function has no accessibility and hands on what it returns.</summary>
    private ISymbol? EnclosingMember(IOperation operation) =>
        host.Index.EnclosingMethod(operation.Syntax) is IMethodSymbol method
            ? method.AssociatedSymbol ?? method
            : null;
}
