using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>One place that gives the container a finished instance as a singleton.</summary>
/// <param name="Call">The registration: a call, or <c>new ServiceDescriptor(...)</c>.</param>
/// <param name="Argument">The argument that is the instance.</param>
/// <param name="Service">The type it is registered as, or null where that isn't written.</param>
/// <param name="IsKeyed">Whether it is registered under a key.</param>
internal sealed record InstanceRegistration(IOperation Call, IArgumentOperation Argument, ITypeSymbol? Service, bool IsKeyed)
{
    private static readonly string[] Calls = ["AddSingleton", "TryAddSingleton", "AddKeyedSingleton", "TryAddKeyedSingleton", "Singleton", "KeyedSingleton"];

    /// <summary>The names that registrations are found by.</summary>
    public static readonly string[] Names = [.. Calls, "ServiceDescriptor"];

    /// <summary>The instance itself.</summary>
    public IOperation Instance => Values.WalkDown(Argument.Value);

    /// <summary>The call or the creation that a use of one of <see cref="Names"/> stands for; null where it is another use.</summary>
    public static ExpressionSyntax? By(SimpleNameSyntax use) =>
        SourceIndex.InvocationOf(use) is { } call ? call
        : use.FirstAncestorOrSelf<TypeSyntax>(type => type.Parent is ObjectCreationExpressionSyntax)?.Parent as ExpressionSyntax;

    /// <summary>Reads a call or a creation; null where it registers no instance.</summary>
    public static InstanceRegistration? Of(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation { TargetMethod: { IsStatic: true } method } call when Array.IndexOf(Calls, method.Name) >= 0 && IsContainers(method.ContainingType):
                return Read(call, method, call.Arguments, method.TypeArguments is [var service] ? service : null);

            case IObjectCreationOperation { Type.Name: "ServiceDescriptor", Constructor: { } constructor } creation when IsContainers(constructor.ContainingType):
                return Read(creation, constructor, creation.Arguments, null);

            default:
                return null;
        }
    }

    /// <summary>The registration that <paramref name="value"/> is the instance of, or null where it is used in another way.</summary>
    public static InstanceRegistration? Around(IOperation value) =>
        Values.WalkUp(value).Parent is IArgumentOperation { Parent: { } call } argument && Of(call) is { } registration && registration.Argument == argument
            ? registration
            : null;

    /// <summary>Whether a type is one of the container's own.</summary>
    public static bool IsContainers(INamedTypeSymbol type)
    {
        var space = type.ContainingNamespace;
        if (space?.Name == "Extensions" && space.ContainingNamespace?.Name == "DependencyInjection")
            space = space.ContainingNamespace;
        return space is { Name: "DependencyInjection", ContainingNamespace: { Name: "Extensions", ContainingNamespace.Name: "Microsoft" } };
    }

    private static InstanceRegistration? Read(IOperation call, IMethodSymbol method, IEnumerable<IArgumentOperation> arguments, ITypeSymbol? service)
    {
        IArgumentOperation? instance = null;
        foreach (var argument in arguments)
        {
            switch (argument.Parameter?.Name)
            {
                case "implementationInstance" or "instance":
                    instance = argument;
                    break;
                case "serviceType" or "service" when Values.WalkDown(argument.Value) is ITypeOfOperation { TypeOperand: var operand }:
                    service = operand;
                    break;
            }
        }

        return instance is null ? null : new(call, instance, service, HasKey(method));
    }

    private static bool HasKey(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.Name == "serviceKey")
                return true;
        }

        return false;
    }
}
