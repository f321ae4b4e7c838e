using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A hosted service that is registered after the web server of a generic host, so that it stops before it.</summary>
/// <param name="Call">The registration.</param>
/// <param name="Service">The service's type as the code names it.</param>
/// <param name="Configuration">The call of the builder that it stands in: <c>ConfigureServices</c>.</param>
/// <param name="Server">The call that registers the server: <c>ConfigureWebHostDefaults</c>.</param>
/// <param name="IsAlone">Whether the configuration registers hosted services only: the order of anything else may matter.</param>
internal sealed record LateRegistration(IInvocationOperation Call, string Service, IInvocationOperation Configuration, IInvocationOperation Server, bool IsAlone);

/// <summary>Finds registrations of hosted services that come after the server's.</summary>
internal static class HostedServiceRegistrations
{
    private const int MaxDepth = 3;

    public static IEnumerable<LateRegistration> AfterServer(HostFacts host, HostBuild build)
    {
        if (build is not { Form: HostForm.GenericWebHost, WebConfiguration: { } server })
            yield break;

        foreach (var configuration in CallsAfter(host, server))
        {
            if (configuration.TargetMethod.Name != "ConfigureServices" || configuration.Arguments.LastOrDefault(argument => argument.ArgumentKind == ArgumentKind.Explicit) is not { } given)
                continue;

            foreach (var function in Delegates.Resolve(host, given.Value))
            {
                var isAlone = OperationWalk.Own(function.Body).All(operation => operation is not IInvocationOperation call || !TakesServices(host, call) || RegisteredBy(host, call) is not null);
                foreach (var (call, service) in In(host, function.Body, 0))
                    yield return new(call, service, configuration, server, isAlone);
            }
        }
    }

    /// <summary>The calls on the same builder that come later: in the same chain, or on the same local in a later statement of the same function.</summary>
    private static IEnumerable<IInvocationOperation> CallsAfter(HostFacts host, IInvocationOperation server)
    {
        var last = server;
        while (Values.CallOn(Values.WalkUp(last)) is { } next)
        {
            yield return next;
            last = next;
        }

        // var builder = Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(...); builder.ConfigureServices(...);
        var root = StartedWork.FateOf(last) is (Fate.Stored, ILocalSymbol stored) ? stored : Chain.Of(server).Root as ILocalSymbol;
        if (root is null)
            yield break;

        foreach (var use in host.Index.UsesOfLocal(root))
        {
            if (use.Syntax.SpanStart <= last.Syntax.Span.End || OperationWalk.FunctionAround(use) != OperationWalk.FunctionAround(server))
                continue;

            for (IOperation value = use; Values.CallOn(Values.WalkUp(value)) is { } call; value = call)
                yield return call;
        }
    }

    /// <summary>The registrations in a piece of configuration, also through extension methods of this compilation; those stand for what they register.</summary>
    private static IEnumerable<(IInvocationOperation Call, string Service)> In(HostFacts host, IOperation? code, int depth)
    {
        foreach (var operation in OperationWalk.Own(code))
        {
            if (operation is not IInvocationOperation call)
                continue;

            if (RegisteredBy(host, call) is { } service)
            {
                yield return (call, service);
            }
            else if (depth < MaxDepth && TakesServices(host, call) && Function.Of(host, call.TargetMethod) is { } own)
            {
                foreach (var (_, inner) in In(host, own.Body, depth + 1))
                {
                    yield return (call, inner);
                    break;
                }
            }
        }
    }

    private static bool TakesServices(HostFacts host, IInvocationOperation call) => host.Types.Is(Values.Receiver(call)?.Type, KnownType.IServiceCollection);

    private static string? RegisteredBy(HostFacts host, IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.Name == "AddHostedService" && method.TypeArguments is [var service] && TakesServices(host, call))
            return service.Name;

        // AddSingleton<IHostedService, Worker>(), AddSingleton<IHostedService>(provider => ...)
        return method.Name is "AddSingleton" or "TryAddSingleton" && method.TypeArguments is [var contract, ..] && host.Types.Is(contract, KnownType.IHostedService)
            ? method.TypeArguments[method.TypeArguments.Length - 1].Name
            : null;
    }
}
