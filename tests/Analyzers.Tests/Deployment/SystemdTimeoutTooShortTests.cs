using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class SystemdTimeoutTooShortTests : DeploymentTest<SystemdTimeoutTooShort, SystemdTimeoutTooShortFix>
{
    private static string Unit(string service, string start = "/usr/bin/dotnet /opt/shop/Shop.dll") =>
        $"[Unit]\nDescription=Shop\n\n[Service]\nExecStart={start}\n{service}\n[Install]\nWantedBy=multi-user.target\n";

    private static Deployed Of(string service) => Deployed.With("deploy/shop.service", Unit(service));

    [Theory]
    [InlineData("TimeoutStopSec=[|20|]\n", "TimeoutStopSec=27\n")]
    [InlineData("# short\nTimeoutStopSec = [|20s|]\n", "# short\nTimeoutStopSec = 27\n")]
    [InlineData("TimeoutSec=[|5sec|]\n", "TimeoutSec=27\n")]
    [InlineData("KillSignal=[|SIGHUP|]\nRestart=always\n", "Restart=always\n")]
    public Task Wrong(string before, string after) => FixesAsync(Of(before), Unit(after));

    [Theory]
    [InlineData("")]
    [InlineData("TimeoutStopSec=30\n")]
    [InlineData("TimeoutStopSec=1min 30s\n")]
    [InlineData("TimeoutStopSec=infinity\n")]
    [InlineData("TimeoutStopSec=0\n")]
    [InlineData("KillSignal=SIGINT\n")]
    [InlineData("Type=notify\nTimeoutStopSec=5\n")]
    [InlineData(";TimeoutStopSec=5\n")]
    public Task Right(string service) => QuietAsync(Of(service));

    [Fact]
    public Task NothingWrittenAndMoreThanTheDefault() => FixesAsync(
        Deployed.With("shop.service", Unit("", "[|/opt/shop/Shop --serve|]")).Program("var builder = WebApplication.CreateBuilder(args);\nbuilder.AddGracefulShutdown(o => o.RequestTimeout = TimeSpan.FromMinutes(2));\nbuilder.Build().Run();"),
        Unit("TimeoutStopSec=137\n", "/opt/shop/Shop --serve").Replace("TimeoutStopSec=137\n\n", "TimeoutStopSec=137\n\n", StringComparison.Ordinal));

    [Fact]
    public Task VariablesOfTheUnit() => FixesAsync(
        Of("Environment=ASPNETCORE_URLS=http://localhost SHUTDOWN_DRAIN_DELAY=60\nEnvironment=\"GracefulShutdown__RequestTimeout=00:00:20\"\nTimeoutStopSec=[|85|]\n"),
        Unit("Environment=ASPNETCORE_URLS=http://localhost SHUTDOWN_DRAIN_DELAY=60\nEnvironment=\"GracefulShutdown__RequestTimeout=00:00:20\"\nTimeoutStopSec=87\n"));

    [Fact]
    public Task AnEmptyEnvironmentTakesBackWhatStandsBefore() => QuietAsync(Of("Environment=SHUTDOWN_DRAIN_DELAY=60\nEnvironment=\nTimeoutStopSec=27\n"));

    [Fact]
    public Task AnotherProgramsUnitIsLeftAlone() => QuietAsync(Deployed.With("other.service", Unit("TimeoutStopSec=1\nKillSignal=SIGHUP\n", "/usr/bin/dotnet /opt/other/Other.dll")));
}
