using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The token that a stop is given: it fires when the host's time is over, not when the stop begins.</summary>
internal static class StopTime
{
    private const int MaxDepth = 5;

    /// <summary>Whether <paramref name="token"/> fires when the host's time is over: a token parameter of <paramref name="method"/>, or one that is linked to it.</summary>
    public static bool Is(IOperation token, IMethodSymbol method, HostFacts host) => Is(token, method, host, 0);

    /// <summary>Whether <paramref name="code"/> uses such a token in any way.</summary>
    public static bool IsUsedIn(IOperation code, IMethodSymbol method, HostFacts host)
    {
        foreach (var operation in OperationWalk.All(code))
        {
            if (host.Tokens.IsTokenOrSource(operation.Type) && Is(operation, method, host))
                return true;
        }

        return false;
    }

    /// <summary>Whether the call is given such a token.</summary>
    public static bool IsGivenTo(IInvocationOperation call, IMethodSymbol method, HostFacts host)
    {
        foreach (var argument in call.Arguments)
        {
            if (host.Tokens.IsToken(argument.Value.Type) && Is(argument.Value, method, host))
                return true;
        }

        return false;
    }

    private static bool Is(IOperation token, IMethodSymbol method, HostFacts host, int depth)
    {
        token = Values.WalkDown(token);
        if (depth > MaxDepth)
            return false;

        switch (token)
        {
            case IParameterReferenceOperation { Parameter: var parameter }:
                return host.Tokens.IsToken(parameter.Type) && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, method);

            case IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source }:
                return Is(source, method, host, depth + 1);

            case ILocalReferenceOperation when Texts.Definition(host, token) is { } definition:
                return Is(definition, method, host, depth + 1);

            case IInvocationOperation { TargetMethod: { Name: "CreateLinkedTokenSource", IsStatic: true } } link:
                foreach (var operation in OperationWalk.Own(link))
                {
                    if (operation != link && host.Tokens.IsToken(operation.Type) && Is(operation, method, host, depth + 1))
                        return true;
                }

                return false;

            default:
                return false;
        }
    }
}
