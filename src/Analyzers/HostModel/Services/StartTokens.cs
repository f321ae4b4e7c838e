using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Where the token of a service's <c>StartAsync</c> goes. It fires when the start is aborted, and never after it: what goes on with it alone learns nothing of the stop.
/// </summary>
internal sealed class StartTokens
{
    private readonly HostFacts _host;
    private readonly HostedService _service;
    private readonly Lazy<Dictionary<ISymbol, List<IOperation?>>> _given;
    private readonly HashSet<ISymbol> _asking = new(SymbolEqualityComparer.Default);

    public StartTokens(HostFacts host, HostedService service)
    {
        _host = host;
        _service = service;
        _given = new(FindGiven);
        AfterStart = new StoppingTokens(host, NeverFires);
    }

    /// <summary>Which tokens can fire once the start is over.</summary>
    public StoppingTokens AfterStart { get; }

    /// <summary>Whether <paramref name="parameter"/> is the start's own token, or one of a method of the class that is never given another.</summary>
    public bool IsOfStart(IParameterSymbol parameter) =>
        NeverFires(parameter)
        && (IsStarts(parameter) || _given.Value[parameter.OriginalDefinition].Any(value => _host.Tokens.MayStop(value)));

    private bool IsStarts(IParameterSymbol parameter) =>
        _host.Tokens.IsToken(parameter.Type) && _service.Starts.Contains(parameter.ContainingSymbol, SymbolEqualityComparer.Default);

    /// <summary>Whether nothing that the parameter is given can fire after the start.</summary>
    private bool NeverFires(IParameterSymbol parameter)
    {
        if (IsStarts(parameter))
            return true;

        // Others may call a method that isn't private, and with another token.
        if (parameter.ContainingSymbol is not IMethodSymbol method
            || !(method.MethodKind == MethodKind.LocalFunction || (method.DeclaredAccessibility == Accessibility.Private && _service.Has(method)))
            || !_given.Value.TryGetValue(parameter.OriginalDefinition, out var values))
        {
            return false;
        }

        lock (_asking)
        {
            if (!_asking.Add(parameter))
                return false;

            try
            {
                return values.All(value => value is not null && !AfterStart.MayStop(value));
            }
            finally
            {
                _asking.Remove(parameter);
            }
        }
    }

    /// <summary>What the token parameters of the class's methods are given; null stands for what can't be seen, behind a delegate.</summary>
    private Dictionary<ISymbol, List<IOperation?>> FindGiven()
    {
        var given = new Dictionary<ISymbol, List<IOperation?>>(SymbolEqualityComparer.Default);
        foreach (var method in (IReadOnlyList<ReachedMethod>)[.. _service.Running, .. _service.Members])
        {
            foreach (var operation in OperationWalk.All(method.Body))
            {
                switch (operation)
                {
                    case IArgumentOperation { Parameter: { } parameter, Value: var value } when _host.Tokens.IsToken(parameter.Type):
                        Note(parameter, value);
                        break;

                    case IMethodReferenceOperation { Method: var referenced }:
                        foreach (var parameter in referenced.Parameters)
                            Note(parameter, null);
                        break;
                }
            }
        }

        return given;

        void Note(IParameterSymbol parameter, IOperation? value)
        {
            if (!given.TryGetValue(parameter.OriginalDefinition, out var values))
                given.Add(parameter.OriginalDefinition, values = []);
            values.Add(value);
        }
    }
}
