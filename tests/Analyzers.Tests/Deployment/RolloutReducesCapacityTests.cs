using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class RolloutReducesCapacityTests : DeploymentTest<RolloutReducesCapacity, RolloutReducesCapacityFix>
{
    private const string Container = "- name: shop\n  image: acme/shop\n  ports: [{ containerPort: 8080 }]";

    private static Deployed Spec(string spec) => Manifest.Of(Container, spec: spec);

    [Theory]
    [InlineData("strategy:\n  rollingUpdate: { maxUnavailable: [|1|], maxSurge: 0 }", "strategy:\n  rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }")]
    [InlineData("replicas: 4\nstrategy:\n  rollingUpdate:\n    maxUnavailable: [|25%|] # a quarter", "replicas: 4\nstrategy:\n  rollingUpdate:\n    maxUnavailable: 0 # a quarter")]
    [InlineData("strategy:\n  type: [|Recreate|]", "strategy:\n  type: RollingUpdate\n  rollingUpdate:\n    maxUnavailable: 0\n    maxSurge: 1")]
    public Task Wrong(string before, string after) => FixesAsync(Spec(before), Manifest.Text(Container, spec: after));

    [Theory]
    [InlineData("")]
    [InlineData("strategy:\n  rollingUpdate: { maxUnavailable: 0 }")]
    [InlineData("replicas: 3\nstrategy:\n  rollingUpdate: { maxUnavailable: 25% }")]
    [InlineData("strategy: { type: RollingUpdate }")]
    [InlineData("strategy:\n  rollingUpdate: { maxUnavailable: \"{{ .Values.max }}\" }")]
    public Task Right(string spec) => QuietAsync(Spec(spec));

    [Fact]
    public Task AVolumeMayBeTheReason() => OffersNoFixAsync(
        Manifest.Of(Container, pod: "volumes: [{ name: data, persistentVolumeClaim: { claimName: shop } }]", spec: "strategy: { type: [|Recreate|] }"));

    [Fact]
    public Task AWorkerServesNothing() => QuietAsync(Manifest.Of("- name: shop\n  image: acme/shop\n  ports: [{ containerPort: 9090 }]", spec: "strategy: { type: Recreate }").Program(Deployed.Worker));

    [Fact]
    public Task AnOverlayMaySetIt() => QuietAsync(Spec("strategy: { type: Recreate }")
        .And("k8s/prod/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec:\n  strategy: { type: RollingUpdate }\n"));

    [Fact]
    public Task ArgosCanary() => ReportsAsync(Deployed.With("k8s/shop.yaml", """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: { name: shop }
        spec:
          replicas: 3
          strategy: { canary: { maxUnavailable: [|1|], maxSurge: 0 } }
          template: { spec: { containers: [{ name: shop, image: acme/shop, ports: [{ containerPort: 80 }] }] } }
        """));
}
