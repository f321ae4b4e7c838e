using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Tells the assemblies that are other projects' from those that are packages' and the framework's.</summary>
internal static class ReferencedProjects
{
    private static readonly string[] Libraries = ["Microsoft.", "System.", "Serilog", "NLog", DrainRegistrations.RuntimeAssembly];

    /// <summary>A package's file lies in <c>lib/net8.0</c>, or <c>ref/net8.0</c>, of the package's folder.</summary>
    public static bool IsPackage(Compilation compilation, IAssemblySymbol assembly) =>
        compilation.GetMetadataReference(assembly) is PortableExecutableReference { FilePath: { } path }
        && path.Split('/', '\\') is { Length: > 3 } parts
        && parts[parts.Length - 3] is "lib" or "ref";

    /// <summary>Whether the program calls a method of another project with one of these words in its name, or in that of its class. It reads the whole program: only for what is about to be reported.</summary>
    public static bool IsCalled(HostFacts host, params string[] words)
    {
        foreach (var tree in host.Compilation.SyntaxTrees)
        {
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is InvocationExpressionSyntax { Expression: var called } call
                    && Mentions(called.ToString(), words)
                    && host.Index.Symbol(call) is IMethodSymbol { ContainingAssembly: { } assembly } method
                    && !host.IsInSource(method.ReducedFrom ?? method)
                    && IsProject(host.Compilation, assembly)
                    && (Mentions(method.Name, words) || Mentions(method.ContainingType.Name, words)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a method of another project is given the builder, the services or the app: what it sets there can't be seen.</summary>
    public static bool SetUpHost(HostFacts host)
    {
        foreach (var tree in host.Compilation.SyntaxTrees)
        {
            foreach (var node in tree.GetRoot().DescendantNodes())
            {
                if (node is InvocationExpressionSyntax call
                    && host.Index.Symbol(call) is IMethodSymbol { ContainingAssembly: { } assembly } method
                    && !host.IsInSource(method.ReducedFrom ?? method)
                    && IsProject(host.Compilation, assembly)
                    && host.Index.Operation(call) is IInvocationOperation operation
                    && host.Drain.TakesHost(operation))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsProject(Compilation compilation, IAssemblySymbol assembly)
    {
        foreach (var library in Libraries)
        {
            if (assembly.Name.StartsWith(library, StringComparison.Ordinal))
                return false;
        }

        return !IsPackage(compilation, assembly);
    }

    private static bool Mentions(string name, string[] words)
    {
        foreach (var word in words)
        {
            if (name.IndexOf(word, StringComparison.Ordinal) >= 0)
                return true;
        }

        return false;
    }
}
