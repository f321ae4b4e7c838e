namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>Names of files and stages that are a developer's own, and deployed nowhere.</summary>
internal static class DevelopmentNames
{
    private static readonly string[] Parts = ["dev", "development", "debug", "local", "override", "test", "tests"];

    public static bool Has(string name) => name.ToLowerInvariant().Split('.', '-', '_').Any(part => Array.IndexOf(Parts, part) >= 0);
}
