namespace ShutdownAnalyzers.Tests.Robustness;

/// <summary>A text that is mutated, and the project that it stands in.</summary>
/// <param name="Name">Where it comes from.</param>
/// <param name="Path">Its path in the project: a rule tells a deployment file by it.</param>
/// <param name="Read">The text before its mutation: read when its turn comes, for there may be tens of thousands.</param>
/// <param name="Kind">The project around it.</param>
/// <param name="Beside">Source files that stay as they are.</param>
internal sealed record Subject(string Name, string Path, Func<string> Read, SubjectKind Kind, IReadOnlyList<string> Beside)
{
    public bool IsSource => Path.EndsWith(".cs", StringComparison.Ordinal);
}

internal enum SubjectKind
{
    Web,
    Library,
    Console,
}
