using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A method that hosted services run, with what rules ask of it.</summary>
internal sealed class ServiceMethod
{
    private readonly HostFacts _host;
    private readonly Bound<IOperation> _code;
    private readonly List<HostedService> _services = [];
    private IReadOnlyList<ILoopOperation>? _deafLoops;
    private IReadOnlyList<Swallow>? _swallows;

    public ServiceMethod(HostFacts host, ReachedMethod reached)
    {
        _host = host;
        Symbol = reached.Symbol;
        _code = reached.Code;
    }

    public IMethodSymbol Symbol { get; }

    public IOperation Body => _code.Operation;

    /// <summary>Whether the method goes on after the start.</summary>
    public bool IsWork { get; private set; }

    /// <summary>Whether the method is the host's own call at the start, whose token never fires afterwards.</summary>
    public bool IsStart { get; private set; }

    public IReadOnlyList<HostedService> Services => _services;

    /// <summary>The loops without end in which nothing observes that the service must stop.</summary>
    public IReadOnlyList<ILoopOperation> DeafLoops => _deafLoops ??= FindDeafLoops();

    /// <summary>The catches in loops that take the cancellation at the stop and go on.</summary>
    public IReadOnlyList<Swallow> Swallows => _swallows ??= new Swallows(_host, this).Find();

    /// <summary>As a message names it: <c>Worker.ExecuteAsync</c>.</summary>
    public string Name => $"{Symbol.ContainingType.Name}.{Symbol.Name}";

    public void Join(HostedService service, ReachedMethod reached)
    {
        _services.Add(service);
        IsWork |= reached.IsWork;
        IsStart |= service.Starts.Contains(Symbol, SymbolEqualityComparer.Default);
    }

    /// <summary>Whether the stop of any of the services acts on the symbol.</summary>
    public bool IsEndedAtStop(ISymbol symbol)
    {
        foreach (var service in _services)
        {
            if (service.EndedAtStop.Contains(symbol))
                return true;
        }

        return false;
    }

    /// <summary>Whether <paramref name="operation"/> runs after the start: in a method that does, or in a lambda that the start sets going.</summary>
    public bool RunsAsWork(IOperation operation)
    {
        if (IsWork)
            return true;

        for (var function = OperationWalk.FunctionAround(operation); function is not null; function = OperationWalk.FunctionAround(function))
        {
            if (StartedWork.GoesOn(function, _host))
                return true;
        }

        return false;
    }

    private ILoopOperation[] FindDeafLoops()
    {
        var deaf = new List<ILoopOperation>();
        foreach (var operation in OperationWalk.All(Body))
        {
            if (operation is ILoopOperation loop
                && Loops.HasNoCondition(loop, _host)
                && !Loops.LeavesByItself(loop, _host)
                && !IsInside(deaf, loop)
                && !new Observations(_host, this).Any(loop))
            {
                deaf.Add(loop);
            }
        }

        return [.. deaf];
    }

    private static bool IsInside(List<ILoopOperation> loops, IOperation inner)
    {
        foreach (var outer in loops)
        {
            if (OperationWalk.Contains(outer, inner))
                return true;
        }

        return false;
    }
}
