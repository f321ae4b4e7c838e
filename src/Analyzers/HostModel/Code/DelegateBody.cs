using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The one function that a delegate runs, where there is no doubt which: <see cref="Delegates"/> with a single answer.</summary>
/// <param name="Method">The function's symbol.</param>
/// <param name="Syntax">Its declaration.</param>
/// <param name="Operation">Its body.</param>
internal sealed record DelegateBody(IMethodSymbol Method, SyntaxNode Syntax, IOperation Operation)
{
    public static DelegateBody? Of(HostFacts host, IOperation? value) =>
        value is not null && Delegates.Resolve(host, value) is [var only] ? Of(only) : null;

    public static DelegateBody? Of(HostFacts host, IMethodSymbol method) => Function.Of(host, method) is { } function ? Of(function) : null;

    private static DelegateBody? Of(Function function) => function.Body is { } body ? new(function.Symbol, function.Syntax, body) : null;
}
