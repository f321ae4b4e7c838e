using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Finds who closes an instance that the container was given: whoever gets it from there.</summary>
internal sealed class ServiceRelease(HostFacts host, Creations creations, VariableUses uses)
{
    /// <summary>
    /// Whether a service is closed by whoever gets it from the container: a cleanup handler, a stop callback, a hosted service.
    /// </summary>
    public bool IsReleased(ITypeSymbol service, ITypeSymbol? instance, Ending ending)
    {
        foreach (var syntax in host.Index.Invocations("AddShutdownCleanup"))
        {
            if (host.Index.Symbol(syntax) is IMethodSymbol { TypeArguments: [var cleaned] } && Is(cleaned))
                return true;
        }

        foreach (var name in ending.Calls)
        {
            foreach (var use in host.Index.Uses(name))
            {
                if (ReceiverOf(use) is { } receiver && Is(receiver.Type) && !IsOwnInstance(receiver))
                    return true;
            }
        }

        foreach (var name in IndexedNames.Resolve)
        {
            foreach (var call in host.Index.Invocations(name))
            {
                // using var redis = app.Services.GetRequiredService<IConnectionMultiplexer>();
                if (host.Index.Operation(call) is IInvocationOperation { TargetMethod.TypeArguments: [var got] } resolved
                    && Is(got)
                    && new ReleaseFlow(host, uses, ending).Releases(resolved))
                {
                    return true;
                }
            }
        }

        return false;

        bool Is(ITypeSymbol? type) =>
            type is not null && (SymbolEqualityComparer.Default.Equals(type, service) || SymbolEqualityComparer.Default.Equals(type, instance));

        // Closing a connection of one's own says nothing of the one in the container.
        bool IsOwnInstance(IOperation receiver) =>
            creations.In(receiver) is not null || Values.SymbolOf(receiver) is { } symbol && creations.Of(symbol, assignedIn: null) is not null;
    }

    /// <summary>Whether what a variable holds is registered as an instance, and ended by whoever gets it from the container.</summary>
    public bool IsReleased(ISymbol variable, Ending ending)
    {
        foreach (var reference in uses.Of(variable))
        {
            if (InstanceRegistration.Around(reference) is { } registration
                && IsReleased(registration.Service ?? registration.Instance.Type!, registration.Instance.Type, ending))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a variable gets what it holds from the container: by a parameter of a constructor or of a handler, or asked of a provider.</summary>
    public bool IsInjected(ISymbol variable)
    {
        if (variable is IParameterSymbol { ContainingSymbol: IMethodSymbol method })
            return method.MethodKind == MethodKind.Constructor || IsHandler(method);

        foreach (var value in creations.ValuesOf(variable))
        {
            switch (Values.WalkDown(value))
            {
                case IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } }:
                case IInvocationOperation { TargetMethod.Name: "GetRequiredService" or "GetService" or "GetRequiredKeyedService" or "GetKeyedService" }:
                    return true;
            }
        }

        return false;
    }

    // The framework fills these parameters from the services.
    private bool IsHandler(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences is [var reference]
        && host.Handlers.Of(reference.GetSyntax(), method) is HandlerKind.Endpoint or HandlerKind.Action or HandlerKind.Middleware;

    private IOperation? ReceiverOf(SimpleNameSyntax method)
    {
        if (SourceIndex.InvocationOf(method) is { } call)
            return host.Index.Operation(call) is IInvocationOperation invocation ? Values.Unconditional(Values.Receiver(invocation)) : null;

        // A method group: Register(pool.Dispose)
        return method.Parent is MemberAccessExpressionSyntax access && host.Index.Operation(access) is IMethodReferenceOperation { Instance: { } instance }
            ? Values.WalkDown(instance)
            : null;
    }
}
