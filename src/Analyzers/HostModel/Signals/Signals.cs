using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A <c>PosixSignalRegistration.Create</c> call.</summary>
/// <param name="Call">The call.</param>
/// <param name="Signal">The signal's name (<c>SIGTERM</c>), or null where it isn't a constant.</param>
/// <param name="Callback">The delegate, as it is given to the call; null in code that doesn't compile.</param>
/// <param name="Handler">The handler's code, or null where it isn't in sight.</param>
internal sealed record SignalRegistration(IInvocationOperation Call, string? Signal, IOperation? Callback, DelegateBody? Handler)
{
    public SyntaxTree Tree => Call.Syntax.SyntaxTree;

    /// <summary>One of the signals that ask for a stop, by its constant.</summary>
    public bool IsStopSignal => Signal is "SIGTERM" or "SIGINT" or "SIGQUIT";
}

/// <summary>A subscription to <c>Console.CancelKeyPress</c>, <c>AppDomain.ProcessExit</c> or <c>AssemblyLoadContext.Unloading</c>.</summary>
/// <param name="Stop">What calls it.</param>
/// <param name="Subscription">The <c>+=</c>.</param>
/// <param name="Event">The event on its left.</param>
/// <param name="Handler">The handler's code, or null where it isn't in sight.</param>
internal sealed record StopHook(StopEvent Stop, IEventAssignmentOperation Subscription, IEventReferenceOperation Event, DelegateBody? Handler)
{
    public SyntaxTree Tree => Subscription.Syntax.SyntaxTree;
}

/// <summary>How the program learns of signals and of its own end without a host.</summary>
internal sealed class Signals
{
    private readonly HostFacts _host;
    private readonly Lazy<bool> _any;
    private readonly Lazy<IReadOnlyList<SignalRegistration>> _registrations;
    private readonly Lazy<IReadOnlyList<StopHook>> _cancelKeyPress;
    private readonly Lazy<IReadOnlyList<StopHook>> _exitHooks;
    private readonly Lazy<bool> _handlesTermination;

    public Signals(HostFacts host)
    {
        _host = host;
        _any = new(() => host.Index.MayUse(IndexedNames.StopEvents));
        _registrations = new(FindRegistrations);
        _cancelKeyPress = new(() => FindHooks(StopEvent.CancelKeyPress, IndexedNames.CancelKeyPress, KnownType.Console));
        _exitHooks = new(() =>
        [
            .. FindHooks(StopEvent.ProcessExit, IndexedNames.ProcessExit, KnownType.AppDomain),
            .. FindHooks(StopEvent.Unloading, IndexedNames.Unloading, KnownType.AssemblyLoadContext),
        ]);
        _handlesTermination = new(FindTermination);
    }

    /// <summary>Whether a stop callback may be registered at all, in one of these ways or on the host's lifetime.</summary>
    public bool Any => _any.Value;

    public IReadOnlyList<SignalRegistration> Registrations => _registrations.Value;

    public IReadOnlyList<StopHook> CancelKeyPress => _cancelKeyPress.Value;

    /// <summary>Handlers that run when the process ends in an orderly way; of load contexts only the default one's.</summary>
    public IReadOnlyList<StopHook> ExitHooks => _exitHooks.Value;

    /// <summary>
    /// Whether anything in the program takes SIGTERM: a registration, kept or lost (a lost one is its own defect), the runtime's
    /// <c>ShutdownSignal</c>, or another binding of signals, known by the signal's name.
    /// </summary>
    public bool HandlesTermination => _handlesTermination.Value;

    /// <summary>Whether the hook's handler means to stop the program: it cancels, sets, stops or waits; one that only logs or tidies up doesn't.</summary>
    public bool IsStopHook(StopHook hook) =>
        hook.Handler is { } handler && StopRequests.Of(_host, handler) is ({ Asks: true } or { Stops: true } or { WaitsForProgram: true });

    private List<SignalRegistration> FindRegistrations()
    {
        var found = new List<SignalRegistration>();
        if (!Any || !_host.Index.Any(IndexedNames.PosixSignalRegistration))
            return found;

        foreach (var syntax in _host.Index.Invocations("Create"))
        {
            if (syntax.ArgumentList.Arguments.Count == 2
                && _host.Index.Operation(syntax) is IInvocationOperation call
                && _host.Types.Is(call.TargetMethod.ContainingType, KnownType.PosixSignalRegistration))
            {
                var callback = Argument(call, 1);
                found.Add(new(call, SignalOf(Argument(call, 0)), callback, DelegateBody.Of(_host, callback)));
            }
        }

        return found;
    }

    private static IOperation? Argument(IInvocationOperation call, int ordinal)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Ordinal == ordinal)
                return argument.Value;
        }

        return null;
    }

    // The enumeration's own values, and the raw numbers that the method takes too.
    private static string? SignalOf(IOperation? value) => value?.ConstantValue is { HasValue: true, Value: int number }
        ? number switch
        {
            -1 or 1 => "SIGHUP",
            -2 or 2 => "SIGINT",
            -3 or 3 => "SIGQUIT",
            -4 or 15 => "SIGTERM",
            _ => "other",
        }
        : null;

    private List<StopHook> FindHooks(StopEvent stop, string eventName, KnownType owner)
    {
        var found = new List<StopHook>();
        if (!Any)
            return found;

        foreach (var use in _host.Index.Uses(eventName))
        {
            var left = SourceIndex.ExpressionOf(use);
            if (left.Parent is AssignmentExpressionSyntax assignment
                && assignment.Left == left
                && _host.Index.Operation(assignment) is IEventAssignmentOperation { Adds: true, EventReference: IEventReferenceOperation reference } subscription
                && _host.Types.Is(reference.Event.ContainingType, owner)
                && (stop != StopEvent.Unloading || IsDefaultContext(reference.Instance)))
            {
                found.Add(new(stop, subscription, reference, DelegateBody.Of(_host, subscription.HandlerValue)));
            }
        }

        return found;
    }

    /// <summary>Other load contexts unload plugins, not the process.</summary>
    private bool IsDefaultContext(IOperation? context)
    {
        var value = context is null ? null : Values.WalkDown(context);
        if (value is ILocalReferenceOperation { Local: var local })
            value = InitializerOf(local);
        return value is IPropertyReferenceOperation { Property.Name: "Default" } or IInvocationOperation { TargetMethod.Name: "GetLoadContext" };
    }

    private IOperation? InitializerOf(ILocalSymbol local) =>
        local.DeclaringSyntaxReferences is [var declaration, ..]
        && _host.Index.Operation(declaration.GetSyntax()) is IVariableDeclaratorOperation declarator
        && declarator.GetVariableInitializer() is { Value: var value }
            ? Values.WalkDown(value)
            : null;

    private bool FindTermination()
    {
        foreach (var name in IndexedNames.Termination)
        {
            if (_host.Index.Any(name))
                return true;
        }

        foreach (var registration in Registrations)
        {
            if (registration.Signal is null or "SIGTERM")
                return true;
        }

        return false;
    }
}
