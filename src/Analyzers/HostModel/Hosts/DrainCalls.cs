using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The calls of this compilation that register the runtime library's drain, and what they set.</summary>
internal sealed class DrainCalls
{
    private readonly HostFacts _host;

    public DrainCalls(HostFacts host)
    {
        _host = host;
        var all = new List<IInvocationOperation>();
        foreach (var name in IndexedNames.Drain)
        {
            foreach (var syntax in host.Index.Invocations(name))
            {
                if (host.Index.Operation(syntax) is IInvocationOperation call
                    && call.TargetMethod.ContainingAssembly?.Name.StartsWith(DrainRegistrations.RuntimeAssembly, StringComparison.Ordinal) == true)
                {
                    all.Add(call);
                }
            }
        }

        All = all;
    }

    public IReadOnlyList<IInvocationOperation> All { get; }

    /// <summary>The values that the compilation gives to an option of the drain, wherever it does.</summary>
    public IEnumerable<IOperation> ValuesOf(string option)
    {
        foreach (var use in _host.Index.Uses(option))
        {
            if (OptionSettings.At(_host, use, KnownType.GracefulShutdownOptions) is { Value: var value })
                yield return value;
        }
    }
}
