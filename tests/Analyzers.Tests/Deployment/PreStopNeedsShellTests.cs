using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class PreStopNeedsShellTests : DeploymentTest<PreStopNeedsShell, PreStopNeedsShellFix>
{
    private static Deployed On(string image, string container) =>
        Manifest.Of(container).And("src/Shop/Dockerfile", $"FROM {image}\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n");

    private static string Block(string hook) => "- name: shop\n  image: acme/shop\n  lifecycle:\n    preStop:\n" + hook;

    [Theory]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled")]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0-azurelinux3.0-distroless")]
    public Task SleepOfABareImage(string image) => FixesAsync(
        On(image, Block("      [|exec|]:\n        command: [\"sleep\", \"10\"]\n  ports: []")),
        Manifest.Text(Block("      sleep:\n        seconds: 10\n  ports: []")));

    [Fact]
    public Task AShellsSleep() => FixesAsync(
        On("gcr.io/distroless/base", Block("      [|exec|]:\n        # for the balancer\n        command:\n          - /bin/sh\n          - -c\n          - sleep 15s")),
        Manifest.Text(Block("      sleep:\n        seconds: 15")));

    [Fact]
    public Task FlowStyle() => FixesAsync(
        On("scratch", "- { name: shop, image: acme/shop, lifecycle: { preStop: { [|exec|]: { command: [sh, -c, \"sleep 5\"] } } } }"),
        Manifest.Text("- { name: shop, image: acme/shop, lifecycle: { preStop: { sleep: { seconds: 5 } } } }"));

    [Fact]
    public Task WhatDoesMoreThanSleepGetsNoFix() => OffersNoFixAsync(
        On("x-chiseled", Block("      [|exec|]: { command: [\"/bin/sh\", \"-c\", \"curl -X POST localhost/leave\"] }")));

    [Theory]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0", "      exec: { command: [sleep, '10'] }")]
    [InlineData("x-chiseled", "      sleep: { seconds: 10 }")]
    [InlineData("x-chiseled", "      exec: { command: [/app/leave] }")]
    [InlineData("x-chiseled", "      httpGet: { path: /leave, port: 80 }")]
    public Task Right(string image, string hook) => QuietAsync(On(image, Block(hook)));

    [Fact]
    public Task AnImageThatIsNotInSightIsNotJudged() => QuietAsync(Manifest.Of(Block("      exec: { command: [sleep, '10'] }")));

    [Fact]
    public Task TheImageMayBeAnArgument() => ReportsAsync(
        Manifest.Of("- name: shop\n  image: acme/shop\n  lifecycle: { preStop: { [|exec|]: { command: [sleep, \"5\"] } } }")
            .And("src/Shop/Dockerfile", "ARG BASE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled\nFROM ${BASE} AS final\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n"));

    [Fact]
    public Task AnUnknownImageIsNotJudged() => QuietAsync(
        Manifest.Of("- name: shop\n  image: acme/shop\n  lifecycle: { preStop: { exec: { command: [sleep, \"5\"] } } }")
            .And("src/Shop/Dockerfile", "ARG BASE\nFROM ${BASE}\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n"));
}
