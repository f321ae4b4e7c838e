using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class ComposeGraceTooShortTests : DeploymentTest<ComposeGraceTooShort, ComposeGraceTooShortFix>
{
    private const string Stock = "var app = WebApplication.Create(args);\napp.Run();";

    [Fact]
    public Task AMissingValueIsPutIn() => FixesAsync(
        Deployed.With("docker-compose.yml", "services:\n  # the shop\n  [|shop|]:\n    image: acme/shop # latest\n    ports: [\"80:8080\"]\n"),
        "services:\n  # the shop\n  shop:\n    image: acme/shop # latest\n    stop_grace_period: 27s\n    ports: [\"80:8080\"]\n");

    [Fact]
    public Task AWrittenValueIsReplaced() => FixesAsync(
        Deployed.With("compose.yaml", "services:\n  shop: { image: acme/shop, stop_grace_period: [|20s|] }\n"), "services:\n  shop: { image: acme/shop, stop_grace_period: 27s }\n");

    [Fact]
    public async Task TheMessageDoesTheSum() => Assert.Equal(
        "drain delay 10 s + shutdown budget 17 s = 27 s, but service 'shop' is killed after 10 s; set stop_grace_period to 27s",
        Assert.Single(await ReportsAsync(Deployed.With("compose.yaml", "services:\n  [|shop|]:\n    image: acme/shop\n"))));

    [Theory]
    [InlineData("30s")]
    [InlineData("1m30s")]
    [InlineData("1h")]
    [InlineData("${GRACE:-30s}")]
    public Task Right(string grace) => QuietAsync(Deployed.With("compose.yaml", $"services:\n  shop:\n    image: acme/shop\n    stop_grace_period: {grace}\n"));

    [Fact]
    public Task AStockAppAndNothingWrittenIsStock() => QuietAsync(Deployed.With("compose.yaml", "services:\n  shop:\n    image: acme/shop\n").Program(Stock));

    [Fact]
    public Task AStockAppAndAWrittenValue() => ReportsAsync(Deployed.With("compose.yaml", "services:\n  shop:\n    image: acme/shop\n    stop_grace_period: [|5s|]\n").Program(Stock));

    [Fact]
    public Task WhereAnotherFileSetsItTheValueIsJudgedThere() => ReportsAsync(
        Deployed.With("docker-compose.yml", "services:\n  shop:\n    image: acme/shop\n").And("docker-compose.prod.yml", "services:\n  shop:\n    stop_grace_period: [|15s|]\n    image: acme/shop\n"));

    [Fact]
    public Task DevelopmentHasNoDelay() => ReportsAsync(Deployed.With("compose.yaml", """
        services:
          shop:
            image: acme/shop
            stop_grace_period: [|16s|]
            environment: { ASPNETCORE_ENVIRONMENT: Development }
        """));

    [Fact]
    public Task ThroughBuildDockerfileAndAssembly() => ReportsAsync(
        Deployed.With("compose.yaml", "services:\n  [|web|]:\n    build: { context: ., dockerfile: docker/Dockerfile.web }\n  billing:\n    build: { context: ., dockerfile: docker/Dockerfile.billing }\n")
            .And("docker/Dockerfile.web", "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n")
            .And("docker/Dockerfile.billing", "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Billing.dll\"]\n"));

    [Fact]
    public Task WithAProfileAndThroughAnAnchor() => ReportsAsync(Deployed.With("compose.yaml", """
        x-service: &service
          stop_grace_period: [|20s|]
        services:
          shop:
            <<: *service
            profiles: [debug]
            image: acme/shop
        """));

    [Fact]
    public Task WhatServicesShareIsReportedOnce() => ReportsAsync(Deployed.With("compose.yaml", """
        x-service: &service
          image: acme/shop
          stop_grace_period: [|20s|]
        services:
          shop: { <<: *service, profiles: [blue] }
          shop2: { <<: *service, profiles: [green] }
        """));

    [Fact]
    public Task VariablesOfAnExtendedServiceAddUp() => QuietAsync(Deployed.With("compose.yaml", """
        services:
          base:
            image: acme/base
            environment: { SHUTDOWN_DRAIN_DELAY: 0 }
          shop:
            extends: base
            image: acme/shop
            environment: [ASPNETCORE_URLS=http://*]
            stop_grace_period: 17s
          shop2:
            image: acme/shop
            environment: [SHUTDOWN_DRAIN_DELAY]
            stop_grace_period: 17s
        """));

    [Fact]
    public Task ThePlatformsGrace() => QuietAsync(Deployed.With("compose.yaml", "services:\n  shop:\n    image: acme/shop\n").Option("platform_grace_seconds", "30"));
}
