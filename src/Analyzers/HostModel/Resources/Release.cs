using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>How a fix closes a resource: facts that travel in a diagnostic's properties.</summary>
internal static class Release
{
    /// <summary>The method to call on the resource.</summary>
    public const string Method = "close";

    /// <summary>What it returns: <c>ValueTask</c>, <c>Task</c> or <c>void</c>.</summary>
    public const string Returns = "returns";

    /// <summary>The arguments of the call; absent where it takes none.</summary>
    public const string Arguments = "arguments";

    /// <summary>A name for the cleanup handler.</summary>
    public const string Name = "name";

    /// <summary>The facts of a handler that makes one certain call, if any: a method that returns nothing.</summary>
    public static ImmutableDictionary<string, string?> Facts(ResourceType resource, string? method = null)
    {
        var facts = ImmutableDictionary<string, string?>.Empty.Add(Name, resource.ShortName);
        return method is null ? facts : facts.Add(Method, method).Add(Returns, "void");
    }

    /// <summary>The facts of a handler that closes the resource.</summary>
    public static ImmutableDictionary<string, string?> Facts(ResourceTypes types, ITypeSymbol type, ResourceType resource)
    {
        var facts = ImmutableDictionary<string, string?>.Empty.Add(Name, resource.ShortName);
        if (types.CloseMethod(type, resource) is not { } method)
            return facts;

        var returns = method.ReturnsVoid ? "void" : method.ReturnType.Name is "ValueTask" or "Task" ? method.ReturnType.Name : null;
        if (returns is null)
            return facts;
        facts = facts.Add(Method, method.Name).Add(Returns, returns);
        return resource.FinishArguments.Length > 0 && Array.IndexOf(resource.Finish, method.Name) >= 0 ? facts.Add(Arguments, resource.FinishArguments) : facts;
    }
}
