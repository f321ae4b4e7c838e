using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What a stream can learn from the tokens that it looks at.</summary>
internal sealed class TokenOrigins
{
    /// <summary>Whether one of them can fire for another reason than that the client leaves: the stop, a short timeout, something out of sight.</summary>
    public bool MayEndEarlier { get; set; }

    /// <summary>The expressions that stand for "the client has left": <c>RequestAborted</c>, the token that is bound to it, and <c>None</c> where a wait is given it.</summary>
    public List<RequestToken> OfRequest { get; } = [];
}

/// <summary>An expression that stands for "the client has left".</summary>
/// <param name="Syntax">The expression.</param>
/// <param name="Endpoint">The minimal API's handler whose parameter it is, so that the handler can be given another one; else null.</param>
internal sealed record RequestToken(SyntaxNode Syntax, SyntaxNode? Endpoint);

/// <summary>The arguments that stand for a method's parameters at one call.</summary>
internal sealed record CallFrame(IReadOnlyDictionary<IParameterSymbol, IOperation> Arguments, IOperation? Enumerator, CallFrame? Outer)
{
    /// <summary>The frame of <paramref name="method"/>, which is what <paramref name="call"/> calls or stands behind that.</summary>
    public static CallFrame Of(IInvocationOperation call, IMethodSymbol method, IOperation? enumerator, CallFrame? outer)
    {
        var arguments = new Dictionary<IParameterSymbol, IOperation>(SymbolEqualityComparer.Default);
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { Ordinal: var ordinal } && ordinal < method.Parameters.Length)
                arguments[method.Parameters[ordinal].OriginalDefinition] = argument.Value;
        }

        return new(arguments, enumerator, outer);
    }
}

/// <summary>Follows the tokens of a request back to where they come from.</summary>
internal sealed class RequestTokens(HostFacts host)
{
    private const int MaxDepth = 10;

    /// <summary>A bound below the host's default shutdown timeout ends the stream within the stop.</summary>
    private static readonly TimeSpan ShortBound = TimeSpan.FromSeconds(30);

    /// <summary>Where the tokens that <paramref name="code"/> uses come from.</summary>
    public void Collect(IOperation code, CallFrame? frame, TokenOrigins origins)
    {
        foreach (var operation in OperationWalk.All(code))
        {
            if (host.Tokens.IsTokenOrSource(operation.Type) && IsRead(operation))
                Follow(operation, frame, origins, 0);
        }
    }

    /// <summary>Where one token comes from.</summary>
    public void Follow(IOperation token, CallFrame? frame, TokenOrigins origins) => Follow(token, frame, origins, 0);

    /// <summary>Whether <paramref name="value"/> is <c>RequestAborted</c>, or what gRPC makes of it.</summary>
    public bool IsRequestAborted(IOperation value) => value is IPropertyReferenceOperation { Property: { } property } && property.Name switch
    {
        "RequestAborted" => host.Types.Is(property.ContainingType, KnownType.HttpContext),
        "CancellationToken" => property.ContainingType.Name == "ServerCallContext" && host.Handlers.IsRequest(property.ContainingType),
        _ => false,
    };

    private bool IsRead(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: { Name: "Token" or "None" } property } => host.Types.Is(property.ContainingType, KnownType.CancellationToken) && IsGivenToWait(operation),
        IDefaultValueOperation => IsGivenToWait(operation),
        ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation or IInvocationOperation =>
            operation.Parent is not IAssignmentOperation assignment || assignment.Target != operation,
        _ => false,
    };

    // CancellationToken.None in a send or a close is cleanup that must complete, and in a delay no more than that: what counts is the token that the loop asks.
    private static bool IsGivenToWait(IOperation token)
    {
        var value = Values.WalkUp(token);
        return value.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "ReceiveAsync" or "ReadAllAsync" or "ReadAsync" or "WaitToReadAsync" or "MoveNext" } };
    }

    private void Follow(IOperation token, CallFrame? frame, TokenOrigins origins, int depth)
    {
        if (depth > MaxDepth)
        {
            origins.MayEndEarlier = true;
            return;
        }

        var value = Values.WalkDown(token);
        if (host.Tokens.IsNone(value))
        {
            if (IsGivenToWait(value) && value.Syntax is not ArgumentSyntax)
                AddLeaf(value, origins);
            return;
        }

        if (IsRequestAborted(value))
        {
            AddLeaf(value, origins);
            return;
        }

        switch (value)
        {
            case IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source } when host.Types.Is(source.Type, KnownType.CancellationTokenSource):
                Follow(source, frame, origins, depth + 1);
                break;

            case ILocalReferenceOperation { Local: var local }:
                FollowLocal(local, frame, origins, depth);
                break;

            case IParameterReferenceOperation { Parameter: var parameter }:
                FollowParameter(value, parameter, frame, origins, depth);
                break;

            case IObjectCreationOperation { Arguments: var arguments } creation when host.Types.Is(creation.Type, KnownType.CancellationTokenSource):
                if (arguments is [{ Value: var time }, ..])
                    FollowTime(time, origins);
                break;

            case IInvocationOperation { TargetMethod: { Name: "CreateLinkedTokenSource", IsStatic: true } } link:
                foreach (var operation in OperationWalk.Own(link))
                {
                    if (operation != link && host.Tokens.IsTokenOrSource(operation.Type) && operation.Parent is not IPropertyReferenceOperation { Property.Name: "Token" } && operation is not IConversionOperation)
                        Follow(operation, frame, origins, depth + 1);
                }

                break;

            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                Follow(choice.WhenTrue, frame, origins, depth + 1);
                Follow(otherwise, frame, origins, depth + 1);
                break;

            case ICoalesceOperation coalesce:
                Follow(coalesce.Value, frame, origins, depth + 1);
                Follow(coalesce.WhenNull, frame, origins, depth + 1);
                break;

            case IConditionalAccessOperation { WhenNotNull: var member }:
                Follow(member, frame, origins, depth + 1);
                break;

            case IConditionalAccessInstanceOperation:
                break;

            default:
                origins.MayEndEarlier = true;
                break;
        }
    }

    private static void AddLeaf(IOperation value, TokenOrigins origins, SyntaxNode? endpoint = null)
    {
        if (!origins.OfRequest.Exists(token => token.Syntax == value.Syntax))
            origins.OfRequest.Add(new(value.Syntax, endpoint));
    }

    private void FollowTime(IOperation time, TokenOrigins origins)
    {
        if (TimeSpans.ConstantOf(time, host) is not { } bound || (bound >= TimeSpan.Zero && bound <= ShortBound))
            origins.MayEndEarlier = true;
    }

    private void FollowLocal(ILocalSymbol local, CallFrame? frame, TokenOrigins origins, int depth)
    {
        if (local.DeclaringSyntaxReferences is not [var declaration])
        {
            origins.MayEndEarlier = true;
            return;
        }

        // A foreach variable, a pattern or an out variable has no value that could be followed.
        if (declaration.GetSyntax() is not VariableDeclaratorSyntax declarator)
        {
            origins.MayEndEarlier = true;
            return;
        }

        if (declarator.Initializer is { } initializer && host.Index.Operation(initializer.Value) is { } initial)
            Follow(initial, frame, origins, depth + 1);

        foreach (var use in host.Index.UsesOfLocal(local))
        {
            switch (use.Parent)
            {
                case IAssignmentOperation assignment when assignment.Target == use:
                    Follow(assignment.Value, frame, origins, depth + 1);
                    break;

                case IInvocationOperation { TargetMethod.Name: "CancelAfter", Arguments: [{ Value: var time }, ..] } call when call.Instance == use:
                    FollowTime(time, origins);
                    break;

                // The source goes elsewhere, where it may be cancelled.
                case IArgumentOperation { Parent: not IInvocationOperation { TargetMethod.Name: "CreateLinkedTokenSource" } }
                    or IVariableInitializerOperation or IReturnOperation or ITupleOperation when host.Types.Is(use.Type, KnownType.CancellationTokenSource):
                case IAssignmentOperation other when other.Value == use && host.Types.Is(use.Type, KnownType.CancellationTokenSource):
                    origins.MayEndEarlier = true;
                    break;
            }
        }
    }

    private void FollowParameter(IOperation use, IParameterSymbol parameter, CallFrame? frame, TokenOrigins origins, int depth)
    {
        var declared = parameter.OriginalDefinition;
        if (frame is not null && frame.Arguments.TryGetValue(declared, out var argument))
        {
            if (frame.Enumerator is { } enumerator && IsEnumerators(declared))
                Follow(enumerator, frame.Outer, origins, depth + 1);
            if (!host.Tokens.IsNone(argument) || frame.Enumerator is null)
                Follow(argument, frame.Outer, origins, depth + 1);
            return;
        }

        if (declared.ContainingSymbol is not IMethodSymbol { DeclaringSyntaxReferences: [var reference, ..] } method || !host.IsInSource(method))
        {
            origins.MayEndEarlier = true;
            return;
        }

        // The framework binds a handler's token to RequestAborted.
        if (host.Handlers.Of(reference.GetSyntax(), method) is { } kind and not HandlerKind.Helper)
        {
            if (kind is HandlerKind.Endpoint or HandlerKind.Action or HandlerKind.Page or HandlerKind.EndpointClass or HandlerKind.Context)
                AddLeaf(use, origins, kind == HandlerKind.Endpoint ? reference.GetSyntax() : null);
            else
                origins.MayEndEarlier = true;
            return;
        }

        // Others get theirs from whoever calls them.
        var found = false;
        foreach (var call in host.Index.Calls(method))
        {
            foreach (var given in call.Arguments)
            {
                if (given.Parameter?.Ordinal == declared.Ordinal)
                {
                    found = true;
                    if (given.ArgumentKind == ArgumentKind.Explicit)
                        Follow(given.Value, null, origins, depth + 1);
                }
            }
        }

        origins.MayEndEarlier |= !found;
    }

    private static bool IsEnumerators(IParameterSymbol parameter)
    {
        foreach (var attribute in parameter.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "EnumeratorCancellationAttribute")
                return true;
        }

        return false;
    }
}
