using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class StopSignalNotHandledTests : DeploymentTest<StopSignalNotHandled, StopSignalNotHandledFix>
{
    private static Deployed Dockerfile(string line) => Deployed.With("src/Shop/Dockerfile", "FROM aspnet\n" + line + "\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n");

    [Theory]
    [InlineData("SIGKILL")]
    [InlineData("SIGHUP")]
    [InlineData("SIGUSR1")]
    [InlineData("9")]
    [InlineData("SIGRTMIN+3")]
    public Task Wrong(string signal) => FixesAsync(Dockerfile($"STOPSIGNAL [|{signal}|]"), "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n");

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGINT")]
    [InlineData("SIGQUIT")]
    [InlineData("15")]
    [InlineData("term")]
    [InlineData("$SIGNAL")]
    public Task Right(string signal) => QuietAsync(Dockerfile("STOPSIGNAL " + signal));

    [Fact]
    public Task OfAStageThatItStartsFrom() => ReportsAsync(Deployed.With("src/Shop/Dockerfile", "FROM aspnet AS base\nSTOPSIGNAL [|SIGKILL|]\nFROM base\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n"));

    [Fact]
    public Task Compose() => FixesAsync(
        Deployed.With("compose.yaml", """
            services:
              shop:
                image: acme/shop
                stop_signal: [|SIGKILL|]
                ports: ["80:8080"]
              db:
                image: postgres
                stop_signal: SIGKILL
            """),
        """
        services:
          shop:
            image: acme/shop
            ports: ["80:8080"]
          db:
            image: postgres
            stop_signal: SIGKILL
        """);

    [Fact]
    public Task ComposeThroughAnAnchorAndExtends() => ReportsAsync(Deployed.With("compose.yaml", """
        x-common: &common
          stop_signal: [|SIGHUP|]
        services:
          base:
            <<: *common
            image: acme/base
          shop:
            extends: base
            image: acme/shop
        """));

    [Fact]
    public Task AVariableInBracesIsPutInLater() => QuietAsync(Dockerfile("ARG SIGNAL=SIGHUP\nSTOPSIGNAL ${SIGNAL}"));
}
