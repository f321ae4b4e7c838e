using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Probes;

/// <summary>A diagnostic on a health endpoint, with the facts that a fix needs: which edit mends it, and where.</summary>
internal static class ProbeDiagnostic
{
    /// <summary>The property that names the edit.</summary>
    public const string Edit = "edit";

    /// <summary>The edit: the runtime library's readiness probe in the place of the mapping.</summary>
    public const string MapReadiness = "MapReadiness";

    /// <summary>The edit: the runtime library's liveness probe in the place of the mapping.</summary>
    public const string MapLiveness = "MapLiveness";

    /// <summary>The edit: the shutdown check at the end of the chain of checks.</summary>
    public const string AddShutdownCheck = "AddShutdownCheck";

    /// <summary>The edit: both probes before the application runs, or after the condition that keeps the others from production.</summary>
    public const string MapBoth = "MapBoth";

    /// <summary>The edit: the check without its liveness tag, which is the first additional location.</summary>
    public const string DropTag = "DropTag";

    /// <summary>The property that names the local or parameter which the probes are mapped on.</summary>
    public const string App = "app";

    /// <summary>The tag that the added check needs; absent where the library's own tag serves.</summary>
    public const string Tag = "tag";

    /// <summary>The name that the added check needs; absent where the library's own name is free.</summary>
    public const string CheckName = "name";

    // The slots of the additional locations.
    public const int Mapping = 0;
    public const int Checks = 1;
    public const int Build = 2;
    public const int WebConfiguration = 3;

    /// <summary>An endpoint whose answer must turn at the stop and doesn't.</summary>
    public static Diagnostic IgnoresShutdown(DiagnosticDescriptor descriptor, HealthEndpoint endpoint, HostFacts host)
    {
        var facts = ImmutableDictionary<string, string?>.Empty;
        var checks = endpoint.Route.Call?.Syntax.GetLocation();

        if (MapReadinessServes(endpoint, host))
        {
            facts = facts.Add(Edit, MapReadiness);
        }
        else if (endpoint.Predicate is { IsKnown: true } predicate && host.HealthChecks.Setups.Count > 0 && TagFor(predicate, host) is { } tag)
        {
            checks = EndOfChecks(endpoint, host).Syntax.GetLocation();
            facts = facts.Add(Edit, AddShutdownCheck);
            if (tag != HealthChecks.ReadyTag)
                facts = facts.Add(Tag, tag);
            if (NameFor(tag, host) is { } name)
                facts = facts.Add(CheckName, name);
        }

        return Create(descriptor, endpoint, host, facts, checks);
    }

    /// <summary>On the call that builds a host without any health endpoint; the probes go before the call that runs it.</summary>
    public static Diagnostic NoEndpoint(DiagnosticDescriptor descriptor, HostBuild build, HostFacts host)
    {
        var place = Squiggle.WithArguments(build.Call);
        var name = HostBuildDiagnostic.Describe(build.Call);
        if (build.Form is not (HostForm.WebApplication or HostForm.WebApplicationCreate)
            || Values.WalkUp(build.Call).Parent is not IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var app } }
            || RunOf(app, host) is not { } run)
        {
            return Diagnostic.Create(descriptor, place, name);
        }

        var facts = ImmutableDictionary<string, string?>.Empty.Add(Edit, MapBoth).Add(App, app.Name);
        if (!host.Drain.IsLibraryRegistered)
            facts = facts.Add(HostBuildDiagnostic.Form, build.Form.ToString());
        var built = build.Call.Syntax.GetLocation();
        return Diagnostic.Create(descriptor, place, [run.Syntax.GetLocation(), built, built, built], facts, name);
    }

    /// <summary>On an endpoint that production hasn't; the probes go after the condition around it.</summary>
    public static Diagnostic OnlyInDevelopment(DiagnosticDescriptor descriptor, HealthEndpoint endpoint, HostFacts host)
    {
        // In a library nobody sees whether the program registers the drain, without which the probes refuse to start.
        if (endpoint.Route.Call is { } call
            && (host.IsExecutable || host.Drain.IsLibraryRegistered)
            && Values.Receiver(call) is ILocalReferenceOperation or IParameterReferenceOperation
            && Values.SymbolOf(Values.Receiver(call)) is { } app
            && host.Types.Inherits(Values.Receiver(call)!.Type, KnownType.IEndpointRouteBuilder)
            && EnvironmentChecks.ConditionOf(host, call.Syntax) is { } condition
            && app.DeclaringSyntaxReferences is [var declaration]
            && !condition.Span.Contains(declaration.Span)
            && !MapsDefaultPath(host))
        {
            var facts = ImmutableDictionary<string, string?>.Empty.Add(Edit, MapBoth).Add(App, app.Name);
            return Create(descriptor, endpoint, host, facts, condition.GetLocation());
        }

        return Create(descriptor, endpoint, host, ImmutableDictionary<string, string?>.Empty);
    }

    private static bool MapsDefaultPath(HostFacts host)
    {
        foreach (var endpoint in host.HealthEndpoints.All)
        {
            if (endpoint.Route.Path is null || endpoint.Route.Path.ToLowerInvariant() is "health/ready" or "health/live")
                return true;
        }

        return false;
    }

    private static IInvocationOperation? RunOf(ILocalSymbol app, HostFacts host)
    {
        foreach (var use in host.Index.UsesOfLocal(app))
        {
            if (Values.CallOn(Values.WalkUp(use)) is { } call && Array.IndexOf(IndexedNames.Run, call.TargetMethod.Name) >= 0)
                return call;
        }

        return null;
    }

    /// <summary>The diagnostic with what every edit needs: the mapping, and the host where its drain is still to be registered.</summary>
    public static Diagnostic Create(DiagnosticDescriptor descriptor, HealthEndpoint endpoint, HostFacts host, ImmutableDictionary<string, string?> facts, Location? checks = null)
    {
        var place = endpoint.Route.Place;
        var mapping = endpoint.Route.Call?.Syntax.GetLocation() ?? place;
        var build = mapping;
        var web = mapping;
        if (facts.ContainsKey(Edit) && host.IsExecutable && !host.Drain.IsLibraryRegistered)
        {
            // The library's probes refuse to start without its drain.
            var target = host.Builds.All.FirstOrDefault(candidate => candidate.ServesUntilShutdown);
            if (target is null)
                return Diagnostic.Create(descriptor, place, endpoint.Name);

            facts = facts.Add(HostBuildDiagnostic.Form, target.Form.ToString());
            build = target.Call.Syntax.GetLocation();
            web = target.WebConfiguration?.Syntax.GetLocation() ?? build;
        }

        return Diagnostic.Create(descriptor, place, [mapping, checks ?? mapping, build, web], facts, endpoint.Name);
    }

    /// <summary>Whether the library's readiness probe can stand in the place of the mapping and nothing is lost.</summary>
    private static bool MapReadinessServes(HealthEndpoint endpoint, HostFacts host)
    {
        if (endpoint.Route.Call is not { } call || !host.Types.Inherits(Values.Receiver(call)?.Type, KnownType.IEndpointRouteBuilder))
            return false;

        return endpoint.Route.Form switch
        {
            RouteForm.Delegate => host.HealthEndpoints.AnswersAlwaysTheSame(endpoint.Route),

            // It runs no check at all.
            RouteForm.HealthChecks => endpoint.Predicate is { IsOnlyOption: true } predicate && predicate.Selects(null, null) == false,
            _ => false,
        };
    }

    /// <summary>A tag with which the check is run by the endpoint, and by no liveness probe: that would restart the process while it drains.</summary>
    private static string? TagFor(CheckPredicate predicate, HostFacts host)
    {
        if (Suits(HealthChecks.ReadyTag))
            return HealthChecks.ReadyTag;

        foreach (var tag in predicate.Strings)
        {
            if (Suits(tag))
                return tag;
        }

        return null;

        bool Suits(string tag)
        {
            if (predicate.Selects(NameFor(tag, host) ?? "shutdown", [tag]) != true)
                return false;

            foreach (var other in host.HealthEndpoints.All)
            {
                if (other is { Kind: ProbeKind.Liveness, Predicate: { } liveness } && liveness.Selects("shutdown", [tag]) != false)
                    return false;
            }

            return true;
        }
    }

    // The names of checks are unique, or the health checks throw at the first probe.
    private static string? NameFor(string tag, HostFacts host)
    {
        if (tag != HealthChecks.ReadyTag)
            return "shutdown-" + tag;

        foreach (var check in host.HealthChecks.All)
        {
            if (string.Equals(check.Name, "shutdown", StringComparison.OrdinalIgnoreCase))
                return "shutdown-" + tag;
        }

        return null;
    }

    /// <summary>The last call of the chain that sets the checks up; the chain in the endpoint's own file where there are several.</summary>
    private static IInvocationOperation EndOfChecks(HealthEndpoint endpoint, HostFacts host)
    {
        var last = host.HealthChecks.Setups.FirstOrDefault(setup => setup.Syntax.SyntaxTree == endpoint.Route.Tree) ?? host.HealthChecks.Setups[0];
        while (Values.CallOn(Values.WalkUp(last)) is { } next && host.Types.Inherits(next.Type, KnownType.IHealthChecksBuilder))
            last = next;
        return last;
    }
}
