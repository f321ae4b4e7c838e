using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class NoReadinessProbeTests : DeploymentTest<NoReadinessProbe, NoReadinessProbeFix>
{
    private const string Bare = "- name: [|shop|]\n  image: acme/shop:1\n  ports:\n    - containerPort: 8080 # http\n  resources: {}";

    [Fact]
    public Task TheProbeGoesBehindThePorts() => FixesAsync(Manifest.Of(Bare), Manifest.Text("""
        - name: shop
          image: acme/shop:1
          ports:
            - containerPort: 8080 # http
          readinessProbe:
            httpGet:
              path: /health/ready
              port: 8080
            periodSeconds: 3
          resources: {}
        """));

    [Fact]
    public Task ANamedPortIsNamed() => FixesAsync(
        Manifest.Of("- image: acme/shop:1\n  name: [|shop|]\n  ports: [{ name: http, containerPort: 8080 }]"),
        Manifest.Text("- image: acme/shop:1\n  name: shop\n  ports: [{ name: http, containerPort: 8080 }]\n  readinessProbe:\n    httpGet:\n      path: /health/ready\n      port: http\n    periodSeconds: 3"));

    [Fact]
    public Task FlowStyleGetsNoFix() => OffersNoFixAsync(Manifest.Of("- { name: [|shop|], image: acme/shop, ports: [{ containerPort: 8080 }] }"));

    [Fact]
    public Task WithoutAReadinessRouteThereIsNothingToAsk() =>
        OffersNoFixAsync(Manifest.Of(Bare).Program("var app = WebApplication.Create(args);\napp.MapGet(\"/\", () => 1);\napp.Run();"));

    [Theory]
    [InlineData("- name: shop\n  image: acme/shop\n  ports: [{ containerPort: 8080 }]\n  readinessProbe: { tcpSocket: { port: 8080 } }")]
    [InlineData("- name: shop\n  image: acme/shop")]
    [InlineData("- name: db\n  image: postgres:17\n  ports: [{ containerPort: 5432 }]")]
    [InlineData("- name: shop # shutdown-analyzers: ignore SHUT603\n  image: acme/shop\n  ports: [{ containerPort: 8080 }]")]
    public Task Right(string container) => QuietAsync(Manifest.Of(container));

    [Fact]
    public Task AJobServesNothing() => QuietAsync(Deployed.With("k8s/job.yaml", """
        apiVersion: batch/v1
        kind: CronJob
        metadata: { name: shop }
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  containers:
                    - { name: shop, image: acme/shop, ports: [{ containerPort: 8080 }] }
        """));

    [Fact]
    public Task KnativeAddsItsOwn() => QuietAsync(Deployed.With("k8s/service.yaml", """
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: { name: shop }
        spec:
          template:
            spec:
              containers: [{ name: shop, image: acme/shop, ports: [{ containerPort: 8080 }] }]
        """));

    [Fact]
    public Task AnOverlayMaySetIt() => QuietAsync(Deployed.With("k8s/base/shop.yaml", Manifest.Text("- name: shop\n  image: acme/shop\n  ports: [{ containerPort: 8080 }]"))
        .And("k8s/overlays/prod/probes.yaml", Manifest.Text("- name: shop\n  readinessProbe: { httpGet: { path: /health/ready, port: 8080 } }")));

    [Theory]
    [InlineData("StatefulSet", "apps/v1")]
    [InlineData("DaemonSet", "apps/v1")]
    [InlineData("Rollout", "argoproj.io/v1alpha1")]
    public Task OtherWorkloads(string kind, string version) => ReportsAsync(Deployed.With("k8s/shop.yaml", $$"""
        apiVersion: {{version}}
        kind: {{kind}}
        metadata: { name: shop }
        spec:
          template:
            spec:
              initContainers: [{ name: migrate, image: acme/shop, ports: [{ containerPort: 1 }] }]
              containers:
                - { name: sidecar, image: envoyproxy/envoy, ports: [{ containerPort: 9901 }] }
                - { name: [|shop|], image: acme/shop, ports: [{ containerPort: 8080 }] }
        """));

    [Fact]
    public Task ListsAndSeveralDocuments() => ReportsAsync(Deployed.With("deploy/all.yml", """
        # two things in one file
        apiVersion: v1
        kind: Service
        metadata: { name: shop }
        spec: { ports: [{ port: 80 }] }
        ---
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Pod
            metadata: { name: shop }
            spec:
              containers: [{ name: [|shop|], image: "acme/shop", ports: [{ containerPort: 8080 }] }]
        """));

    /// <summary>The port is for its metrics.</summary>
    [Fact]
    public Task AWorkersPortServesNothing() => QuietAsync(Manifest.Of("- name: shop\n  image: acme/shop\n  ports: [{ containerPort: 9090 }]")
        .Program("var builder = Host.CreateApplicationBuilder(args);\nbuilder.Build().Run();"));
}
