using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

/// <summary>The kinds of workloads, and which of their containers count.</summary>
public sealed class WorkloadTests : DeploymentTest<GracePeriodTooShort>
{
    private const string Pod = "{ terminationGracePeriodSeconds: [|5|], containers: [{ name: shop, image: acme/shop }] }";

    [Theory]
    [InlineData("apps/v1", "Deployment")]
    [InlineData("apps/v1", "StatefulSet")]
    [InlineData("apps/v1", "DaemonSet")]
    [InlineData("apps/v1", "ReplicaSet")]
    [InlineData("batch/v1", "Job")]
    [InlineData("argoproj.io/v1alpha1", "Rollout")]
    public Task WithATemplate(string version, string kind) =>
        ReportsAsync(Deployed.With("k8s/shop.yaml", $"apiVersion: {version}\nkind: {kind}\nspec: {{ template: {{ spec: {Pod} }} }}\n"));

    [Fact]
    public Task APod() => ReportsAsync(Deployed.With("k8s/shop.yaml", $"apiVersion: v1\nkind: Pod\nspec: {Pod}\n"));

    [Fact]
    public Task ACronJob() => ReportsAsync(Deployed.With("k8s/shop.yaml", $"apiVersion: batch/v1\nkind: CronJob\nspec: {{ jobTemplate: {{ spec: {{ template: {{ spec: {Pod} }} }} }} }}\n"));

    [Fact]
    public Task AList() => ReportsAsync(Deployed.With("k8s/shop.yaml", $"apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Service\n    spec: {{ ports: [] }}\n  - apiVersion: v1\n    kind: Pod\n    spec: {Pod}\n"));

    [Fact]
    public Task OneOfSeveralDocuments() => ReportsAsync(Deployed.With("k8s/all.yaml", $"apiVersion: v1\nkind: Pod\nspec: {{ containers: [{{ name: db, image: postgres }}] }}\n---\napiVersion: v1\nkind: Pod\nspec: {Pod}\n---\n"));

    [Fact]
    public Task KnativeSetsItsOwn() => QuietAsync(Deployed.With("k8s/shop.yaml",
        "apiVersion: serving.knative.dev/v1\nkind: Service\nspec: { template: { spec: { terminationGracePeriodSeconds: 5, containers: [{ name: shop, image: acme/shop }] } } }\n"));

    [Fact]
    public Task ASidecarsHookIsItsOwn() => QuietAsync(Manifest.Of(
        "- name: shop\n  image: acme/shop\n- name: proxy\n  image: envoy\n  lifecycle: { preStop: { exec: { command: [sleep, \"25\"] } } }"));

    [Fact]
    public Task InitContainersAreLeftAlone() => QuietAsync(Manifest.Of(
        "- name: db\n  image: postgres",
        "terminationGracePeriodSeconds: 5\ninitContainers:\n  - { name: migrate, image: acme/shop }\n  - { name: shop, image: acme/shop, restartPolicy: Always }"));

    [Fact]
    public Task ThePlatformsGrace()
    {
        const string Slept = "- name: shop\n  image: acme/shop\n  lifecycle: { preStop: { sleep: { seconds: 10 } } }";
        return QuietAsync(Manifest.Of(Slept).Option("platform_grace_seconds", "60"));
    }

    [Fact]
    public async Task AShorterGraceOfThePlatform() => Assert.Contains(
        "killed after 20 s",
        Assert.Single(await ReportsAsync(Manifest.Of("- name: [|shop|]\n  image: acme/shop").Option("platform_grace_seconds", "20"))),
        StringComparison.Ordinal);
}
