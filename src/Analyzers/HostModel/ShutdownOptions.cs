using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The users' settings, from <c>.editorconfig</c>, <c>.globalconfig</c> and MSBuild properties.</summary>
internal sealed class ShutdownOptions(AnalyzerConfigOptionsProvider provider)
{
    private static readonly char[] Separators = [',', ';', '|', ' '];

    /// <summary>Names of methods that register a drain of the user's own (SHUT101): simple or full names.</summary>
    public const string DrainEquivalents = "drain_equivalents";

    /// <summary>Types whose methods run for requests (handlers): classes, base classes or interfaces, by simple or full name.</summary>
    public const string HandlerTypes = "handler_types";

    /// <summary>Full names of types that are pools as those in <see cref="ResourceTable"/> are (SHUT301, SHUT302).</summary>
    public const string PoolTypes = "pool_types";

    /// <summary>Paths, or last segments of paths, of the user's readiness probes (SHUT401).</summary>
    public const string ReadinessPaths = "readiness_paths";

    /// <summary>Paths, or last segments of paths, of the user's liveness probes (SHUT403).</summary>
    public const string LivenessPaths = "liveness_paths";

    /// <summary>Health checks that turn unhealthy at shutdown: their types, or the methods that add them (SHUT401, SHUT402).</summary>
    public const string LifecycleChecks = "lifecycle_checks";

    /// <summary>The seconds that the platform gives where no deployment file says (SHUT601, SHUT602, SHUT621).</summary>
    public const string PlatformGraceSeconds = "platform_grace_seconds";

    /// <summary>An option of the whole program, which stands in a <c>.globalconfig</c>; null where it isn't set.</summary>
    public string? Global(string option) => provider.GlobalOptions.TryGetValue("shutdown_analyzers." + option, out var value) ? value : null;

    /// <summary>The values of a list option as it holds for <paramref name="tree"/>; empty where it isn't set.</summary>
    public IReadOnlyList<string> List(SyntaxTree tree, string option) =>
        provider.GetOptions(tree).TryGetValue("shutdown_analyzers." + option, out var value)
            ? value.Split(Separators, StringSplitOptions.RemoveEmptyEntries)
            : [];

    /// <summary>An MSBuild property of the project, or null where it is empty or not passed to the compiler.</summary>
    public string? BuildProperty(string name) =>
        provider.GlobalOptions.TryGetValue("build_property." + name, out var value) && value.Length > 0 ? value : null;
}
