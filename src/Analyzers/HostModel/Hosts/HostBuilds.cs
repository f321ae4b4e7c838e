using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>How a host is made; this decides what registers a drain for it.</summary>
internal enum HostForm
{
    /// <summary><c>builder.Build()</c> on a <c>WebApplicationBuilder</c>.</summary>
    WebApplication,

    /// <summary><c>WebApplication.Create(args)</c>: built at once, with no builder in sight.</summary>
    WebApplicationCreate,

    /// <summary>An <c>IHostBuilder</c> with <c>ConfigureWebHostDefaults</c> or <c>ConfigureWebHost</c>.</summary>
    GenericWebHost,

    /// <summary>An <c>IWebHostBuilder</c>.</summary>
    WebHost,

    /// <summary>A host that serves no requests.</summary>
    Worker,
}

/// <summary>One place that builds a host.</summary>
/// <param name="Call">The call that builds it: <c>Build()</c>, <c>WebApplication.Create()</c>, or one that builds and starts in one (<c>RunConsoleAsync()</c>).</param>
/// <param name="Form">How it is made.</param>
/// <param name="WebConfiguration">For <see cref="HostForm.GenericWebHost"/>: the <c>ConfigureWebHostDefaults</c> call.</param>
/// <param name="IsRun">Whether the program runs it; false for a host that is only looked into (design-time tools, migrations).</param>
/// <param name="IsEmbedded">Whether an object starts and stops it: its stop isn't the process's.</param>
internal sealed record HostBuild(IInvocationOperation Call, HostForm Form, IInvocationOperation? WebConfiguration, bool IsRun, bool IsEmbedded)
{
    public bool IsWeb => Form != HostForm.Worker;

    /// <summary>A web host that serves until the process is told to stop.</summary>
    public bool ServesUntilShutdown => IsWeb && IsRun && !IsEmbedded;

    public SyntaxTree Tree => Call.Syntax.SyntaxTree;
}

/// <summary>All places of a compilation that build a host.</summary>
internal sealed class HostBuilds
{
    private readonly HostFacts _host;
    private readonly List<IInvocationOperation> _webConfigurations = [];
    private readonly Lazy<bool> _runsAnything;

    public HostBuilds(HostFacts host)
    {
        _host = host;
        _runsAnything = new(FindsAnyRun);

        foreach (var name in IndexedNames.WebHostConfiguration)
        {
            foreach (var call in Calls(name))
            {
                if (call.TargetMethod.Parameters.Length > 0 && host.Types.Is(ReceiverType(call), KnownType.IHostBuilder))
                    _webConfigurations.Add(call);
            }
        }

        var all = new List<HostBuild>();
        foreach (var name in IndexedNames.Build)
            Collect(all, name);
        if (UsesClassicBuilder())
        {
            foreach (var name in IndexedNames.BuildAndRun)
                Collect(all, name);
        }

        All = all;
    }

    public IReadOnlyList<HostBuild> All { get; }

    /// <summary>Whether <paramref name="node"/> stands in the method that builds an embedded host.</summary>
    public bool IsOfEmbedded(SyntaxNode node)
    {
        foreach (var build in All)
        {
            if (build.IsEmbedded
                && build.Tree == node.SyntaxTree
                && SymbolEqualityComparer.Default.Equals(_host.Index.EnclosingMethod(build.Call.Syntax), _host.Index.EnclosingMethod(node)))
            {
                return true;
            }
        }

        return false;
    }

    private void Collect(List<HostBuild> all, string name)
    {
        foreach (var call in Calls(name))
        {
            if (Recognize(call) is { } build)
                all.Add(build);
        }
    }

    // Only these builders can build and start in one call; looking for them among all calls of "Start" would bind half the program.
    private bool UsesClassicBuilder()
    {
        foreach (var name in IndexedNames.ClassicBuilders)
        {
            if (_host.Index.Any(name))
                return true;
        }

        return false;
    }

    private IEnumerable<IInvocationOperation> Calls(string name)
    {
        foreach (var syntax in _host.Index.Invocations(name))
        {
            if (MayBe(name, syntax) && _host.Index.Operation(syntax) is IInvocationOperation call)
                yield return call;
        }
    }

    // What the syntax alone rules out, before anything is bound.
    private static bool MayBe(string name, InvocationExpressionSyntax call) => name switch
    {
        "Build" => call.ArgumentList.Arguments.Count == 0,
        "Create" => call.Expression is not MemberAccessExpressionSyntax { Expression: var type } || type.ToString().EndsWith("WebApplication", StringComparison.Ordinal),
        _ => true,
    };

    private HostBuild? Recognize(IInvocationOperation call)
    {
        var types = _host.Types;
        var method = call.TargetMethod;
        var receiver = ReceiverType(call);

        // On a builder, Start() and RunConsoleAsync() build the host too; on a host they only run it.
        var runsAtOnce = method.Name is not ("Build" or "Create");

        if (method.Name == "Create")
        {
            return method.IsStatic && types.Is(method.ContainingType, KnownType.WebApplication)
                ? Made(HostForm.WebApplicationCreate)
                : null;
        }

        if (types.Is(receiver, KnownType.WebApplicationBuilder))
            return runsAtOnce ? null : Made(HostForm.WebApplication);

        if (types.Inherits(receiver, KnownType.IWebHostBuilder))
            return Made(HostForm.WebHost);

        if (types.Inherits(receiver, KnownType.IHostBuilder))
        {
            var web = WebConfigurationOf(call);
            return Made(web is null ? HostForm.Worker : HostForm.GenericWebHost, web);
        }

        return types.Is(receiver, KnownType.HostApplicationBuilder) && !runsAtOnce ? Made(HostForm.Worker) : null;

        HostBuild Made(HostForm form, IInvocationOperation? web = null) => new(call, form, web, runsAtOnce || IsRun(call), IsEmbedded(call));
    }

    /// <summary>The call that makes a web host of the <c>IHostBuilder</c> that <paramref name="build"/> builds, or null for a worker.</summary>
    private IInvocationOperation? WebConfigurationOf(IInvocationOperation build)
    {
        if (_webConfigurations.Count == 0)
            return null;

        var chain = Chain.Of(build);
        foreach (var configuration in _webConfigurations)
        {
            if (chain.Contains(configuration))
                return configuration;
        }

        foreach (var configuration in _webConfigurations)
        {
            var root = Chain.Of(configuration).Root;
            if (root is not null && SymbolEqualityComparer.Default.Equals(root, chain.Root))
                return configuration;

            var method = _host.Index.EnclosingMethod(configuration.Syntax);
            foreach (var called in chain.Methods)
            {
                if (SymbolEqualityComparer.Default.Equals(called, method))
                    return configuration;
            }
        }

        // Configured through helpers that can't be followed: with one builder in the program there is no doubt whose it is.
        return BuildersInProgram() == 1 ? _webConfigurations[0] : null;
    }

    private int BuildersInProgram()
    {
        var count = 0;
        foreach (var name in (string[])["Build", .. IndexedNames.BuildAndRun])
        {
            foreach (var call in Calls(name))
            {
                if (_host.Types.Inherits(ReceiverType(call), KnownType.IHostBuilder))
                    count++;
            }
        }

        return count;
    }

    /// <summary>Whether what <paramref name="build"/> returns is run: in the same chain, through its local, or out of sight while the program runs some host.</summary>
    private bool IsRun(IInvocationOperation build)
    {
        var value = Values.WalkUp(build);
        switch (value.Parent)
        {
            case IInvocationOperation or IArgumentOperation when Values.CallOn(value) is { } call:
                return RunsItsHost(call);

            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                return LocalIsRun(local);

            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } assignment when assignment.Value == value:
                return LocalIsRun(local);

            case IUsingOperation or IExpressionStatementOperation:
                return false;

            default:
                return _runsAnything.Value;
        }
    }

    /// <summary>Whether what <paramref name="build"/> returns goes, directly or by way of a local, to an object that starts and stops it.</summary>
    private bool IsEmbedded(IInvocationOperation build)
    {
        var value = Values.WalkUp(build);
        if (value.Parent is not IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } })
            return GoesToOwner(value);

        foreach (var use in _host.Index.UsesOfLocal(local))
        {
            if (GoesToOwner(Values.WalkUp(use)))
                return true;
        }

        return false;
    }

    private bool GoesToOwner(IOperation value) =>
        value.Parent is IAssignmentOperation { Target: IMemberReferenceOperation member } assignment
        && assignment.Value == value
        && EmbeddedHosts.IsStoppedByOwner(_host, member);

    private bool LocalIsRun(ILocalSymbol local)
    {
        foreach (var use in _host.Index.UsesOfLocal(local))
        {
            var value = Values.WalkUp(use);
            if (Values.CallOn(value) is { } call)
            {
                if (RunsItsHost(call))
                    return true;
            }
            else if (value.Parent is IArgumentOperation or IReturnOperation or IAssignmentOperation or IVariableInitializerOperation
                && _runsAnything.Value)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>Run()</c> and its kin; also what a package adds under such a name (<c>RunJobs(app)</c>, <c>app.RunCommandsAsync()</c>).</summary>
    private bool RunsItsHost(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (Array.IndexOf(IndexedNames.Run, method.Name) >= 0 || method.Name.StartsWith("Run", StringComparison.Ordinal))
            return true;

        // A fluent step that hands the host on: host.MigrateDatabase().Run().
        return _host.Types.IsHost(method.ReturnType) && IsRun(call);
    }

    private bool FindsAnyRun()
    {
        foreach (var name in IndexedNames.Run)
        {
            foreach (var call in Calls(name))
            {
                if (_host.Types.IsHost(ReceiverType(call)))
                    return true;
            }
        }

        return false;
    }

    private static ITypeSymbol? ReceiverType(IInvocationOperation call) => Values.Receiver(call)?.Type;
}
