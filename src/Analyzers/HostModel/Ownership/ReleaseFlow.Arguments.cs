using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What calls do with a resource that they are given: they close it, keep it among others, or only use it.</summary>
internal sealed partial class ReleaseFlow
{
    private static readonly string[] CollectionAdders =
        ["Add", "AddRange", "AddFirst", "AddLast", "Append", "Enqueue", "GetOrAdd", "AddOrUpdate", "Insert", "Prepend", "Push", "TryAdd", "TryEnqueue", "TryWrite", "WriteAsync"];

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
        if (isReceiver && ending.Is(method.Name))
            return true;

        // The table's own names, as static methods that take the resource: Closer.Dispose(pool).
        if (host.IsInSource(method.OriginalDefinition))
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

        if ((ending.ByDisposal && (IsDisposable(parameter.OriginalDefinition.Type) || HasDisposeFlag(arguments))) || HasClosingState(parameter, arguments))
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
        Values.WalkDown(value).Type is { } type && host.Resources.Find(type, value.Syntax.SyntaxTree) is null;

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
        // What an implementation does that is found at run time only, or in another project, can't be told.
        if (method.IsAbstract || method.IsExtern || !host.IsInSource(method) || method.IsPartialDefinition && method.PartialImplementationPart is null)
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
                if (inside is IInvocationOperation call && ending.Is(call.TargetMethod.Name))
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
        _ => host.Types.Is(type, KnownType.IDisposable) || host.Types.Is(type, KnownType.IAsyncDisposable),
    };
}
