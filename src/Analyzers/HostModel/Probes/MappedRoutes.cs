using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What answers a route.</summary>
internal enum RouteForm
{
    /// <summary>A delegate: <c>MapGet("/ready", () => ...)</c>.</summary>
    Delegate,

    /// <summary>A branch of the pipeline: <c>app.Map("/ready", branch => ...)</c>.</summary>
    Branch,

    /// <summary>A controller's action with an attribute route.</summary>
    Action,

    /// <summary>Health checks: <c>MapHealthChecks</c>, <c>UseHealthChecks</c>.</summary>
    HealthChecks,

    /// <summary>The runtime library's <c>MapReadiness</c>.</summary>
    Readiness,

    /// <summary>The runtime library's <c>MapLiveness</c>.</summary>
    Liveness,
}

/// <summary>One route that a probe can ask.</summary>
/// <param name="Path">The path, with the prefixes of groups and branches, without slashes at its ends; null where it isn't known.</param>
/// <param name="Form">What answers it.</param>
/// <param name="Place">Where it stands: the pattern's expression, or the call's or the action's name.</param>
/// <param name="Call">The call that maps it; null for an action.</param>
/// <param name="Handler">The delegate that answers it, or configures the branch; null for the other forms.</param>
/// <param name="Action">The action that answers it.</param>
internal sealed record MappedRoute(string? Path, RouteForm Form, Location Place, IInvocationOperation? Call, IOperation? Handler, IMethodSymbol? Action)
{
    public SyntaxTree Tree => Place.SourceTree!;
}

/// <summary>All routes of a compilation that a probe can ask: those for GET, by calls and by attributes.</summary>
internal sealed class MappedRoutes
{
    private readonly HostFacts _host;
    private readonly Lazy<IReadOnlyList<MappedRoute>> _all;

    public MappedRoutes(HostFacts host)
    {
        _host = host;
        _all = new(() => Find(static _ => true));
    }

    public IReadOnlyList<MappedRoute> All => _all.Value;

    /// <summary>The routes that end in a pattern which <paramref name="mayBe"/> accepts: those that say at a glance that they don't are not bound.</summary>
    public IReadOnlyList<MappedRoute> Find(Func<string, bool> mayBe)
    {
        var found = new List<MappedRoute>();
        foreach (var name in IndexedNames.Map)
        {
            foreach (var syntax in _host.Index.Invocations(name))
            {
                if (!IsNothingElse(syntax, mayBe) && _host.Index.Operation(syntax) is IInvocationOperation call && Recognize(call) is { } route)
                    found.Add(route);
            }
        }

        AddActions(found);
        return found;
    }

    // mapper.Map<Order>(dto) is another library's, and much more common.
    private static bool IsNothingElse(InvocationExpressionSyntax call, Func<string, bool> mayBe) =>
        call.Expression is MemberAccessExpressionSyntax { Name: GenericNameSyntax }
        || (!MapsHealthChecks(call) && call.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax { Token.Value: string pattern } }, ..] && !mayBe(pattern));

    private static bool MapsHealthChecks(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "MapHealthChecks" or "UseHealthChecks" };

    private MappedRoute? Recognize(IInvocationOperation call)
    {
        var receiver = Values.Receiver(call)?.Type;
        var onEndpoints = _host.Types.Inherits(receiver, KnownType.IEndpointRouteBuilder);
        var onPipeline = _host.Types.Inherits(receiver, KnownType.IApplicationBuilder);
        if (!onEndpoints && !onPipeline)
            return null;

        IOperation? pattern = null;
        IOperation? handler = null;
        foreach (var argument in call.Arguments)
        {
            switch (argument.Parameter)
            {
                case { Name: "pattern" or "path" or "pathMatch" }:
                    pattern = argument.Value;
                    break;
                case { Name: "requestDelegate" or "handler" or "configuration" }:
                    handler = Values.WalkDown(argument.Value);
                    break;
            }
        }

        RouteForm form;
        switch (call.TargetMethod.Name)
        {
            case "MapHealthChecks" or "UseHealthChecks":
                form = RouteForm.HealthChecks;
                break;
            case "MapReadiness":
                form = RouteForm.Readiness;
                break;
            case "MapLiveness":
                form = RouteForm.Liveness;
                break;
            case "Map" when handler?.Type is INamedTypeSymbol { DelegateInvokeMethod: { ReturnsVoid: true, Parameters: [var branch] } } && _host.Types.Is(branch.Type, KnownType.IApplicationBuilder):
                form = RouteForm.Branch;
                break;
            default:
                // The names are common: without a pattern and a handler it is something else.
                if (pattern is null || handler is null)
                    return null;
                form = RouteForm.Delegate;
                break;
        }

        return new(Join(PrefixOf(Values.Receiver(call), 0), Texts.Of(_host, pattern)), form, PlaceOf(call, pattern), call, handler, null);
    }

    private static Location PlaceOf(IInvocationOperation call, IOperation? pattern)
    {
        // A default value ("/health/ready" of MapReadiness) has the call's syntax.
        if (pattern?.Syntax is { } syntax && syntax != call.Syntax)
            return syntax is ArgumentSyntax argument ? argument.Expression.GetLocation() : syntax.GetLocation();

        return call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } }
            ? name.GetLocation()
            : call.Syntax.GetLocation();
    }

    /// <summary>The path that groups and branches put before a pattern: empty for the app itself, null where it isn't known.</summary>
    private string? PrefixOf(IOperation? receiver, int depth)
    {
        if (receiver is null || depth > 16)
            return null;

        switch (Values.WalkDown(receiver))
        {
            case IInvocationOperation { TargetMethod.Name: "MapGroup" } group:
                foreach (var argument in group.Arguments)
                {
                    if (argument.Parameter?.Name == "prefix")
                        return Join(PrefixOf(Values.Receiver(group), depth + 1), Texts.Of(_host, argument.Value));
                }

                return null;

            // A convention on a group (group.WithTags("x")), or what makes the app (builder.Build()).
            case IInvocationOperation call:
                return Values.Receiver(call) is { } inner && IsRouteBuilder(inner.Type) ? PrefixOf(inner, depth + 1) : "";

            case ILocalReferenceOperation local:
                return Texts.Definition(_host, local) is { } definition ? PrefixOf(definition, depth + 1) : IsGroup(local.Type) ? null : "";

            case IParameterReferenceOperation parameter:
                return BranchOf(parameter) is { } branch
                    ? Join(PrefixOf(Values.Receiver(branch), depth + 1), Texts.Of(_host, branch.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "pathMatch")?.Value))
                    : IsGroup(parameter.Type) ? null : "";

            case var other:
                return IsGroup(other.Type) ? null : "";
        }
    }

    private bool IsRouteBuilder(ITypeSymbol? type) =>
        _host.Types.Inherits(type, KnownType.IEndpointRouteBuilder) || _host.Types.Inherits(type, KnownType.IApplicationBuilder) || IsGroup(type);

    private static bool IsGroup(ITypeSymbol? type) => type?.Name is "RouteGroupBuilder";

    /// <summary>The <c>Map("/path", branch => ...)</c> whose branch the parameter is.</summary>
    private IInvocationOperation? BranchOf(IParameterReferenceOperation reference)
    {
        for (var current = reference.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation function && SymbolEqualityComparer.Default.Equals(function.Symbol, reference.Parameter.ContainingSymbol))
            {
                for (var outer = function.Parent; outer is IDelegateCreationOperation or IConversionOperation or IArgumentOperation; outer = outer.Parent)
                {
                    if (outer is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Map" } map } && IsRouteBuilder(Values.Receiver(map)?.Type))
                        return map;
                }

                return null;
            }
        }

        return null;
    }

    private static string? Join(string? prefix, string? pattern)
    {
        if (prefix is null || pattern is null)
            return null;

        pattern = pattern.TrimStart('~').Trim('/');
        return prefix.Length == 0 ? pattern : pattern.Length == 0 ? prefix : $"{prefix}/{pattern}";
    }

    private void AddActions(List<MappedRoute> all)
    {
        if (!_host.Types.Has(KnownType.IRouteTemplateProvider))
            return;

        var controllers = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var name in IndexedNames.RouteAttributes)
        {
            foreach (var use in _host.Index.Uses(name))
            {
                if (use.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute
                    && attribute.Name.Span.Contains(use.Span)
                    && attribute.FirstAncestorOrSelf<ClassDeclarationSyntax>() is { } declaration
                    && _host.Index.Model(use.SyntaxTree).GetDeclaredSymbol(declaration) is INamedTypeSymbol controller)
                {
                    controllers.Add(controller);
                }
            }
        }

        foreach (var controller in controllers)
        {
            foreach (var member in controller.GetMembers())
            {
                if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public, IsStatic: false, Locations: [{ IsInSource: true } place, ..] } action)
                    AddAction(all, controller, action, place);
            }
        }
    }

    private void AddAction(List<MappedRoute> all, INamedTypeSymbol controller, IMethodSymbol action, Location place)
    {
        var own = new List<string?>();
        foreach (var attribute in action.GetAttributes())
        {
            if (!_host.Types.Inherits(attribute.AttributeClass, KnownType.IRouteTemplateProvider))
                continue;

            // Probes ask by GET.
            if (attribute.AttributeClass!.Name is "HttpPostAttribute" or "HttpPutAttribute" or "HttpDeleteAttribute" or "HttpPatchAttribute" or "HttpOptionsAttribute")
                return;
            own.Add(Template(attribute));
        }

        var prefixes = new List<string>();
        for (var type = controller; type is not null && prefixes.Count == 0; type = type.BaseType)
        {
            foreach (var attribute in type.GetAttributes())
            {
                if (_host.Types.Inherits(attribute.AttributeClass, KnownType.IRouteTemplateProvider) && Template(attribute) is { } template)
                    prefixes.Add(template);
            }
        }

        if (own.Count == 0)
            own.Add(null);

        foreach (var template in own)
        {
            if (template is ['/', ..] or ['~', ..] || prefixes.Count == 0)
            {
                if (template is not null)
                    Add("", template);
            }
            else
            {
                foreach (var prefix in prefixes)
                    Add(prefix.Trim('/'), template ?? "");
            }
        }

        void Add(string prefix, string template)
        {
            var path = Join(Filled(prefix), Filled(template));
            all.Add(new(path, RouteForm.Action, place, null, null, action));
        }

        string Filled(string template) => template
            .Replace("[controller]", Without(controller.Name, "Controller"))
            .Replace("[action]", Without(action.Name, "Async"));
    }

    private static string Without(string name, string suffix) =>
        name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - suffix.Length) : name;

    private static string? Template(AttributeData attribute)
    {
        foreach (var argument in attribute.ConstructorArguments)
        {
            if (argument is { Kind: TypedConstantKind.Primitive, Value: string template })
                return template;
        }

        foreach (var argument in attribute.NamedArguments)
        {
            if (argument is { Key: "Template" or "Route", Value.Value: string template })
                return template;
        }

        return null;
    }
}
