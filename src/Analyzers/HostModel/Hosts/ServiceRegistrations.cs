using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A service that the container creates, and disposes of with what it lives in.</summary>
/// <param name="Service">The type that is asked for.</param>
/// <param name="Implementation">The type that is created, as far as it is known.</param>
/// <param name="IsSingleton">Whether it lives in the provider rather than in a scope.</param>
/// <param name="Call">The call that registers it.</param>
internal sealed record ServiceRegistration(ITypeSymbol Service, ITypeSymbol Implementation, bool IsSingleton, IInvocationOperation Call);

/// <summary>The services of this compilation that are registered by type or by factory; the container doesn't dispose of instances.</summary>
internal sealed class ServiceRegistrations
{
    private readonly List<ServiceRegistration> _all = [];

    public ServiceRegistrations(HostFacts host)
    {
        foreach (var name in IndexedNames.Services)
        {
            foreach (var syntax in host.Index.Invocations(name))
            {
                if (host.Index.Operation(syntax) is IInvocationOperation call
                    && InstanceRegistration.IsContainers(call.TargetMethod.ContainingType)
                    && InstanceRegistration.Of(call) is null
                    && Read(call) is { } registration)
                {
                    _all.Add(registration);
                }
            }
        }
    }

    /// <summary>What the container creates for a service; empty where its registration isn't in sight.</summary>
    public IEnumerable<ServiceRegistration> Of(ITypeSymbol service)
    {
        foreach (var registration in _all)
        {
            if (SymbolEqualityComparer.Default.Equals(registration.Service, service))
                yield return registration;
        }
    }

    private static ServiceRegistration? Read(IInvocationOperation call)
    {
        var types = new List<ITypeSymbol>(call.TargetMethod.TypeArguments);
        ITypeSymbol? made = null;
        foreach (var argument in call.Arguments)
        {
            switch (Values.WalkDown(argument.Value))
            {
                case ITypeOfOperation { TypeOperand: var operand } when argument.Parameter?.Name != "serviceKey":
                    types.Add(operand);
                    break;

                case IDelegateCreationOperation { Target: IAnonymousFunctionOperation factory }:
                    made = ResultOf(factory);
                    break;
            }
        }

        var isSingleton = call.TargetMethod.Name.EndsWith("Singleton", StringComparison.Ordinal);
        return types switch
        {
            [var service, var implementation] => new(service, implementation, isSingleton, call),
            [var service] => new(service, made ?? service, isSingleton, call),
            _ => null,
        };
    }

    /// <summary>The type that a factory's last return creates.</summary>
    private static ITypeSymbol? ResultOf(IAnonymousFunctionOperation factory)
    {
        ITypeSymbol? result = null;
        foreach (var operation in OperationWalk.Own(factory))
        {
            if (operation is IReturnOperation { ReturnedValue: { } returned })
                result = Values.WalkDown(returned).Type;
        }

        return result;
    }
}
