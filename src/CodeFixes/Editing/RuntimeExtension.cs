using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>An extension method of the runtime library and the namespace that must be in sight to call it.</summary>
internal sealed record RuntimeExtension(string Method, string Namespace)
{
    /// <summary>The registration of the drain for a web host that is made from a <c>WebApplicationBuilder</c>.</summary>
    public static readonly RuntimeExtension AddToWebApplication = new("AddGracefulShutdown", "Microsoft.AspNetCore.Builder");

    /// <summary>The registration of the drain for a web host with a <c>Startup</c> class.</summary>
    public static readonly RuntimeExtension UseOnWebHost = new("UseGracefulShutdown", "Microsoft.AspNetCore.Hosting");

    /// <summary>The readiness probe.</summary>
    public static readonly RuntimeExtension MapReadiness = new("MapReadiness", "Microsoft.AspNetCore.Builder");

    /// <summary>The liveness probe.</summary>
    public static readonly RuntimeExtension MapLiveness = new("MapLiveness", "Microsoft.AspNetCore.Builder");

    /// <summary>The drain as one of the health checks.</summary>
    public static readonly RuntimeExtension AddShutdownCheck = new("AddShutdownCheck", "Microsoft.Extensions.DependencyInjection");

    /// <summary>The token of a request that fires when the drain asks streams to end.</summary>
    public static readonly RuntimeExtension GetDrainToken = new("GetDrainToken", "Microsoft.AspNetCore.Http");

    /// <summary>Whether the project references the part of the runtime library that has the method.</summary>
    public bool IsReferenced(Compilation compilation)
    {
        foreach (var reference in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (!reference.Name.StartsWith(DrainRegistrations.RuntimeAssembly, StringComparison.Ordinal))
                continue;

            INamespaceSymbol? current = reference.GlobalNamespace;
            foreach (var part in Namespace.Split('.'))
                current = current?.GetNamespaceMembers().FirstOrDefault(inner => inner.Name == part);

            if (current?.GetTypeMembers().Any(type => type.MightContainExtensionMethods && !type.GetMembers(Method).IsEmpty) == true)
                return true;
        }

        return false;
    }
}
