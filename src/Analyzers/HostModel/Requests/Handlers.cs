using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>How a handler comes to run; this decides where its services come from.</summary>
internal enum HandlerKind
{
    /// <summary>Given to <c>MapGet</c> and its kin as <c>Delegate</c>: its parameters are bound from the request and the services.</summary>
    Endpoint,

    /// <summary>A function that is given the request itself (<c>HttpContext</c> and its kin): <c>RequestDelegate</c>, inline middleware, filters, helpers.</summary>
    Context,

    /// <summary>A method that takes the request itself and that other code calls: its return is not the end of the handler.</summary>
    Helper,

    /// <summary>A controller's action.</summary>
    Action,

    /// <summary>A handler of a Razor page.</summary>
    Page,

    /// <summary>A middleware class.</summary>
    Middleware,

    /// <summary>A method of a SignalR hub.</summary>
    Hub,

    /// <summary>A method of a gRPC service.</summary>
    Grpc,

    /// <summary>The execution of an action's or an endpoint's result.</summary>
    Result,

    /// <summary>A health check, run for a probe's request.</summary>
    HealthCheck,

    /// <summary>An endpoint class of FastEndpoints, or one that the option <c>handler_types</c> names.</summary>
    EndpointClass,
}

/// <summary>Which functions run for a request. What such a function calls is <see cref="RunSites"/>' question.</summary>
internal sealed class Handlers
{
    private readonly HostFacts _host;
    private readonly GivenHandlers _given;

    public Handlers(HostFacts host)
    {
        _host = host;
        _given = new(host);
    }

    /// <summary>How the function runs for a request, or null where it isn't known to. Looks at the function alone, not at what it stands in.</summary>
    public HandlerKind? Of(SyntaxNode function, IMethodSymbol symbol)
    {
        if (_given.Of(function) is { } given)
            return given;

        if (symbol.MethodKind is MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation && OfMember(symbol) is { } kind)
            return kind;

        foreach (var parameter in symbol.Parameters)
        {
            if (IsRequest(parameter.Type))
            {
                return symbol.MethodKind switch
                {
                    MethodKind.Constructor => null,
                    MethodKind.AnonymousFunction => HandlerKind.Context,
                    _ => HandlerKind.Helper,
                };
            }
        }

        return null;
    }

    /// <summary>Whether a value of that type exists for one request alone.</summary>
    public bool IsRequest(ITypeSymbol? type) => type is { Name: var name } && name switch
    {
        "HttpContext" => _host.Types.Is(type, KnownType.HttpContext),
        "EndpointFilterInvocationContext" or "HttpRequest" or "HttpResponse" => IsIn(type, "Microsoft", "AspNetCore", "Http"),
        "ServerCallContext" => IsIn(type, "Grpc", "Core"),
        _ => name.EndsWith("Context", StringComparison.Ordinal) && _host.Types.Inherits(type, KnownType.ActionContext),
    };

    private HandlerKind? OfMember(IMethodSymbol method)
    {
        var types = _host.Types;
        var type = method.ContainingType;
        if (type is null || method.IsStatic)
            return null;

        if (IsController(type))
            return IsAction(method) ? HandlerKind.Action : null;

        if (types.Inherits(type, KnownType.PageModel))
            return IsPublic(method) && method.Name.StartsWith("On", StringComparison.Ordinal) ? HandlerKind.Page : null;

        if (types.Inherits(type, KnownType.Hub))
            return IsPublic(method) ? HandlerKind.Hub : null;

        switch (method.Name)
        {
            case "Invoke" or "InvokeAsync" when method.Parameters is [{ Type: var first }, ..] && types.Is(first, KnownType.HttpContext):
                return HandlerKind.Middleware;
        }

        if (Implements(method, KnownType.IHealthCheck))
            return HandlerKind.HealthCheck;

        if (types.Inherits(type, KnownType.IActionResult) ? method.Name is "ExecuteResultAsync" or "ExecuteResult" : Implements(method, KnownType.IResult))
            return HandlerKind.Result;

        foreach (var parameter in method.Parameters)
        {
            if (parameter.Type.Name == "ServerCallContext" && IsRequest(parameter.Type) && IsPublic(method))
                return HandlerKind.Grpc;
        }

        return IsEndpointClass(method, type) ? HandlerKind.EndpointClass : null;
    }

    private bool IsController(INamedTypeSymbol type)
    {
        if (_host.Types.Inherits(type, KnownType.ControllerBase))
            return true;

        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var attribute in current.GetAttributes())
            {
                if (attribute.AttributeClass is { Name: "ApiControllerAttribute" or "ControllerAttribute" } known && IsIn(known, "Microsoft", "AspNetCore", "Mvc"))
                    return true;
            }
        }

        return false;
    }

    private static bool IsAction(IMethodSymbol method)
    {
        if (!IsPublic(method))
            return false;

        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "NonActionAttribute")
                return false;
        }

        return method.OverriddenMethod?.Name != "Dispose" && method.Name is not ("Dispose" or "DisposeAsync");
    }

    private bool Implements(IMethodSymbol method, KnownType type)
    {
        if (!_host.Types.Inherits(method.ContainingType, type) || _host.Types[type] is not { } known)
            return false;

        foreach (var member in known.GetMembers())
        {
            if (SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method))
                return true;
        }

        return false;
    }

    private bool IsEndpointClass(IMethodSymbol method, INamedTypeSymbol type)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (current.Name.Contains("Endpoint") && current.ContainingNamespace?.Name == "FastEndpoints")
                return method.Name is "HandleAsync" or "ExecuteAsync" or "Handle" or "Execute";
        }

        // The option's types are the user's own: every method that others can call is a handler there.
        if (method.DeclaringSyntaxReferences is not [var declaration, ..]
            || (!IsPublic(method) && !method.IsOverride && method.MethodKind != MethodKind.ExplicitInterfaceImplementation))
        {
            return false;
        }

        foreach (var name in _host.Options.List(declaration.SyntaxTree, ShutdownOptions.HandlerTypes))
        {
            for (var current = type; current is not null; current = current.BaseType)
            {
                if (IsNamed(current, name))
                    return true;
            }

            foreach (var implemented in type.AllInterfaces)
            {
                if (IsNamed(implemented, name))
                    return true;
            }
        }

        return false;
    }

    private static bool IsNamed(INamedTypeSymbol type, string name) =>
        name.EndsWith(type.Name, StringComparison.Ordinal)
        && (name == type.Name || name == type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat.WithGenericsOptions(SymbolDisplayGenericsOptions.None)));

    private static bool IsPublic(IMethodSymbol method) => method.DeclaredAccessibility == Accessibility.Public;

    private static bool IsIn(ITypeSymbol type, string outer, string middle, string? inner = null)
    {
        var current = type.ContainingNamespace;
        if (inner is not null)
        {
            if (current?.Name != inner)
                return false;
            current = current.ContainingNamespace;
        }

        return current is { ContainingNamespace: { ContainingNamespace.IsGlobalNamespace: true } parent } && current.Name == middle && parent.Name == outer;
    }
}
