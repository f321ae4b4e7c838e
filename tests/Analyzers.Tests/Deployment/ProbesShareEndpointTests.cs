using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class ProbesShareEndpointTests : DeploymentTest<ProbesShareEndpoint, ProbesShareEndpointFix>
{
    [Fact]
    public Task TheLivenessProbeGetsItsOwnRoute() => FixesAsync(
        Manifest.Of("""
            - name: shop
              image: acme/shop
              [|livenessProbe|]:
                httpGet: { path: /health/ready, port: http } # alive?
              readinessProbe:
                httpGet: { path: /health/ready, port: 8080 }
              ports: [{ name: http, containerPort: 8080 }]
            """),
        Manifest.Text("""
            - name: shop
              image: acme/shop
              livenessProbe:
                httpGet: { path: /health/live, port: http } # alive?
              readinessProbe:
                httpGet: { path: /health/ready, port: 8080 }
              ports: [{ name: http, containerPort: 8080 }]
            """));

    [Fact]
    public Task AnchorsAreFollowed() => ReportsAsync(Manifest.Of("""
        - name: shop
          image: acme/shop
          readinessProbe: &probe
            httpGet: { path: /healthz, port: 8080 }
          [|livenessProbe|]: *probe
        """));

    [Fact]
    public Task WithoutALivenessRouteThereIsNoFix() => OffersNoFixAsync(Manifest.Of(
        "- name: shop\n  image: acme/shop\n  readinessProbe: { httpGet: { path: /hc, port: 80 } }\n  [|livenessProbe|]: { httpGet: { path: /hc, port: 80 } }")
        .Program("var app = WebApplication.Create(args);\napp.MapGet(\"/hc\", () => 1);\napp.Run();"));

    [Theory]
    [InlineData("readinessProbe: { httpGet: { path: /health/ready, port: 80 } }\n  livenessProbe: { httpGet: { path: /health/live, port: 80 } }")]
    [InlineData("readinessProbe: { httpGet: { path: /health, port: 80 } }\n  livenessProbe: { httpGet: { path: /health, port: 81 } }")]
    [InlineData("readinessProbe: { httpGet: { path: /health, port: 80 } }\n  livenessProbe: { tcpSocket: { port: 80 } }")]
    [InlineData("readinessProbe: { httpGet: { path: /health, port: 80 } }\n  startupProbe: { httpGet: { path: /health, port: 80 } }")]
    [InlineData("readinessProbe: { exec: { command: [x] } }\n  livenessProbe: { exec: { command: [x] } }")]
    public Task Right(string probes) => QuietAsync(Manifest.Of("- name: shop\n  image: acme/shop\n  " + probes));

    [Fact]
    public Task AnotherServicesProbesAreItsOwn() => QuietAsync(Manifest.Of(
        "- name: billing\n  image: acme/billing\n  readinessProbe: { httpGet: { path: /h, port: 80 } }\n  livenessProbe: { httpGet: { path: /h, port: 80 } }")
        .And("src/Billing/Dockerfile", "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Billing.dll\"]"));

    [Fact]
    public Task APortByNameAndByNumber() => ReportsAsync(Manifest.Of("""
        - name: shop
          image: acme/shop
          ports: [{ name: http, containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /health/ready, port: http } }
          [|livenessProbe|]: { httpGet: { path: /health/ready, port: 8080 } }
        """));

    [Theory]
    [InlineData("tcpSocket: { port: 8080 }")]
    [InlineData("grpc: { port: 8080 }")]
    [InlineData("exec: { command: [/bin/check] }")]
    public Task ProbesWithoutAPathAreLeftAlone(string action) => QuietAsync(Manifest.Of(
        $"- name: shop\n  image: acme/shop\n  readinessProbe: {{ {action} }}\n  livenessProbe: {{ {action} }}"));
}
