using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Where the code of a reference comes from: what a referenced project does with the builder can't be seen, what the framework and packages do is known well enough.</summary>
internal sealed class ReferencedCode
{
    private readonly HostFacts _host;
    private readonly Lazy<bool> _setsUpHost;

    public ReferencedCode(HostFacts host)
    {
        _host = host;
        _setsUpHost = new(FindsSetUp);
    }

    /// <summary>Whether a method of a referenced project is given the builder, the services or the app.</summary>
    public bool SetsUpHost => _setsUpHost.Value;

    public static bool IsFramework(IAssemblySymbol? assembly) =>
        assembly is null
        || assembly.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        || assembly.Name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal)
        || assembly.Name.StartsWith("System.", StringComparison.Ordinal)
        || assembly.Name.StartsWith(DrainRegistrations.RuntimeAssembly, StringComparison.Ordinal);

    /// <summary>A package's file lies in <c>lib/net8.0</c>, or <c>ref/net8.0</c>, of the package's folder.</summary>
    public bool IsPackage(IAssemblySymbol assembly) =>
        _host.Compilation.GetMetadataReference(assembly) is PortableExecutableReference { FilePath: { } path }
        && path.Split('/', '\\') is { Length: > 3 } parts
        && parts[parts.Length - 3] is "lib" or "ref";

    private bool FindsSetUp()
    {
        foreach (var tree in _host.Compilation.SyntaxTrees)
        {
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is InvocationExpressionSyntax call
                    && _host.Index.Symbol(call) is IMethodSymbol method
                    && !_host.IsInSource(method.ReducedFrom ?? method)
                    && !IsFramework(method.ContainingAssembly)
                    && !IsPackage(method.ContainingAssembly)
                    && _host.Index.Operation(call) is IInvocationOperation operation
                    && _host.Drain.TakesHost(operation))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
