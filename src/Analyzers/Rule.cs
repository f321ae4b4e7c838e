using System.Reflection;
using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers;

/// <summary>The one place that makes descriptors, so that severity, category and help link follow one policy.</summary>
internal static class Rule
{
    private static readonly string RepositoryUrl = typeof(Rule).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "RepositoryUrl").Value!;

    /// <summary>Work is lost, the stop hangs or the process dies wrongly.</summary>
    public static DiagnosticDescriptor Warning(string id, string category, string title, string message, string description) =>
        Create(id, category, DiagnosticSeverity.Warning, title, message, description);

    /// <summary>A likely weakness, or a choice worth knowing.</summary>
    public static DiagnosticDescriptor Info(string id, string category, string title, string message, string description) =>
        Create(id, category, DiagnosticSeverity.Info, title, message, description);

    private static DiagnosticDescriptor Create(string id, string category, DiagnosticSeverity severity, string title, string message, string description) =>
        new(id, title, message, category, severity, isEnabledByDefault: true, description, $"{RepositoryUrl}/blob/main/docs/rules/{id}.md");
}

/// <summary>The categories, named as the folders are.</summary>
internal static class Category
{
    public const string Lifetime = "Lifetime";
    public const string HostedServices = "HostedServices";
    public const string Resources = "Resources";
    public const string Probes = "Probes";
    public const string Requests = "Requests";
    public const string Deployment = "Deployment";
}
