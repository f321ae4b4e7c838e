using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Who flushes NLog: it does so itself when the process exits, unless it is told not to.</summary>
internal static class NLogLogs
{
    /// <summary>Whether an assignment is <c>LogManager.AutoShutdown = false</c>.</summary>
    public static bool KeepsFromFlushing(ISimpleAssignmentOperation assignment) =>
        assignment.Target is IPropertyReferenceOperation { Property: { Name: "AutoShutdown", ContainingType: { Name: "LogManager" or "LogFactory" } type } }
        && IsNLog(type)
        && assignment.Value.ConstantValue is { HasValue: true, Value: false };

    /// <summary>Whether the program shuts NLog down, its host does, or a call into another project may.</summary>
    public static bool IsFlushed(HostFacts host)
    {
        foreach (var syntax in host.Index.Invocations("Shutdown"))
        {
            if (host.Index.Symbol(syntax) is IMethodSymbol { ContainingType: var type } && IsNLog(type))
                return true;
        }

        return host.Index.Any("ShutdownOnDispose") || ReferencedProjects.IsCalled(host, "Log", "Flush");
    }

    private static bool IsNLog(INamedTypeSymbol type) => type.ContainingNamespace is { Name: "NLog", ContainingNamespace.IsGlobalNamespace: true };
}
