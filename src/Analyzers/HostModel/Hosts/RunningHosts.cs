using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Whether the program runs a host, which then owns SIGTERM and Ctrl+C: one that is built here, or one that a referenced project
/// builds and runs behind a call which takes or returns it.
/// </summary>
internal sealed class RunningHosts
{
    private static readonly string[] RunWords = ["Run", "Start", "Launch", "Serve", "Execute"];

    private readonly HostFacts _host;

    public RunningHosts(HostFacts host)
    {
        _host = host;
        Any = (host.Types.Has(KnownType.IHost) || host.Types.Has(KnownType.IWebHost)) && (RunsItsOwn() || CallsIntoReference())
            || host.Index.Any(IndexedNames.ServiceBase);
    }

    /// <summary>Whether some host runs in this program. A Windows service's <c>ServiceBase</c> is one too.</summary>
    public bool Any { get; }

    /// <summary>Whether the signals may be a host's: in a library that knows of hosts, the program around it may run one.</summary>
    public bool MayOwnSignals => Any || (!_host.IsExecutable && _host.Types.Has(KnownType.IHost));

    private bool RunsItsOwn()
    {
        foreach (var build in _host.Builds.All)
        {
            if (build.IsRun)
                return true;
        }

        foreach (var name in IndexedNames.Run)
        {
            foreach (var syntax in _host.Index.Invocations(name))
            {
                if (_host.Index.Operation(syntax) is IInvocationOperation call && _host.Types.IsHostOrBuilder(Values.Receiver(call)?.Type))
                    return true;
            }
        }

        return false;
    }

    /// <summary>A call into a referenced project that runs the host: its name says so, and it is given or gives back a host, an app or their builder.</summary>
    private bool CallsIntoReference()
    {
        foreach (var tree in _host.Compilation.SyntaxTrees)
        {
            foreach (var call in SourceIndex.InvocationsWith(tree, RunWords))
            {
                if (SpeaksOfRunning(SourceIndex.NameOf(call))
                    && _host.Index.Symbol(call) is IMethodSymbol method
                    && IsFromAnotherProject(method)
                    && (IsHostPart(method.ReturnType) || TakesHostPart(method.ReducedFrom ?? method)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool SpeaksOfRunning(string name)
    {
        // A string's.
        if (name == nameof(string.StartsWith))
            return false;

        foreach (var word in RunWords)
        {
            if (name.StartsWith(word, StringComparison.Ordinal) || name.EndsWith(word, StringComparison.Ordinal) || name.EndsWith(word + "Async", StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private bool IsFromAnotherProject(IMethodSymbol method) =>
        method.ContainingAssembly is { } assembly
        && !SymbolEqualityComparer.Default.Equals(assembly, _host.Compilation.Assembly)
        && !assembly.Name.StartsWith("System.", StringComparison.Ordinal)
        && !assembly.Name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
        && !assembly.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal);

    private bool TakesHostPart(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            if (IsHostPart(parameter.Type))
                return true;
        }

        return false;
    }

    private bool IsHostPart(ITypeSymbol type)
    {
        // Also inside Task<IHost>, Action<IHostBuilder>, Func<string[], IHost>.
        if (type is INamedTypeSymbol { TypeArguments.Length: > 0 } generic)
        {
            foreach (var argument in generic.TypeArguments)
            {
                if (argument is not ITypeParameterSymbol && _host.Types.IsHostOrBuilder(argument))
                    return true;
            }
        }

        return _host.Types.IsHostOrBuilder(type);
    }
}
