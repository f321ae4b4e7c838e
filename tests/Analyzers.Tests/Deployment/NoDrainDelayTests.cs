using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class NoDrainDelayTests : DeploymentTest<NoDrainDelay, NoDrainDelayFix>
{
    private const string Stock = "var app = WebApplication.Create(args);\napp.Run();";

    [Fact]
    public Task TheHookAndTheTimeForIt() => FixesAsync(
        Manifest.Of("- name: [|shop|]\n  image: acme/shop:1\n  ports: [{ containerPort: 8080 }]").Program(Stock),
        Manifest.Text("- name: shop\n  image: acme/shop:1\n  lifecycle:\n    preStop:\n      sleep:\n        seconds: 10\n  ports: [{ containerPort: 8080 }]", "terminationGracePeriodSeconds: 40"));

    [Fact]
    public Task EnoughTimeStays() => FixesAsync(
        Manifest.Of("- image: acme/shop:1 # ours\n  name: [|shop|]\n  ports: [{ containerPort: 8080 }]", "terminationGracePeriodSeconds: 60").Program(Stock),
        Manifest.Text("- image: acme/shop:1 # ours\n  lifecycle:\n    preStop:\n      sleep:\n        seconds: 10\n  name: shop\n  ports: [{ containerPort: 8080 }]", "terminationGracePeriodSeconds: 60"));

    [Fact]
    public Task ADelayOfZeroIsNone() => ReportsAsync(Manifest.Of("- name: [|shop|]\n  image: acme/shop:1\n  ports: [{ containerPort: 8080 }]")
        .Program("var builder = WebApplication.CreateBuilder(args);\nbuilder.AddGracefulShutdown(o => o.DrainDelay = TimeSpan.Zero);\nbuilder.Build().Run();"));

    [Fact]
    public Task AnotherHookInTheLifecycleGetsNoFix() => OffersNoFixAsync(
        Manifest.Of("- name: [|shop|]\n  image: acme/shop:1\n  ports: [{ containerPort: 8080 }]\n  lifecycle: { postStart: { exec: { command: [warm] } } }").Program(Stock));

    [Theory]
    [InlineData("  ports: [{ containerPort: 80 }]\n  lifecycle: { preStop: { sleep: { seconds: 5 } } }")]
    [InlineData("  ports: [{ containerPort: 80 }]\n  lifecycle: { preStop: { httpGet: { path: /leave, port: 80 } } }")]
    [InlineData("  env: []")]
    public Task Right(string lines) => QuietAsync(Manifest.Of("- name: shop\n  image: acme/shop\n" + lines).Program(Stock));

    [Fact]
    public Task TheDrainDelaysItself() => QuietAsync(Manifest.Of("- name: shop\n  image: acme/shop\n  ports: [{ containerPort: 80 }]"));

    [Fact]
    public Task ADelayOfTheAppsOwnCounts() => QuietAsync(Manifest.Of("- name: shop\n  image: acme/shop\n  ports: [{ containerPort: 80 }]").Program("""
        var app = WebApplication.Create(args);
        app.Lifetime.ApplicationStopping.Register(() => Thread.Sleep(10_000));
        app.Run();
        """));

    [Theory]
    [InlineData("httpGet: { path: /leave, port: 8080 }")]
    [InlineData("exec: { command: [/leave] }")]
    public Task AnotherHookMayWait(string action) => QuietAsync(Manifest.Of(
        $"- name: shop\n  image: acme/shop\n  ports: [{{ containerPort: 8080 }}]\n  lifecycle: {{ preStop: {{ {action} }} }}").Program("var app = WebApplication.Create(args);\napp.Run();"));

    [Theory]
    [InlineData("builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(args.Length));")]
    [InlineData("Company.Defaults.AddDefaults(builder);")]
    public Task ATimeoutThatIsNotKnownSetsNoDelay(string line) => OffersNoFixAsync(Manifest.Of("- name: [|shop|]\n  image: acme/shop:1\n  ports: [{ containerPort: 8080 }]")
        .Reference("namespace Company { public static class Defaults { public static void AddDefaults(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder) { } } }")
        .Program($"var builder = WebApplication.CreateBuilder(args);\n{line}\nbuilder.Build().Run();"));

    /// <summary>The port is for its metrics.</summary>
    [Fact]
    public Task AWorkersPortServesNothing() => QuietAsync(Manifest.Of("- name: shop\n  image: acme/shop\n  ports: [{ containerPort: 9090 }]")
        .Program("var builder = Host.CreateApplicationBuilder(args);\nbuilder.Build().Run();"));
}
