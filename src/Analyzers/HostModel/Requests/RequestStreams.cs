using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Code that runs for a request and ends only when the client leaves.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Site">The handler; null for a web socket in a class of its own.</param>
/// <param name="Tokens">The expressions by which it learns that the client has left.</param>
internal sealed record RequestStream(StreamKind Kind, RunSite? Site, IReadOnlyList<RequestToken> Tokens);

/// <summary>Finds streams that no stop ends: loops, enumerations and waits in handlers.</summary>
internal sealed class RequestStreams
{
    private readonly HostFacts _host;
    private readonly StreamLoops _loops;
    private readonly StreamSources _sources;
    private readonly RequestTokens _tokens;

    public RequestStreams(HostFacts host)
    {
        _host = host;
        _loops = new StreamLoops(host);
        _tokens = new RequestTokens(host);
        _sources = new StreamSources(host, _loops, _tokens);
    }

    /// <summary>Whether <paramref name="loop"/> is a stream that no stop ends.</summary>
    public RequestStream? OfLoop(ILoopOperation loop)
    {
        if (!MayBeStream(loop))
            return null;

        var origins = new TokenOrigins();
        var kind = KindOf(loop, origins);
        if (kind is null || origins.MayEndEarlier || IsInOtherStream(loop))
            return null;

        if (IsOwnIterator(loop, out var iterator) && !IsHandler(iterator))
            return null;

        return Judge(loop, kind.Value, origins);
    }

    /// <summary>Whether <paramref name="call"/> is an enumeration that a handler returns, or a wait without a bound.</summary>
    public RequestStream? OfCall(IInvocationOperation call)
    {
        var origins = new TokenOrigins();
        StreamKind kind;
        if (_host.Types.Is(call.Type, KnownType.IAsyncEnumerable))
        {
            if (!IsGivenToFramework(call) || !_sources.IsEndless(call, null, origins))
                return null;
            kind = StreamKind.Stream;
        }
        else if (IsLongPoll(call))
        {
            kind = StreamKind.LongPoll;
        }
        else
        {
            return null;
        }

        return IsInOtherStream(call) ? null : Judge(call, kind, origins);
    }

    // By its shape and by who runs it: what could end it is a question to the whole program, which most loops needn't ask.
    private bool MayBeStream(ILoopOperation loop) =>
        (loop is IForEachLoopOperation each ? each.IsAsynchronous : _loops.KindOf(loop) is not null)
        && (_host.RunSites.Of(loop.Syntax) is { } site ? IsStreaming(site) : _host.Index.Any(IndexedNames.AcceptWebSocket));

    private StreamKind? KindOf(ILoopOperation loop, TokenOrigins origins)
    {
        if (loop is IForEachLoopOperation { IsAsynchronous: true } each)
            return _sources.IsEndless(each.Collection, null, origins) ? StreamKind.Stream : null;

        return _loops.KindOf(loop) is { } kind && !_sources.ReadsFiniteChannel(loop) ? kind : null;
    }

    private RequestStream? Judge(IOperation stream, StreamKind kind, TokenOrigins origins)
    {
        var site = _host.RunSites.Of(stream.Syntax);
        if (site is null ? kind != StreamKind.WebSocket || !_host.Index.Any(IndexedNames.AcceptWebSocket) : !IsStreaming(site))
            return null;

        _tokens.Collect(stream, null, origins);
        if (origins.MayEndEarlier || IsBoundedByPolicy(site))
            return null;

        if (_host.ShutdownState.IsReadBy(stream) == true || LooksAtStop(FunctionOf(stream, site)))
            return null;

        if (kind == StreamKind.Stream && site is { Handler: HandlerKind.Grpc })
            kind = StreamKind.Grpc;
        return new(kind, site, origins.OfRequest);
    }

    // SignalR ends its connections itself, and a health check's caller has its own timeout.
    private static bool IsStreaming(RunSite site) => site.By.HasFlag(RunBy.Request) && site.Handler is not (HandlerKind.Hub or HandlerKind.HealthCheck);

    private bool IsInOtherStream(IOperation inner)
    {
        for (var current = inner.Parent; current is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); current = current.Parent)
        {
            if (current is ILoopOperation outer && KindOf(outer, new TokenOrigins()) is not null)
                return true;
        }

        return false;
    }

    /// <summary>An iterator's loop runs where the iterator is enumerated; that is where it is reported, unless the framework enumerates it.</summary>
    private static bool IsOwnIterator(ILoopOperation loop, out SyntaxNode iterator)
    {
        iterator = loop.Syntax;
        foreach (var function in Function.Around(loop.Syntax))
        {
            iterator = function;
            break;
        }

        return StreamSources.IsIterator(iterator);
    }

    private bool IsHandler(SyntaxNode function) =>
        Function.SymbolOf(_host, function) is { } symbol && _host.Handlers.Of(function, symbol) is { } kind and not HandlerKind.Helper && kind != HandlerKind.Hub;

    /// <summary>Whether the code around the stream links it to the stop in another way: a registration that cancels or closes, a helper that gets the token or the socket.</summary>
    private bool LooksAtStop(IOperation function)
    {
        foreach (var operation in OperationWalk.All(function))
        {
            switch (operation)
            {
                case IPropertyReferenceOperation { Property.ContainingType: var owner } property
                    when StopCallbacks.TokenOf(_host, property) is not null || _host.Types.Inherits(owner, KnownType.IGracefulShutdown):
                    return true;

                case IInvocationOperation call when IsLink(call) && _host.ShutdownState.IsReadByMethod((call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition) == true:
                    return true;
            }
        }

        return false;
    }

    private bool IsLink(IInvocationOperation call) =>
        _host.Tokens.IsTokenOrSource(call.Type)
        || call.Arguments.Any(argument => _host.Types.Is(argument.Value.Type, KnownType.CancellationTokenSource) || _host.Types.Inherits(argument.Value.Type, KnownType.WebSocket));

    private static IOperation FunctionOf(IOperation stream, RunSite? site)
    {
        var current = stream;
        while (current.Parent is { } parent && (site is null || current.Syntax != site.Root))
            current = parent;
        return current;
    }

    // What the framework enumerates for the response: returned from the handler, or made a result.
    private bool IsGivenToFramework(IInvocationOperation call)
    {
        IOperation value = call;
        while (true)
        {
            switch (value.Parent)
            {
                case IConversionOperation or IParenthesizedOperation:
                    value = value.Parent;
                    continue;
                case IInvocationOperation outer when outer.Instance == value && StreamSources.PassesAll(outer):
                    value = outer;
                    continue;
                case IArgumentOperation { Parent: IInvocationOperation outer } argument:
                    if (argument.Parameter?.Ordinal == 0 && StreamSources.PassesAll(outer))
                    {
                        value = outer;
                        continue;
                    }

                    return Frameworks.IsAspNetCore(outer.TargetMethod);
                case IReturnOperation:
                    return !IsInsideIterator(value);
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                    foreach (var use in _host.Index.UsesOfLocal(local))
                    {
                        var whole = Values.WalkUp(use).Parent;
                        if (whole is IReturnOperation || (whole is IArgumentOperation { Parent: IInvocationOperation taker } && Frameworks.IsAspNetCore(taker.TargetMethod)))
                            return true;
                    }

                    return false;
                default:
                    return false;
            }
        }
    }

    private static bool IsInsideIterator(IOperation value)
    {
        foreach (var function in Function.Around(value.Syntax))
            return StreamSources.IsIterator(function);
        return false;
    }

    private bool IsLongPoll(IInvocationOperation call)
    {
        if (!_loops.IsWait(call) || Values.WalkUp(call) is not IAwaitOperation && call.Parent is not IAwaitOperation)
            return false;

        foreach (var _ in OperationWalk.LoopsAround(call))
            return false;

        return call.TargetMethod.Name switch
        {
            "Delay" => call.Arguments is [{ Value: var time }, ..] && TimeSpans.ConstantOf(time, _host) == TimeSpans.Infinite,
            "ReadAsync" or "WaitToReadAsync" => !_sources.IsFiniteChannel(call) && HasToken(call),
            _ => false,
        };
    }

    private bool HasToken(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.ArgumentKind == ArgumentKind.Explicit && _host.Tokens.IsToken(argument.Value.Type))
                return true;
        }

        return false;
    }

    /// <summary>A request timeout of the framework: <c>[RequestTimeout]</c>, <c>WithRequestTimeout</c>.</summary>
    private static bool IsBoundedByPolicy(RunSite? site)
    {
        if (site is null)
            return false;

        if (HasTimeout(site.Symbol) || HasTimeout(site.Symbol.ContainingType))
            return true;

        for (var node = site.Root.Parent; node is not null and not StatementSyntax; node = node.Parent)
        {
            if (node is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WithRequestTimeout" })
                return true;
        }

        return false;
    }

    private static bool HasTimeout(ISymbol? symbol) =>
        symbol is not null && symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "RequestTimeoutAttribute");
}
