using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A health check that this compilation registers with its own code, or one from a package that looks at the shutdown.</summary>
/// <param name="Name">Its name, where it is known.</param>
/// <param name="Tags">Its tags, or null where they aren't known.</param>
/// <param name="TurnsAtShutdown">Whether it looks at the shutdown; null where that can't be seen.</param>
/// <param name="Registration">The call or the object creation that registers it.</param>
internal sealed record HealthCheck(string? Name, IReadOnlyList<string>? Tags, bool? TurnsAtShutdown, IOperation Registration);

/// <summary>
/// The health checks of a program. A check from a package looks at its database or its broker, not at the shutdown: only the framework's lifecycle check,
/// the runtime library's, and those that the option <c>lifecycle_checks</c> names do.
/// </summary>
internal sealed class HealthChecks
{
    /// <summary>The tag that the runtime library's check gets where none is given, and that <c>MapReadiness</c> selects.</summary>
    public const string ReadyTag = "ready";

    private readonly HostFacts _host;
    private readonly HashSet<string> _lifecycleChecks = new(StringComparer.Ordinal) { "ApplicationLifecycleHealthCheck", "AddApplicationLifecycleHealthCheck" };

    public HealthChecks(HostFacts host)
    {
        _host = host;
        foreach (var tree in host.Compilation.SyntaxTrees)
        {
            foreach (var name in host.Options.List(tree, ShutdownOptions.LifecycleChecks))
                _lifecycleChecks.Add(name);
        }

        Setups = FindSetups();
        All = FindAll();
    }

    /// <summary>The checks, those from packages that have nothing to do with the shutdown left out.</summary>
    public IReadOnlyList<HealthCheck> All { get; }

    /// <summary>The <c>AddHealthChecks()</c> calls.</summary>
    public IReadOnlyList<IInvocationOperation> Setups { get; }

    private IReadOnlyList<IInvocationOperation> FindSetups()
    {
        var setups = new List<IInvocationOperation>();
        foreach (var syntax in _host.Index.Invocations("AddHealthChecks"))
        {
            if (_host.Index.Operation(syntax) is IInvocationOperation call && _host.Types.Inherits(call.Type, KnownType.IHealthChecksBuilder))
                setups.Add(call);
        }

        return setups;
    }

    private IReadOnlyList<HealthCheck> FindAll()
    {
        var all = new List<HealthCheck>();
        foreach (var name in (string[])["AddCheck", "AddAsyncCheck", "AddTypeActivatedCheck"])
        {
            foreach (var syntax in _host.Index.Invocations(name))
            {
                if (_host.Index.Operation(syntax) is IInvocationOperation call
                    && _host.Types.Inherits(Values.Receiver(call)?.Type, KnownType.IHealthChecksBuilder))
                {
                    all.Add(new(NameOf(call.Arguments), TagsOf(call.Arguments), Turns(call), call));
                }
            }
        }

        foreach (var use in _host.Index.Uses("HealthCheckRegistration"))
        {
            if (use.Parent is { } parent
                && (_host.Index.Operation(parent) ?? _host.Index.Operation(parent.Parent ?? parent)) is IObjectCreationOperation creation
                && _host.Types.Is(creation.Type, KnownType.HealthCheckRegistration))
            {
                all.Add(new(NameOf(creation.Arguments), TagsOf(creation.Arguments), Turns(creation), creation));
            }
        }

        AddByMethod(all, "AddShutdownCheck", HealthChecks.ReadyTag);
        foreach (var name in _lifecycleChecks)
        {
            if (name is not ("AddCheck" or "AddAsyncCheck"))
                AddByMethod(all, name.Substring(name.LastIndexOf('.') + 1), null);
        }

        return all;
    }

    private void AddByMethod(List<HealthCheck> all, string method, string? defaultTag)
    {
        foreach (var syntax in _host.Index.Invocations(method))
        {
            // A call that doesn't bind (the package isn't restored) shows the intent all the same; its tags are not known.
            if (_host.Index.Operation(syntax) is not IInvocationOperation call)
            {
                if (_host.Index.Operation(syntax) is { } unbound)
                    all.Add(new(null, null, true, unbound));
                continue;
            }

            var tags = TagsOf(call.Arguments);
            if (tags is { Count: 0 } && defaultTag is not null)
                tags = [defaultTag];
            all.Add(new(NameOf(call.Arguments), tags, true, call));
        }
    }

    private string? NameOf(IEnumerable<IArgumentOperation> arguments) => Texts.Of(_host, Argument(arguments, "name"));

    private IReadOnlyList<string>? TagsOf(IEnumerable<IArgumentOperation> arguments) => Texts.ListOf(_host, Argument(arguments, "tags"));

    private static IOperation? Argument(IEnumerable<IArgumentOperation> arguments, string parameter)
    {
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Name == parameter)
                return argument.Value;
        }

        return null;
    }

    private bool? Turns(IOperation registration)
    {
        bool? turns = false;
        var arguments = registration switch
        {
            IInvocationOperation call => call.Arguments,
            IObjectCreationOperation creation => creation.Arguments,
            _ => default,
        };

        if (registration is IInvocationOperation { TargetMethod.TypeArguments: [var checkType, ..] } generic && generic.TargetMethod.Name != "AddAsyncCheck")
            turns = Either(turns, TypeTurns(checkType));

        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Name is not ("check" or "instance" or "factory"))
                continue;

            turns = Either(turns, ValueTurns(Values.WalkDown(argument.Value), 0));
        }

        return turns;
    }

    private bool? ValueTurns(IOperation value, int depth)
    {
        if (value.Type is { } type && _host.Types.Inherits(type, KnownType.IHealthCheck) && type.TypeKind == TypeKind.Class)
            return TypeTurns(type);

        if (value is IDelegateCreationOperation)
        {
            var turns = _host.ShutdownState.IsReadByDelegate(value);

            // sp => new Check(...), sp => sp.GetRequiredService<Check>()
            foreach (var inner in value.Descendants())
            {
                var made = inner switch
                {
                    IObjectCreationOperation creation => creation.Type,
                    IInvocationOperation { TargetMethod.TypeArguments: [var single] } => single,
                    _ => null,
                };
                if (made is not null && _host.Types.Inherits(made, KnownType.IHealthCheck))
                    turns = Either(turns, TypeTurns(made));
            }

            return turns;
        }

        return depth < 4 && Texts.Definition(_host, value) is { } definition ? ValueTurns(definition, depth + 1) : null;
    }

    private bool? TypeTurns(ITypeSymbol type)
    {
        if (_lifecycleChecks.Contains(type.Name) || _lifecycleChecks.Contains(type.ToDisplayString()))
            return true;

        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class } check)
            return null;

        if (!_host.IsInSource(check))
            return check.ContainingAssembly is { } assembly && DrainRegistrations.UsesRuntime(assembly) ? null : false;

        return _host.ShutdownState.IsReadByType(check, "CheckHealthAsync");
    }

    /// <summary>True where one of them is, else null where one isn't known.</summary>
    private static bool? Either(bool? left, bool? right) =>
        left == true || right == true ? true : left is null || right is null ? null : false;
}
