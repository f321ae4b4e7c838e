using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Follows code that is asked whether it looks at the shutdown.</summary>
internal sealed class ShutdownReads(HostFacts host, ShutdownState state)
{
    private const int MaxDepth = 12;

    private static readonly string[] TellingNames = ["Ready", "Readiness", "Drain", "Shutdown", "ShuttingDown", "Stopping", "Lifetime", "Health", "Alive"];

    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);

    /// <summary>Whether something was met that may look at the shutdown out of sight.</summary>
    public bool IsUncertain { get; private set; }

    public bool Enter(IMethodSymbol method, int depth)
    {
        if (depth > MaxDepth || !_visited.Add(method.OriginalDefinition))
            return false;

        foreach (var body in Bodies.Of(host, method))
        {
            if (Visit(body, depth + 1))
                return true;
        }

        foreach (var implementation in state.Implementations.Of(method))
        {
            if (implementation is IMethodSymbol implemented && Enter(implemented, depth + 1))
                return true;
        }

        return false;
    }

    public bool Visit(IOperation body, int depth)
    {
        foreach (var operation in body.DescendantsAndSelf())
        {
            if (Reads(operation, depth))
                return true;
        }

        return false;
    }

    private bool Reads(IOperation operation, int depth)
    {
        switch (operation)
        {
            case IPropertyReferenceOperation { Property: var property }:
                return state.IsStopToken(property) || ReadsProperty(property.OriginalDefinition, depth);

            case IFieldReferenceOperation { Field: var field }:
                return state.IsChangedAtStop(field)
                    || (Texts.Definition(host, operation) is IDelegateCreationOperation made && Visit(made, depth + 1));

            case ILocalReferenceOperation { Local: var local }:
                return state.IsChangedAtStop(local)
                    || (local.Type.TypeKind == TypeKind.Delegate && Texts.Definition(host, operation) is { } definition && depth < MaxDepth && Visit(definition, depth + 1));

            case IParameterReferenceOperation { Parameter: var parameter }:
                return state.IsChangedAtStop(parameter);

            case IMethodReferenceOperation { Method: var method }:
                return Enter(method, depth);

            case IInvocationOperation call:
                return ReadsByCall(call, depth);

            default:
                return false;
        }
    }

    private bool ReadsProperty(IPropertySymbol property, int depth)
    {
        if (state.IsChangedAtStop(property))
            return true;

        if (!host.IsInSource(property))
        {
            MayTell(property);
            return false;
        }

        if (property.GetMethod is { } getter && Enter(getter, depth))
            return true;

        foreach (var implementation in state.Implementations.Of(property))
        {
            if (implementation is IPropertySymbol implemented && _visited.Add(implemented) && ReadsProperty(implemented, depth + 1))
                return true;
        }

        return false;
    }

    private bool ReadsByCall(IInvocationOperation call, int depth)
    {
        var method = call.TargetMethod;
        if (host.Types.Inherits(method.ContainingType, KnownType.IGracefulShutdown))
            return true;

        if (host.IsInSource(method.ReducedFrom ?? method))
            return Enter(method, depth);

        // The checks, run by hand.
        if (host.Types.Inherits(method.ContainingType, KnownType.HealthCheckService))
        {
            IsUncertain = true;
            return false;
        }

        // A middleware class: branch.UseMiddleware<Ready>().
        if (method is { Name: "UseMiddleware", TypeArguments: [INamedTypeSymbol middleware] })
        {
            var inside = !host.IsInSource(middleware) ? null : state.IsReadByType(middleware, "Invoke") is false ? state.IsReadByType(middleware, "InvokeAsync") : true;
            IsUncertain |= inside is null;
            return inside == true;
        }

        // The lifetime in the hands of code that can't be seen.
        foreach (var argument in call.Arguments)
        {
            if (state.IsLifetime(Values.WalkDown(argument.Value).Type))
                IsUncertain = true;
        }

        MayTell(method);
        return false;
    }

    /// <summary>A member of a referenced project whose name speaks of the subject may well ask the lifetime.</summary>
    private void MayTell(ISymbol member)
    {
        if (member.ContainingAssembly is not { } assembly || !SeesHosting(assembly))
            return;

        foreach (var name in TellingNames)
        {
            if (member.Name.IndexOf(name, StringComparison.Ordinal) >= 0 || member.ContainingType.Name.IndexOf(name, StringComparison.Ordinal) >= 0)
            {
                IsUncertain = true;
                return;
            }
        }
    }

    private static bool SeesHosting(IAssemblySymbol assembly)
    {
        if (assembly.Name.StartsWith("Microsoft.", StringComparison.Ordinal) || assembly.Name.StartsWith("System.", StringComparison.Ordinal))
            return false;

        foreach (var module in assembly.Modules)
        {
            foreach (var reference in module.ReferencedAssemblies)
            {
                if (reference.Name is "Microsoft.Extensions.Hosting.Abstractions" || reference.Name.StartsWith(DrainRegistrations.RuntimeAssembly, StringComparison.Ordinal))
                    return true;
            }
        }

        return false;
    }
}
