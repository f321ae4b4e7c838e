using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A lambda that makes a service for the container, which disposes of what it returns.</summary>
internal static class ServiceFactory
{
    /// <summary>The type that the service is registered as, where <paramref name="creation"/> is what a factory returns; else null.</summary>
    public static ITypeSymbol? Around(IOperation creation)
    {
        if (Values.WalkUp(creation).Parent is not IReturnOperation returned
            || OperationWalk.FunctionAround(returned) is not IAnonymousFunctionOperation { Parent: IDelegateCreationOperation factory }
            || Values.WalkUp(factory).Parent is not IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { IsStatic: true } method } }
            || !InstanceRegistration.IsContainers(method.ContainingType))
        {
            return null;
        }

        return method.TypeArguments is [var service, ..] ? service : creation.Type;
    }
}
