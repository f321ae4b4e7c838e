using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A method's body and why it runs.</summary>
/// <param name="Symbol">The method.</param>
/// <param name="Code">Its body, to be kept.</param>
/// <param name="IsWork">Whether it goes on after the start: <c>ExecuteAsync</c>, or what <c>StartAsync</c> sets going without waiting for it.</param>
internal sealed record ReachedMethod(IMethodSymbol Symbol, Bound<IOperation> Code, bool IsWork)
{
    public IOperation Body => Code.Operation;
}

/// <summary>A class that is a hosted service, directly or through any base class.</summary>
internal sealed class HostedService
{
    private static readonly string[] StartNames = ["StartAsync", "StartingAsync", "StartedAsync"];
    private static readonly string[] StopNames = ["StopAsync", "StoppingAsync", "StoppedAsync"];

    private readonly HostFacts _host;

    // Not Lazy, which is larger than what it holds here: two threads may find the same twice.
    private IReadOnlyList<ReachedMethod>? _running;
    private IReadOnlyList<ReachedMethod>? _stopping;
    private IReadOnlyList<ReachedMethod>? _members;
    private HashSet<ISymbol>? _endedAtStop;
    private HashSet<ISymbol>? _endedByStopAsync;
    private StartTokens? _startTokens;

    public HostedService(HostFacts host, INamedTypeSymbol type)
    {
        _host = host;
        Type = type;
        IsBackgroundService = host.Types.Inherits(type, KnownType.BackgroundService);
        Execute = FindExecute();
        Starts = Implementations(StartNames);
        Stops = Implementations(StopNames);
        Start = Starts.FirstOrDefault(method => method.Name.EndsWith("StartAsync", StringComparison.Ordinal));
        Stop = Stops.FirstOrDefault(method => method.Name.EndsWith("StopAsync", StringComparison.Ordinal));
    }

    public INamedTypeSymbol Type { get; }

    public bool IsBackgroundService { get; }

    /// <summary><c>ExecuteAsync</c> as it runs for this class, where that is source of this compilation.</summary>
    public IMethodSymbol? Execute { get; }

    /// <summary><c>StartAsync</c> and the other methods that the host calls at the start, where they are source.</summary>
    public IReadOnlyList<IMethodSymbol> Starts { get; }

    /// <summary><c>StopAsync</c> and the other methods that the host calls at the stop, where they are source.</summary>
    public IReadOnlyList<IMethodSymbol> Stops { get; }

    public IMethodSymbol? Start { get; }

    public IMethodSymbol? Stop { get; }

    /// <summary>What runs between start and stop: the entry methods, and methods of the class and its base classes that they call.</summary>
    public IReadOnlyList<ReachedMethod> Running => _running ??= Reach(Execute, Starts, throughStarts: true);

    /// <summary>What runs at the stop: <c>StopAsync</c>, <c>Dispose</c> and what they call.</summary>
    public IReadOnlyList<ReachedMethod> Stopping => _stopping ??= Reach(null, [.. Stops, .. Disposals()], throughStarts: false);

    /// <summary>Every method, constructor and accessor that the class itself declares.</summary>
    public IReadOnlyList<ReachedMethod> Members => _members ??= FindMembers();

    /// <summary>
    /// The fields, properties and locals that the stop acts on: something is called on them or assigned to them in <c>StopAsync</c>, in a disposal or in a
    /// callback on a token. What waits for such a thing is woken by it. Loggers don't count.
    /// </summary>
    public HashSet<ISymbol> EndedAtStop => _endedAtStop ??= FindEnded(Stopping);

    /// <summary>The same without what only a disposal acts on: that comes when all other services have stopped.</summary>
    public HashSet<ISymbol> EndedByStopAsync => _endedByStopAsync ??= FindEnded(Reach(null, Stops, throughStarts: false));

    /// <summary>Where the token of the start goes.</summary>
    public StartTokens StartTokens => _startTokens ??= new StartTokens(_host, this);

    /// <summary>The body of a method of this compilation, or null.</summary>
    public static IOperation? BodyOf(HostFacts host, IMethodSymbol method) => CodeOf(host, method)?.Operation;

    /// <summary>The same, to be kept.</summary>
    public static Bound<IOperation>? CodeOf(HostFacts host, IMethodSymbol method)
    {
        var implementation = method.PartialImplementationPart ?? method;
        foreach (var reference in implementation.DeclaringSyntaxReferences)
        {
            var syntax = reference.GetSyntax();
            // A base class of a referenced project has syntax too, of another compilation.
            if (syntax is BaseMethodDeclarationSyntax { Body: null, ExpressionBody: null } || !host.Compilation.ContainsSyntaxTree(syntax.SyntaxTree))
                continue;
            if (host.Index.Operation(syntax) is not null)
                return new(host.Index, syntax);
        }

        return null;
    }

    /// <summary>The method that a call on this object runs: the last override.</summary>
    public IMethodSymbol Resolve(IMethodSymbol called)
    {
        var definition = (called.ReducedFrom ?? called).OriginalDefinition;
        if (!definition.IsVirtual && !definition.IsAbstract && !definition.IsOverride)
            return definition;

        for (ITypeSymbol? type = Type; type is not null; type = type.BaseType)
        {
            foreach (var member in type.OriginalDefinition.GetMembers(definition.Name))
            {
                for (var overridden = member as IMethodSymbol; overridden is not null; overridden = overridden.OverriddenMethod?.OriginalDefinition)
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden, definition))
                        return ((IMethodSymbol)member).OriginalDefinition;
                }
            }
        }

        return definition;
    }

    /// <summary>Whether the class has the member itself or by inheritance.</summary>
    public bool Has(ISymbol member)
    {
        for (ITypeSymbol? type = Type; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, member.ContainingType?.OriginalDefinition))
                return true;
        }

        return false;
    }

    private IMethodSymbol? FindExecute()
    {
        for (INamedTypeSymbol? type = Type; type is not null; type = type.BaseType)
        {
            foreach (var member in type.OriginalDefinition.GetMembers("ExecuteAsync"))
            {
                if (member is IMethodSymbol { IsOverride: true, DeclaringSyntaxReferences.IsEmpty: false } method
                    && Root(method).DeclaringSyntaxReferences.IsEmpty
                    && method.Parameters.Any(parameter => _host.Types.Is(parameter.Type, KnownType.CancellationToken)))
                {
                    return method;
                }
            }
        }

        return null;
    }

    private static IMethodSymbol Root(IMethodSymbol method)
    {
        while (method.OverriddenMethod is { } overridden)
            method = overridden;
        return method;
    }

    private IMethodSymbol[] Implementations(string[] names)
    {
        var found = new List<IMethodSymbol>();
        foreach (var contract in (KnownType[])[KnownType.IHostedService, KnownType.IHostedLifecycleService])
        {
            foreach (var name in names)
            {
                if (_host.Types[contract] is not { } type || !MayImplement(type, name))
                    continue;

                foreach (var declared in type.GetMembers(name))
                {
                    if (Type.FindImplementationForInterfaceMember(declared) is IMethodSymbol implementation
                        && Resolve(implementation) is { DeclaringSyntaxReferences.IsEmpty: false } own)
                    {
                        found.Add(own);
                    }
                }
            }
        }

        return [.. found];
    }

    // Looking for an implementation costs the compiler a note for each class, and most leave all but one of these to BackgroundService.
    private bool MayImplement(INamedTypeSymbol contract, string name)
    {
        for (var type = Type; type is not null; type = type.BaseType)
        {
            if (_host.IsInSource(type)
                && (type.OriginalDefinition.MemberNames.Contains(name) || type.Interfaces.Any(listed => listed.Equals(contract, SymbolEqualityComparer.Default) || listed.AllInterfaces.Contains(contract, SymbolEqualityComparer.Default))))
            {
                return true;
            }
        }

        return false;
    }

    private List<IMethodSymbol> Disposals()
    {
        var found = new List<IMethodSymbol>();
        for (INamedTypeSymbol? type = Type; type is not null; type = type.BaseType)
        {
            foreach (var member in type.OriginalDefinition.GetMembers())
            {
                if (member is IMethodSymbol { DeclaringSyntaxReferences.IsEmpty: false } method
                    && (method.Name is "Dispose" or "DisposeAsync" or "DisposeAsyncCore" || method.Name.EndsWith(".Dispose", StringComparison.Ordinal) || method.Name.EndsWith(".DisposeAsync", StringComparison.Ordinal)))
                {
                    found.Add(method);
                }
            }
        }

        return found;
    }

    private ReachedMethod[] Reach(IMethodSymbol? work, IReadOnlyList<IMethodSymbol> roots, bool throughStarts)
    {
        var reached = new Dictionary<ISymbol, ReachedMethod>(SymbolEqualityComparer.Default);
        var pending = new Stack<(IMethodSymbol Method, bool IsWork)>();
        foreach (var root in roots)
            pending.Push((root, false));
        if (work is not null)
            pending.Push((work, true));

        while (pending.Count > 0)
        {
            var (method, isWork) = pending.Pop();
            if (reached.TryGetValue(method, out var known) && (known.IsWork || !isWork))
                continue;

            if ((known?.Code ?? CodeOf(_host, method)) is not { } code)
                continue;

            reached[method] = new(method, code, isWork);
            foreach (var operation in OperationWalk.All(code.Operation))
            {
                var called = operation switch
                {
                    IInvocationOperation call => call.TargetMethod,
                    IMethodReferenceOperation reference => reference.Method,
                    _ => null,
                };
                if (called is { MethodKind: not MethodKind.LocalFunction } && Has(called) && Resolve(called) is { DeclaringSyntaxReferences.IsEmpty: false } target)
                {
                    // StopAsync that calls StartAsync's helpers, and a restart that calls StopAsync, keep their own part.
                    if (throughStarts && Array.IndexOf(StopNames, target.Name) >= 0)
                        continue;
                    pending.Push((target, isWork || (throughStarts && StartedWork.GoesOn(operation, _host))));
                }
            }
        }

        return [.. reached.Values];
    }

    private ReachedMethod[] FindMembers()
    {
        var members = new List<ReachedMethod>();
        foreach (var member in Type.GetMembers())
        {
            if (member is IMethodSymbol { IsImplicitlyDeclared: false } method && CodeOf(_host, method) is { } code)
                members.Add(new(method, code, IsWork: false));
        }

        return [.. members];
    }

    private HashSet<ISymbol> FindEnded(IReadOnlyList<ReachedMethod> stopping)
    {
        var symbols = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var method in stopping)
            NoteActions(OperationWalk.All(method.Body), symbols);

        // token.Register(() => listener.Stop()), token.Register(listener.Stop), lifetime.ApplicationStopping.Register(...)
        foreach (var method in (IReadOnlyList<ReachedMethod>)[.. Running, .. Members])
        {
            foreach (var operation in OperationWalk.All(method.Body))
            {
                if (operation is not IInvocationOperation { TargetMethod.Name: "Register" or "UnsafeRegister" } register
                    || !_host.Types.Is(register.Instance?.Type, KnownType.CancellationToken))
                {
                    continue;
                }

                foreach (var inner in OperationWalk.All(register))
                {
                    switch (inner)
                    {
                        case IAnonymousFunctionOperation callback:
                            NoteActions(OperationWalk.All(callback.Body), symbols);
                            break;
                        case IMethodReferenceOperation { Instance: { } target } when Root(target) is { } root:
                            symbols.Add(root);
                            break;
                        case IMethodReferenceOperation { Method: var callback } when Has(callback) && BodyOf(_host, Resolve(callback)) is { } body:
                            NoteActions(OperationWalk.All(body), symbols);
                            break;
                    }
                }
            }
        }

        return symbols;
    }

    private void NoteActions(IEnumerable<IOperation> operations, HashSet<ISymbol> symbols)
    {
        foreach (var operation in operations)
        {
            var acted = operation switch
            {
                IInvocationOperation call => Values.Receiver(call),
                IAssignmentOperation assignment => assignment.Target,
                IAwaitOperation awaited => awaited.Operation,
                IArgumentOperation argument when !IsForLogger(argument) => argument.Value,
                IVariableInitializerOperation copy => copy.Value,
                _ => null,
            };
            if (acted is not null && Root(acted) is { } root && !IsLogger(root))
                symbols.Add(root);
        }
    }

    private static bool IsForLogger(IArgumentOperation argument) =>
        argument.Parent is IInvocationOperation call && Values.Receiver(call) is { } receiver && Root(receiver) is { } root && IsLogger(root);

    /// <summary>The field, property or local of the class that <paramref name="value"/> starts from: <c>_channel</c> in <c>_channel.Writer</c>.</summary>
    public static ISymbol? Root(IOperation value)
    {
        while (true)
        {
            value = Values.WalkDown(value);
            switch (value)
            {
                case IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field:
                    return field.Field.OriginalDefinition;
                case IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } property:
                    return property.Property.OriginalDefinition;
                case ILocalReferenceOperation local:
                    return local.Local;
                case IParameterReferenceOperation parameter:
                    return parameter.Parameter;
                case IFieldReferenceOperation { Instance: { } owner }:
                    value = owner;
                    break;
                case IPropertyReferenceOperation { Instance: { } owner }:
                    value = owner;
                    break;
                case IInvocationOperation call when Values.Receiver(call) is { } receiver:
                    value = receiver;
                    break;
                case IConditionalAccessOperation access:
                    value = access.Operation;
                    break;
                case IConditionalAccessInstanceOperation instance when Values.Unconditional(instance) is { } receiver && receiver != instance:
                    value = receiver;
                    break;
                case ICoalesceOperation coalesce:
                    value = coalesce.Value;
                    break;
                default:
                    return null;
            }
        }
    }

    private static bool IsLogger(ISymbol symbol)
    {
        var type = symbol switch
        {
            IFieldSymbol field => field.Type,
            IPropertySymbol property => property.Type,
            ILocalSymbol local => local.Type,
            IParameterSymbol parameter => parameter.Type,
            _ => null,
        };
        return type is { Name: "ILogger" or "Logger" or "ILog" } || type is { Name: "CancellationToken" };
    }
}
