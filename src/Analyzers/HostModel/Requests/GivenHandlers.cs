using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The functions that are given to the framework's calls: endpoints, middleware, filters.</summary>
internal sealed class GivenHandlers
{
    private readonly HostFacts _host;
    private readonly Lazy<HandlerCandidates> _candidates;
    private readonly Lazy<Dictionary<Place, HandlerKind>> _all;
    private readonly HashSet<(ISymbol Method, int Parameter)> _wrappers = [];
    private readonly Queue<(IMethodSymbol Method, int Parameter)> _wrappersToFollow = new();

    public GivenHandlers(HostFacts host)
    {
        _host = host;
        _candidates = new(() => new HandlerCandidates(host));
        _all = new(FindAll);
    }

    /// <summary>What a function is given as: <see cref="HandlerKind.Endpoint"/>, <see cref="HandlerKind.Context"/>, or null.</summary>
    public HandlerKind? Of(SyntaxNode function) =>
        _host.Types.Has(KnownType.HttpContext) && _candidates.Value.MayBe(function) && _all.Value.TryGetValue(Place.Of(function), out var kind) ? kind : null;

    private Dictionary<Place, HandlerKind> FindAll()
    {
        var all = new Dictionary<Place, HandlerKind>();
        foreach (var syntax in _candidates.Value.Calls)
        {
            if (_host.Index.Operation(syntax) is IInvocationOperation call && Frameworks.IsAspNetCore(call.TargetMethod))
                NoteArguments(all, call);
        }

        while (_wrappersToFollow.Count > 0)
        {
            var (wrapper, parameter) = _wrappersToFollow.Dequeue();
            foreach (var call in _host.Index.Calls(wrapper))
            {
                foreach (var argument in call.Arguments)
                {
                    if (argument.Parameter?.Ordinal == parameter)
                        Note(all, argument.Value, HandlerKind.Endpoint);
                }
            }
        }

        return all;
    }

    private void NoteArguments(Dictionary<Place, HandlerKind> all, IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Type is not { } type)
                continue;

            if (type.SpecialType == SpecialType.System_Delegate || type is { Name: "Delegate", ContainingNamespace.Name: "System" })
                Note(all, argument.Value, HandlerKind.Endpoint);
            else if (type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } && TakesRequest(invoke))
                Note(all, argument.Value, HandlerKind.Context);
        }
    }

    private bool TakesRequest(IMethodSymbol invoke)
    {
        foreach (var parameter in invoke.Parameters)
        {
            if (_host.Handlers.IsRequest(parameter.Type))
                return true;
        }

        return false;
    }

    private void Note(Dictionary<Place, HandlerKind> all, IOperation handler, HandlerKind kind)
    {
        // The app's own wrapper hands its parameter on: what counts is what its callers give.
        if (Delegates.Unwrap(handler) is IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol wrapper } parameter })
        {
            var declared = wrapper.OriginalDefinition;
            if (_wrappers.Add((declared, parameter.Ordinal)))
                _wrappersToFollow.Enqueue((declared, parameter.Ordinal));
            return;
        }

        // A function that is given as both is an endpoint.
        foreach (var function in Delegates.Resolve(_host, handler))
        {
            if (kind == HandlerKind.Endpoint || !all.ContainsKey(function.Place))
                all[function.Place] = kind;
        }
    }
}
