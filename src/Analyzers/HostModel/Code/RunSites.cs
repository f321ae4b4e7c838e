using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Who runs a piece of code.</summary>
[Flags]
internal enum RunBy
{
    Request = 1,
    HostedService = 2,
    StopCallback = 4,
}

/// <summary>Why a piece of code runs while the host does.</summary>
/// <param name="By">Who runs it; several where a private method is called by several.</param>
/// <param name="Root">The function that the host calls: the handler, the hosted service's method or the stop callback.</param>
/// <param name="Symbol">The symbol of <paramref name="Root"/>.</param>
/// <param name="Handler">What kind of handler it is, or null.</param>
/// <param name="Callback">The stop callback, or null.</param>
/// <param name="IsDirect">Whether the code stands in <paramref name="Root"/> itself, not in a private method that it calls.</param>
internal sealed record RunSite(RunBy By, SyntaxNode Root, IMethodSymbol Symbol, HandlerKind? Handler, StopCallback? Callback, bool IsDirect);

/// <summary>
/// Tells of any code who runs it: a request, a hosted service or a stop callback, also through private methods and local functions
/// that only those call. Code that others can call as well is nobody's.
/// </summary>
internal sealed class RunSites(HostFacts host)
{
    // Who runs a function itself, and who runs the code in it.
    private readonly ConcurrentDictionary<Place, RunSite?> _direct = new();
    private readonly ConcurrentDictionary<Place, RunSite?> _known = new();

    /// <summary>Who runs the code at <paramref name="node"/>, or null where that isn't known.</summary>
    public RunSite? Of(SyntaxNode node)
    {
        foreach (var innermost in Function.Around(node))
        {
            var place = Place.Of(innermost);
            if (!_known.TryGetValue(place, out var known))
                _known[place] = known = Of(node, []);
            return known;
        }

        return null;
    }

    private RunSite? Of(SyntaxNode node, HashSet<Place> asking)
    {
        LocalFunctionStatementSyntax? localFunction = null;
        foreach (var function in Function.Around(node))
        {
            if (Direct(function) is { } site)
                return site;

            switch (function)
            {
                case LocalFunctionStatementSyntax local:
                    localFunction ??= local;
                    break;
                case MethodDeclarationSyntax method when ByCallers(method, asking) is { } caller:
                    return caller;
            }
        }

        // A local function in code that nobody known runs: Main's own, called from handlers only.
        return localFunction is null ? null : ByCallers(localFunction, asking);
    }

    private RunSite? Direct(SyntaxNode function)
    {
        var place = Place.Of(function);
        if (_direct.TryGetValue(place, out var known))
            return known;

        var site = Function.SymbolOf(host, function) is { } symbol ? Direct(function, symbol, place) : null;
        _direct[place] = site;
        return site;
    }

    private RunSite? Direct(SyntaxNode function, IMethodSymbol symbol, Place place)
    {
        if (host.StopCallbacks.Of(place) is { } callback)
            return new(RunBy.StopCallback, function, symbol, null, callback, IsDirect: true);

        if (host.Handlers.Of(function, symbol) is { } handler)
            return new(RunBy.Request, function, symbol, handler, null, IsDirect: true);

        return symbol is { MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation, IsStatic: false, ContainingType: { } type }
            && host.Types.Inherits(type, KnownType.IHostedService)
            ? new(RunBy.HostedService, function, symbol, null, null, IsDirect: true)
            : null;
    }

    /// <summary>For a private method or a local function: who runs all the code that names it.</summary>
    private RunSite? ByCallers(SyntaxNode function, HashSet<Place> asking)
    {
        if (!asking.Add(Place.Of(function)) || Function.SymbolOf(host, function) is not { } symbol)
            return null;

        IEnumerable<SimpleNameSyntax> uses;
        if (symbol.MethodKind == MethodKind.LocalFunction)
            uses = SourceIndex.ScopeOf(function) is { } scope ? host.Index.UsesIn(scope, symbol.Name) : [];
        else if (symbol is { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary })
            uses = host.Index.UsesInTypeOf(symbol);
        else
            return null;

        RunSite? found = null;
        foreach (var name in uses)
        {
            // Calls of itself add no caller.
            if (!IsUseOf(symbol, name) || function.Span.Contains(name.Span))
                continue;

            if (Of(name, asking) is not { } caller)
                return null;

            found = found is null ? caller with { IsDirect = false } : found with { By = found.By | caller.By };
        }

        return found;
    }

    private bool IsUseOf(IMethodSymbol method, SimpleNameSyntax name)
    {
        var info = host.Index.Model(name.SyntaxTree).GetSymbolInfo(name);
        var used = info.Symbol ?? (info.CandidateSymbols is [var only] ? only : null);
        return used is IMethodSymbol called
            && SymbolEqualityComparer.Default.Equals(called.OriginalDefinition, method.OriginalDefinition)
            && name.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } };
    }
}
