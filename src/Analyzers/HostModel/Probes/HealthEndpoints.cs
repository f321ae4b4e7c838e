using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What a platform asks a health endpoint for; its route says so.</summary>
internal enum ProbeKind
{
    /// <summary>Whether to send requests.</summary>
    Readiness,

    /// <summary>Whether to restart the process.</summary>
    Liveness,

    /// <summary>Either, or both: <c>/health</c>.</summary>
    General,

    /// <summary>Health checks under a route that tells nothing.</summary>
    Other,
}

/// <summary>One health endpoint.</summary>
/// <param name="Route">Where it is mapped.</param>
/// <param name="Kind">What it is asked for.</param>
/// <param name="TurnsAtShutdown">Whether its answer can change when the program stops; null where that can't be seen.</param>
/// <param name="Predicate">Which health checks it runs; null where it runs none.</param>
/// <param name="IsOutsideProduction">Whether it is mapped where production never comes: under <c>IsDevelopment()</c>.</param>
internal sealed record HealthEndpoint(MappedRoute Route, ProbeKind Kind, bool? TurnsAtShutdown, CheckPredicate? Predicate, bool IsOutsideProduction)
{
    /// <summary>The route as a message names it.</summary>
    public string Name => Route.Path is { } path ? "/" + path : Route.Call?.TargetMethod.Name ?? Route.Action?.Name ?? "";
}

/// <summary>All health endpoints that a compilation maps.</summary>
internal sealed class HealthEndpoints
{
    private static readonly string[] Readiness = ["ready", "readyz", "readiness"];
    private static readonly string[] Liveness = ["live", "livez", "alive", "liveness"];
    private static readonly string[] General = ["health", "healthz", "healthcheck", "healthchecks", "hc"];

    // Words beside which "ready" or "live" is a probe's name and nothing of the program's subject.
    private static readonly HashSet<string> Neutral = new(StringComparer.OrdinalIgnoreCase)
    {
        "api", "app", "service", "svc", "system", "sys", "internal", "infra", "admin", "ops", "monitoring", "management", "manage", "actuator", "probe", "probes",
        "k8s", "kube", "kubernetes", "status", "check", "checks", "is", "diagnostics", "self", "_", "", "v1", "v2", "v3", ".well-known", "server", "host", "public",
    };

    private readonly HostFacts _host;

    public HealthEndpoints(HostFacts host)
    {
        _host = host;
        var all = new List<HealthEndpoint>();
        var configured = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var tree in host.Compilation.SyntaxTrees)
        {
            foreach (var option in (string[])[ShutdownOptions.ReadinessPaths, ShutdownOptions.LivenessPaths])
            {
                foreach (var path in host.Options.List(tree, option))
                    configured.Add(LastSegment(path));
            }
        }

        HasConfiguredPaths = configured.Count > 0;
        foreach (var route in host.Routes.Find(MayBeProbe))
        {
            if (KindOf(route) is { } kind)
                all.Add(Judge(route, kind));
        }

        All = all;

        bool MayBeProbe(string pattern) =>
            LastSegment(pattern) is var last && (last.Length == 0 || SegmentKind(last) is not null || configured.Contains(last));
    }

    public IReadOnlyList<HealthEndpoint> All { get; }

    /// <summary>Whether the user names paths of probes.</summary>
    public bool HasConfiguredPaths { get; }

    /// <summary>
    /// Whether the endpoint's answer surely stays the same when the program stops, where that matters: in production. Which checks a library's endpoint runs is known to the program that
    /// references it alone; and a project that uses the runtime library may register the check out of sight. An embedded host's endpoint says nothing of the process.
    /// </summary>
    public bool IgnoresShutdown(HealthEndpoint endpoint) =>
        endpoint is { TurnsAtShutdown: false, IsOutsideProduction: false }
        && (endpoint.Predicate is null || (_host.IsExecutable && !_host.Drain.IsCalledThroughReference))
        && !(endpoint.Route.Call is { } call && _host.Builds.IsOfEmbedded(call.Syntax));

    /// <summary>Whether the last segment of <paramref name="path"/> has a readiness, liveness or health name.</summary>
    public static bool IsHealthPath(string path) => NamedKind(path, out _) is not null;

    private ProbeKind? KindOf(MappedRoute route)
    {
        switch (route.Form)
        {
            case RouteForm.Readiness:
                return ProbeKind.Readiness;
            case RouteForm.Liveness:
                return ProbeKind.Liveness;
        }

        // A branch that maps something itself (health checks, say) is judged there.
        if (route is { Form: RouteForm.Branch, Handler: { } branch } && (Bodies.OfDelegate(_host, branch) is not { } body || MapsSomething(body)))
            return null;

        var runsChecks = route.Form == RouteForm.HealthChecks;
        if (route.Path is not { } path)
            return runsChecks ? ProbeKind.Other : null;

        if (IsNamed(route, path, ShutdownOptions.ReadinessPaths))
            return ProbeKind.Readiness;
        if (IsNamed(route, path, ShutdownOptions.LivenessPaths))
            return ProbeKind.Liveness;

        var kind = NamedKind(path, out var isCertain);
        if (runsChecks)
            return kind ?? (path.Length == 0 ? ProbeKind.General : ProbeKind.Other);

        // "/orders/ready" can be the orders that are ready; one that answers the same always is a probe.
        return kind is not null && (isCertain || AnswersAlwaysTheSame(route)) ? kind : null;
    }

    private static string LastSegment(string path)
    {
        path = path.TrimEnd('/');
        return path.Substring(path.LastIndexOf('/') + 1);
    }

    private static bool MapsSomething(IOperation branch)
    {
        foreach (var inner in branch.Descendants())
        {
            if (inner is IInvocationOperation { TargetMethod.Name: var name } && Array.IndexOf(IndexedNames.Map, name) >= 0)
                return true;
        }

        return false;
    }

    private bool IsNamed(MappedRoute route, string path, string option)
    {
        foreach (var configured in _host.Options.List(route.Tree, option))
        {
            var name = configured.Trim('/');
            if (path.Equals(name, StringComparison.OrdinalIgnoreCase) || path.EndsWith("/" + name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static ProbeKind? NamedKind(string path, out bool isCertain)
    {
        isCertain = true;
        var segments = path.Split('/');
        ProbeKind? kind = null;
        for (var i = segments.Length - 1; i >= 0; i--)
        {
            var isLast = i == segments.Length - 1;
            var named = SegmentKind(segments[i]);
            if (isLast)
            {
                if (named is null)
                    return null;
                kind = named;

                // readyz, livez and healthz are names of probes and of nothing else.
                if (segments[i].EndsWith("z", StringComparison.OrdinalIgnoreCase))
                    return kind;
            }
            else if (named is not null)
            {
                // /readiness/health
                if (kind == ProbeKind.General)
                    kind = named;
            }
            else if (!Neutral.Contains(segments[i]))
            {
                isCertain = false;
            }
        }

        return kind;
    }

    /// <summary>The kind of one segment; also of a compound (<c>health-ready</c>, <c>is_ready</c>) that has no foreign word.</summary>
    private static ProbeKind? SegmentKind(string segment)
    {
        ProbeKind? kind = null;
        foreach (var word in segment.Split('-', '_', '.'))
        {
            if (Array.Exists(Readiness, name => name.Equals(word, StringComparison.OrdinalIgnoreCase)))
                kind = ProbeKind.Readiness;
            else if (Array.Exists(Liveness, name => name.Equals(word, StringComparison.OrdinalIgnoreCase)))
                kind = ProbeKind.Liveness;
            else if (Array.Exists(General, name => name.Equals(word, StringComparison.OrdinalIgnoreCase)))
                kind ??= ProbeKind.General;
            else if (!Neutral.Contains(word))
                return null;
        }

        return kind;
    }

    private HealthEndpoint Judge(MappedRoute route, ProbeKind kind)
    {
        var outside = route.Call is { } call && EnvironmentChecks.IsOutsideProduction(_host, call);
        switch (route.Form)
        {
            case RouteForm.Readiness:
                return new(route, kind, true, null, outside);

            case RouteForm.Liveness:
                return new(route, kind, false, null, outside);

            case RouteForm.HealthChecks:
                var predicate = CheckPredicate.Of(_host, route.Call!);
                return new(route, kind, Turns(predicate), predicate, outside);

            case RouteForm.Action:
                return new(route, kind, _host.ShutdownState.IsReadByMethod(route.Action!), null, outside);

            default:
                return new(route, kind, _host.ShutdownState.IsReadByDelegate(route.Handler!), null, outside);
        }
    }

    private bool? Turns(CheckPredicate predicate)
    {
        var unknown = !predicate.IsKnown;
        foreach (var check in _host.HealthChecks.All)
        {
            if (check.TurnsAtShutdown == false)
                continue;

            var selected = predicate.Selects(check.Name, check.Tags);
            if (selected == false)
                continue;
            if (selected == true && check.TurnsAtShutdown == true)
                return true;
            unknown = true;
        }

        return unknown ? null : false;
    }

    /// <summary>Whether a delegate or an action answers without looking at anything: a constant "OK".</summary>
    public bool AnswersAlwaysTheSame(MappedRoute route) => AsksOnly(route, static _ => false);

    /// <summary>Whether a delegate or an action looks at nothing but objects of types that <paramref name="isExempt"/> accepts.</summary>
    public bool AsksOnly(MappedRoute route, Func<ITypeSymbol, bool> isExempt)
    {
        var body = route.Form switch
        {
            RouteForm.Delegate => Bodies.OfDelegate(_host, route.Handler!),
            RouteForm.Action => Bodies.Of(_host, route.Action!).FirstOrDefault(),
            _ => null,
        };
        if (body is null)
            return false;

        foreach (var operation in body.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IInvocationOperation call when !IsPlainAnswer(call):
                case IFieldReferenceOperation { Field: { IsConst: false, IsReadOnly: false } }:
                case IPropertyReferenceOperation { Property: var property } when !IsPlainProperty(property) && !isExempt(property.ContainingType):
                case IParameterReferenceOperation { Type: { } type } when type.Name is not ("HttpContext" or "HttpResponse" or "CancellationToken") && !isExempt(type):
                case ILocalReferenceOperation { Local: var local } when IsCaptured(local, body) && !isExempt(local.Type):
                case IThrowOperation:
                    return false;
            }
        }

        return true;
    }

    /// <summary>Whether a tag says that a check belongs to liveness.</summary>
    public static bool IsLivenessName(string tag) => SegmentKind(tag) == ProbeKind.Liveness;

    private static bool IsCaptured(ILocalSymbol local, IOperation body) =>
        local.DeclaringSyntaxReferences is [var declared] && !body.Syntax.Span.Contains(declared.Span);

    private static bool IsPlainAnswer(IInvocationOperation call) =>
        call.TargetMethod.ContainingType?.Name is "Results" or "TypedResults" or "ControllerBase" or "Controller" or "Task" or "ValueTask" or "HttpResponseWritingExtensions" or "DateTime" or "String"
        || call.TargetMethod.Name is "ConfigureAwait";

    private static bool IsPlainProperty(IPropertySymbol property) =>
        property.ContainingType?.Name is "HttpContext" or "HttpResponse" or "Task" or "ValueTask" or "DateTime" or "DateTimeOffset" or "StatusCodes" or "Environment" or "String" or "ControllerBase" or "IHeaderDictionary"
        || property.ContainingType?.IsAnonymousType == true
        || property.IsReadOnly && property.ContainingType?.Name is "TypedResults" or "Results";
}
