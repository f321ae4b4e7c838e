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
}
