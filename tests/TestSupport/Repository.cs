using System.Reflection;

namespace ShutdownAnalyzers.TestSupport;

/// <summary>Where the checkout is and how it was built.</summary>
public static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>Debug or Release: programs under test are taken from the same build as the tests.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    public static bool IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") == "true";

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
