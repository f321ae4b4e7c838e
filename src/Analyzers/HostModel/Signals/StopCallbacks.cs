using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What calls a stop callback.</summary>
internal enum StopEvent
{
    ApplicationStopping,
    ApplicationStopped,
    ProcessExit,
    CancelKeyPress,
    Unloading,
    Signal,
}

/// <summary>A delegate that runs because the process or the host stops.</summary>
/// <param name="Event">What calls it.</param>
/// <param name="Registration">The <c>Register</c> or <c>Create</c> call, or the event's <c>+=</c>.</param>
/// <param name="Callback">The delegate, as it is given to the registration.</param>
/// <param name="Functions">What the delegate runs; empty where that is out of sight.</param>
internal sealed record StopCallback(StopEvent Event, IOperation Registration, IOperation Callback, IReadOnlyList<Function> Functions)
{
    public SyntaxTree Tree => Registration.Syntax.SyntaxTree;

    /// <summary>Whether the host calls it, so that there is one.</summary>
    public bool IsOfHost => Event is StopEvent.ApplicationStopping or StopEvent.ApplicationStopped;
}

/// <summary>All stop callbacks of a compilation.</summary>
internal sealed class StopCallbacks
{
    private readonly HostFacts _host;
    private readonly List<StopCallback> _all = [];
    private readonly Dictionary<Place, StopCallback> _byFunction = [];
    private readonly HashSet<Place> _seen = [];

    public StopCallbacks(HostFacts host)
    {
        _host = host;
        if (!host.Signals.Any)
            return;

        foreach (var use in host.Index.Uses("ApplicationStopping"))
            FollowToken(SourceIndex.ExpressionOf(use), StopEvent.ApplicationStopping, depth: 0);
        foreach (var use in host.Index.Uses("ApplicationStopped"))
            FollowToken(SourceIndex.ExpressionOf(use), StopEvent.ApplicationStopped, depth: 0);

        foreach (var hook in (IEnumerable<StopHook>)[.. host.Signals.ExitHooks, .. host.Signals.CancelKeyPress])
            Add(hook.Stop, hook.Subscription, hook.Subscription.HandlerValue);
        foreach (var registration in host.Signals.Registrations)
        {
            if (registration.Callback is { } callback)
                Add(StopEvent.Signal, registration.Call, callback);
        }
    }

    public IReadOnlyList<StopCallback> All => _all;

    /// <summary>The callback that runs the function declared at <paramref name="place"/>, or null.</summary>
    public StopCallback? Of(Place place) => _byFunction.TryGetValue(place, out var callback) ? callback : null;

    /// <summary>The token of the host's lifetime that <paramref name="value"/> reads, or null.</summary>
    public static StopEvent? TokenOf(HostFacts host, IOperation? value) => value is IPropertyReferenceOperation { Property: { } property }
        ? property.Name switch
        {
            "ApplicationStopping" when IsLifetime(host, property.ContainingType) => StopEvent.ApplicationStopping,
            "ApplicationStopped" when IsLifetime(host, property.ContainingType) => StopEvent.ApplicationStopped,
            _ => null,
        }
        : null;

    public static bool IsLifetime(HostFacts host, ITypeSymbol? type) =>
        host.Types.Inherits(type, KnownType.IHostApplicationLifetime)
        || host.Types.Inherits(type, KnownType.IApplicationLifetime)
        || host.Types.Inherits(type, KnownType.IHostingApplicationLifetime);

    private void FollowToken(SyntaxNode syntax, StopEvent stop, int depth)
    {
        if (_host.Index.Operation(syntax) is { } token && (depth > 0 || TokenOf(_host, token) == stop))
            FollowToken(token, stop, depth);
    }

    /// <summary>From a read of the token to the callbacks registered on it: at once, or through a local, a field or a property.</summary>
    private void FollowToken(IOperation token, StopEvent stop, int depth)
    {
        var value = Values.WalkUp(token);
        if (CallOn(value) is { } call)
        {
            if (call.TargetMethod.Name is "Register" or "UnsafeRegister" && _host.Types.Is(call.TargetMethod.ContainingType, KnownType.CancellationToken))
                AddArgument(call, stop);
            return;
        }

        if (depth > 2)
            return;

        switch (value.Parent)
        {
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                FollowLocal(local, stop, depth);
                break;
            case ISimpleAssignmentOperation assignment when assignment.Value == value:
                switch (assignment.Target)
                {
                    case ILocalReferenceOperation { Local: var local }:
                        FollowLocal(local, stop, depth);
                        break;
                    case IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } target:
                        FollowMember(target.Member, stop, depth);
                        break;
                }

                break;
            case IFieldInitializerOperation { InitializedFields: [var field, ..] }:
                FollowMember(field, stop, depth);
                break;
            case IPropertyInitializerOperation { InitializedProperties: [var property, ..] }:
                FollowMember(property, stop, depth);
                break;
        }
    }

    private static IInvocationOperation? CallOn(IOperation value) =>
        Values.CallOn(value)
        // lifetime?.ApplicationStopping.Register(...): the token stands inside of the conditional access.
        ?? (value.Parent is IConditionalAccessOperation { WhenNotNull: IInvocationOperation call } access && access.Operation == value ? call : null);

    private void FollowLocal(ILocalSymbol local, StopEvent stop, int depth)
    {
        foreach (var use in _host.Index.UsesOfLocal(local))
            FollowToken(use, stop, depth + 1);
    }

    private void FollowMember(ISymbol member, StopEvent stop, int depth)
    {
        if (member.DeclaredAccessibility is not Accessibility.Private and not Accessibility.NotApplicable || member.DeclaringSyntaxReferences.IsEmpty)
            return;

        foreach (var use in _host.Index.UsesOfMember(member))
            FollowToken(use, stop, depth + 1);
    }

    private void AddArgument(IInvocationOperation register, StopEvent stop)
    {
        foreach (var argument in register.Arguments)
        {
            if (argument.Parameter?.Ordinal == 0)
                Add(stop, register, argument.Value);
        }
    }

    private void Add(StopEvent stop, IOperation registration, IOperation callback)
    {
        if (!_seen.Add(Place.Of(registration.Syntax)))
            return;

        var added = new StopCallback(stop, registration, callback, Delegates.Resolve(_host, callback));
        _all.Add(added);
        foreach (var function in added.Functions)
            _byFunction[function.Place] = added;
    }
}
