using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class DelayPaidTwiceTests : DeploymentTest<DelayPaidTwice, DelayPaidTwiceFix>
{
    [Fact]
    public Task TheLifecycleGoesWithItsOnlyHook() => FixesAsync(
        Manifest.Of("- name: shop\n  image: acme/shop\n  lifecycle:\n    preStop:\n      [|exec|]:\n        command: [sleep, \"5\"]\n  ports: []"),
        Manifest.Text("- name: shop\n  image: acme/shop\n  ports: []"));

    [Fact]
    public Task AnotherHookStays() => FixesAsync(
        Manifest.Of("- name: shop\n  image: acme/shop\n  lifecycle:\n    preStop:\n      [|sleep|]: { seconds: 5 }\n    postStart:\n      exec: { command: [warm] }"),
        Manifest.Text("- name: shop\n  image: acme/shop\n  lifecycle:\n    postStart:\n      exec: { command: [warm] }"));

    [Fact]
    public Task AHookThatDoesMoreGetsNoFix() => OffersNoFixAsync(
        Manifest.Of("- name: shop\n  image: acme/shop\n  lifecycle:\n    preStop:\n      [|exec|]: { command: [sh, -c, \"leave && sleep 5\"] }"));

    [Theory]
    [InlineData("var app = WebApplication.Create(args);\napp.Run();")]
    [InlineData("var builder = WebApplication.CreateBuilder(args);\nbuilder.AddGracefulShutdown(o => o.DrainDelay = TimeSpan.Zero);\nbuilder.Build().Run();")]
    public Task OneDelayIsRight(string program) => QuietAsync(Manifest.Of("- name: shop\n  image: acme/shop\n  lifecycle: { preStop: { sleep: { seconds: 5 } } }").Program(program));

    [Fact]
    public Task AHookThatDoesNotSleepIsRight() => QuietAsync(Manifest.Of("- name: shop\n  image: acme/shop\n  lifecycle: { preStop: { exec: { command: [leave] } } }"));

    [Fact]
    public Task ADelayThatTheManifestTurnsOffIsNone() => QuietAsync(
        Manifest.Of("- name: shop\n  image: acme/shop\n  env: [{ name: SHUTDOWN_DRAIN_DELAY, value: \"0\" }]\n  lifecycle: { preStop: { sleep: { seconds: 5 } } }"));

    [Fact]
    public async Task TheMessageNamesBoth() => Assert.Contains(
        "sleeps 5 s in its preStop hook, and then 'Shop' waits 3 s itself",
        Assert.Single(await ReportsAsync(Manifest.Of("- name: shop\n  image: acme/shop\n  env: [{ name: SHUTDOWN_DRAIN_DELAY, value: \"3\" }]\n  lifecycle: { preStop: { [|sleep|]: { seconds: 5 } } }"))),
        StringComparison.Ordinal);
}
