using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class ProbePathNotMappedTests : DeploymentTest<ProbePathNotMapped, ProbePathNotMappedFix>
{
    private static Deployed Probes(string readiness, string liveness) => Manifest.Of(Container(readiness, liveness));

    private static string Container(string readiness, string liveness) =>
        $"- name: shop\n  image: acme/shop\n  readinessProbe: {{ httpGet: {{ path: {readiness}, port: 80 }} }}\n  livenessProbe: {{ httpGet: {{ path: {liveness}, port: 80 }} }}";

    [Fact]
    public Task TheNearestRouteIsTheOneOfTheKind() => FixesAsync(Probes("[|/ready|]", "[|\"/healthz\"|]"), Manifest.Text(Container("/health/ready", "/health/live")));

    [Theory]
    [InlineData("/ping")]
    [InlineData("/status")]
    public Task OtherNamesOfProbes(string path) => ReportsAsync(Probes($"[|{path}|]", "/health/live"));

    [Theory]
    [InlineData("/health/ready", "/health/live")]
    [InlineData("/Health/Ready/", "/health/live?verbose=1")]
    [InlineData("/shop/health/ready", "/shop/health/live")]
    [InlineData("/", "/index.html")]
    [InlineData("\"{{ .Values.path }}\"", "/health/live")]
    public Task Right(string readiness, string liveness) => QuietAsync(Probes(readiness, liveness));

    [Fact]
    public Task AProgramWithoutHealthEndpointsIsAnotherRulesMatter() => QuietAsync(Probes("/ready", "/live")
        .Program("var app = WebApplication.Create(args);\napp.MapGet(\"/\", () => 1);\napp.Run();"));

    [Fact]
    public Task AMiddlewareThatNamesThePathMayAnswer() => QuietAsync(Probes("/ready", "/health/live")
        .Program("var app = WebApplication.Create(args);\napp.MapLiveness();\napp.Use((context, next) => context.Request.Path == \"/ready\" ? Task.CompletedTask : next(context));\napp.Run();"));

    [Fact]
    public Task ARouteThatCantBeReadMayBeIt() => QuietAsync(Probes("/ready", "/health/live")
        .Program("var app = WebApplication.Create(args);\napp.MapLiveness();\napp.MapGet(app.Configuration[\"path\"]!, () => 1);\napp.Run();"));

    [Fact]
    public Task ARouteWithAParameterMayBeIt() => QuietAsync(Probes("/health/db", "/health/live")
        .Program("var app = WebApplication.Create(args);\napp.MapLiveness();\napp.MapGet(\"/health/{name}\", () => 1);\napp.Run();"));

    [Fact]
    public Task EndpointsOfDevelopmentAreNone() => ReportsAsync(Probes("[|/ready|]", "/health/live")
        .Program("var app = WebApplication.Create(args);\napp.MapLiveness();\nif (app.Environment.IsDevelopment()) app.MapReadiness();\napp.Run();"));
}
