using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Hosts inside a program whose stop an object decides: it keeps the host in a private member, starts it in one method and stops it in another.
/// Their end isn't the process's end. An object that waits for its host until the shutdown only wraps the program's own.
/// </summary>
internal static class EmbeddedHosts
{
    private static readonly string[] Waits = ["WaitForShutdown", "WaitForShutdownAsync", "ApplicationStopping", "ApplicationStopped"];

    /// <summary>Whether the object that keeps its host in <paramref name="kept"/> decides when it stops.</summary>
    public static bool IsStoppedByOwner(HostFacts host, IMemberReferenceOperation kept)
    {
        var member = kept.Member;
        if (member.DeclaredAccessibility != Accessibility.Private
            || !host.IsInSource(member)
            || SymbolEqualityComparer.Default.Equals(member.ContainingType, host.EntryPoint?.ContainingType)
            || WaitsForShutdown(host, member.ContainingType))
        {
            return false;
        }

        var starts = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var stops = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var use in host.Index.UsesOfMember(member))
        {
            var call = Values.ConditionalCallOn(Values.WalkUp(use));
            var name = call?.TargetMethod.Name ?? "";
            if (name.StartsWith("Run", StringComparison.Ordinal) || (call is null && IsHandedOn(use)))
                return false;
            if (host.Index.EnclosingMethod(use.Syntax) is not { } method)
                continue;
            if (name is "Start" or "StartAsync")
                starts.Add(method);
            else if (name is "Stop" or "StopAsync" or "Dispose" or "DisposeAsync")
                stops.Add(method);
        }

        // Built anew, the last one is disposed of where the next is started.
        stops.ExceptWith(starts);
        return starts.Count > 0 && stops.Count > 0;
    }

    private static bool WaitsForShutdown(HostFacts host, INamedTypeSymbol type)
    {
        foreach (var part in type.DeclaringSyntaxReferences)
        {
            foreach (var name in Waits)
            {
                foreach (var _ in host.Index.UsesIn(part.GetSyntax(), name))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Given to other code, which may wait for it.</summary>
    private static bool IsHandedOn(IOperation use) => Values.WalkUp(use).Parent is IArgumentOperation or IReturnOperation;
}
