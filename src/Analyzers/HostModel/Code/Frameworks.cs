using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Frameworks, told by their namespaces.</summary>
internal static class Frameworks
{
    /// <summary>Whether the method is of <c>Microsoft.AspNetCore</c> or a namespace below.</summary>
    public static bool IsAspNetCore(IMethodSymbol method)
    {
        for (var current = method.ContainingNamespace; current is { IsGlobalNamespace: false }; current = current.ContainingNamespace)
        {
            if (current is { Name: "AspNetCore", ContainingNamespace: { Name: "Microsoft", ContainingNamespace.IsGlobalNamespace: true } })
                return true;
        }

        return false;
    }
}
