using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

/// <summary>Manifests of the shop, with the part under test put in.</summary>
internal static class Manifest
{
    /// <summary>A Deployment; <paramref name="container"/> stands in the container's mapping, <paramref name="pod"/> in the pod's, <paramref name="spec"/> in the Deployment's.</summary>
    public static Deployed Of(string container, string pod = "", string spec = "") => Deployed.With("k8s/shop.yaml", Text(container, pod, spec));

    public static string Text(string container, string pod = "", string spec = "") =>
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop

        """
        + "spec:\n" + Indented(spec, 2)
        + "  template:\n    spec:\n" + Indented(pod, 6)
        + "      containers:\n" + Indented(container, 8);

    private static string Indented(string lines, int by) =>
        lines.Length == 0 ? "" : string.Concat(lines.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => new string(' ', by) + line + "\n"));
}
