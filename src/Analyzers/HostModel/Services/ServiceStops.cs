using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The methods of this compilation that the host calls to stop its services.</summary>
internal sealed class ServiceStops
{
    private readonly List<ServiceStop> _all = [];

    public ServiceStops(HostFacts host)
    {
        var bySymbol = new Dictionary<ISymbol, ServiceStop>(SymbolEqualityComparer.Default);
        foreach (var service in host.HostedServices.All)
        {
            foreach (var method in service.Stops)
            {
                if (!bySymbol.TryGetValue(method, out var stop))
                {
                    if (HostedService.CodeOf(host, method) is not { } code)
                        continue;

                    bySymbol.Add(method, stop = new ServiceStop(host, method, code));
                    _all.Add(stop);
                }

                stop.Join(service);
            }
        }
    }

    public IReadOnlyList<ServiceStop> All => _all;
}

/// <summary><c>StopAsync</c>, or <c>StoppingAsync</c> or <c>StoppedAsync</c> of a lifecycle service.</summary>
internal sealed class ServiceStop
{
    private readonly HostFacts _host;
    private readonly Bound<IOperation> _code;
    private readonly List<HostedService> _services = [];
    private readonly Lazy<IReadOnlyList<IOperation>> _throws;
    private readonly Lazy<IReadOnlyList<StopWait>> _unboundedWaits;

    public ServiceStop(HostFacts host, IMethodSymbol method, Bound<IOperation> code)
    {
        _host = host;
        Symbol = method;
        _code = code;
        _throws = new(() => new StopThrows(host, this).Find());
        _unboundedWaits = new(() => new StopWaits(host, this).Find());
    }

    public IMethodSymbol Symbol { get; }

    public IOperation Body => _code.Operation;

    /// <summary>Every service that is stopped by this very method; several where a base class declares it.</summary>
    public IReadOnlyList<HostedService> Services => _services;

    /// <summary>As a message names it: <c>Worker.StopAsync</c>.</summary>
    public string Name => $"{Symbol.ContainingType.Name}.{PlainName(Symbol)}";

    /// <summary>Whether it is the stop itself, not one of the lifecycle methods around it.</summary>
    public bool IsStopAsync => PlainName(Symbol) == "StopAsync";

    /// <summary>What throws when the host's time is over, in the method or in one of the class that it calls.</summary>
    public IReadOnlyList<IOperation> ThrowsAtTimeout => _throws.Value;

    /// <summary>The waits for work that go on when the host's time is over.</summary>
    public IReadOnlyList<StopWait> UnboundedWaits => _unboundedWaits.Value;

    /// <summary>Whether it runs before any service is stopped, while requests are still served.</summary>
    public bool IsStopping => PlainName(Symbol) == "StoppingAsync";

    public void Join(HostedService service) => _services.Add(service);

    /// <summary>Whether it calls the base class's stop, on whatever path: itself, in a lambda, or in a method of the class that it calls.</summary>
    public bool CallsBase
    {
        get
        {
            foreach (var operation in Reached())
            {
                if (CalledOnThis(operation) is { Name: "StopAsync" } called && !Is(called))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Whether it waits by other means for what <c>ExecuteAsync</c> does: for <c>ExecuteTask</c>, or for a task or an event of the class that the work knows too.</summary>
    public bool WaitsForWork
    {
        get
        {
            foreach (var operation in Reached())
            {
                if (operation is IPropertyReferenceOperation { Property.Name: "ExecuteTask" })
                    return true;
                if (IsWait(operation) && HostedService.Root(operation) is { } member && IsKnownToWork(member))
                    return true;
            }

            return false;
        }
    }

    /// <summary>The operations of the method and of the methods of the class that it calls; another override of the same method is a stop of its own.</summary>
    private IEnumerable<IOperation> Reached()
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { Symbol };
        var pending = new Stack<IOperation>();
        pending.Push(Body);
        while (pending.Count > 0)
        {
            foreach (var operation in OperationWalk.All(pending.Pop()))
            {
                yield return operation;
                if (CalledOnThis(operation) is { Name: not "StopAsync" } called && seen.Add(called) && HostedService.BodyOf(_host, called) is { } next)
                    pending.Push(next);
            }
        }
    }

    /// <summary>The method of the class or of a base class that <paramref name="operation"/> calls or names; for <c>base.M()</c> that of the base class.</summary>
    public IMethodSymbol? CalledOnThis(IOperation operation)
    {
        var (called, instance) = operation switch
        {
            IInvocationOperation call => (call.TargetMethod, call.Instance),
            IMethodReferenceOperation reference => (reference.Method, reference.Instance),
            _ => (null, null),
        };
        if (called is null || instance is not (null or IInstanceReferenceOperation) || _services is not [var service, ..] || !service.Has(called))
            return null;

        return instance?.Syntax is BaseExpressionSyntax ? called.OriginalDefinition : service.Resolve(called);
    }

    private bool Is(IMethodSymbol other) => SymbolEqualityComparer.Default.Equals(other, Symbol);

    private bool IsWait(IOperation operation) =>
        StartedWork.IsTask(operation.Type, _host)
            ? !(operation.Parent is IAssignmentOperation assignment && assignment.Target == operation)
            : operation is IInvocationOperation { TargetMethod.Name: "Wait" or "WaitOne" or "Join" };

    private bool IsKnownToWork(ISymbol member)
    {
        foreach (var service in _services)
        {
            if (member is not (IFieldSymbol or IPropertySymbol) || !service.Has(member))
                continue;

            foreach (var running in service.Running)
            {
                foreach (var operation in OperationWalk.All(running.Body))
                {
                    if (operation is IMemberReferenceOperation { Member: var used } && SymbolEqualityComparer.Default.Equals(used.OriginalDefinition, member))
                        return true;
                }
            }
        }

        return false;
    }

    // An explicit implementation is called "Microsoft.Extensions.Hosting.IHostedService.StopAsync".
    private static string PlainName(IMethodSymbol method) => method.Name.Substring(method.Name.LastIndexOf('.') + 1);
}
