using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.Runtime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class ShutdownSettingsInvalidTests : DeploymentTest<ShutdownSettingsInvalid>
{
    private static Deployed Json(string section) => Deployed.With("src/Shop/appsettings.json", "{\n  // of the drain\n  \"GracefulShutdown\": {" + section + "},\n\t\"Logging\": { }\n}\n");

    [Theory]
    [InlineData("\"DrainDelay\": [|\"ten\"|]")]
    [InlineData("\"DrainDelay\": [|-1|], \"RequestTimeout\": 20")]
    [InlineData("\"drainDelay\": [|\"10s\"|]")]
    [InlineData("\"RequestTimeout\": [|\"25:00:00\"|]")]
    [InlineData("\"LateRequests\": [|\"Drop\"|]")]
    [InlineData("\"ReadinessMode\": [|1|]")]
    [InlineData("\"EarlyEnd\": { \"UnreadyProbes\": [|0|] }")]
    public Task Wrong(string section) => ReportsAsync(Json(section));

    [Theory]
    [InlineData("\"DrainDelay\": 10, \"RequestTimeout\": \"00:00:20\", \"CleanupTimeout\": \"2.5\"")]
    [InlineData("\"LateRequests\": \"refuse\", \"ReadinessMode\": \"Never\"")]
    [InlineData("\"Unknown\": \"whatever\", /* not: \"DrainDelay\": \"ten\" */ \"ParallelCleanup\": true")]
    [InlineData("\"DrainDelay\": \"10\",")]
    public Task Right(string section) => QuietAsync(Json(section));

    [Fact]
    public async Task TheMessageNamesTheSettingTheValueAndWhatToDo() => Assert.Equal(
        "The setting GracefulShutdown:DrainDelay is 'ten': it takes seconds (10, 2.5) or hh:mm:ss; the host refuses it and doesn't start",
        Assert.Single(await ReportsAsync(Json("\"DrainDelay\": [|\"ten\"|]"))));

    [Fact]
    public Task VariablesOfAConfigMapAreReportedOnceWhereTheyStand() => ReportsAsync(
        Deployed.With("k8s/settings.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata:\n  SHUTDOWN_DRAIN_DELAY: [|ten|]\n")
            .And("k8s/shop.yaml", Manifest.Text("- { name: shop, image: acme/shop, envFrom: [{ configMapRef: { name: settings } }] }\n- { name: shop-2, image: acme/shop, envFrom: [{ configMapRef: { name: settings } }] }")));

    [Fact]
    public Task VariablesOfAUnit() => ReportsAsync(
        Deployed.With("shop.service", "[Service]\nExecStart=/opt/shop/Shop\nEnvironment=A=1 SHUTDOWN_DRAIN_DELAY=[|10s|]\n"));

    [Fact]
    public Task VariablesOfManifests() => ReportsAsync(Manifest.Of("""
        - name: shop
          image: acme/shop
          env:
            - { name: SHUTDOWN_DRAIN_DELAY, value: [|10s|] }
            - { name: GracefulShutdown__RequestTimeout, value: [|"soon"|] }
            - { name: GracefulShutdown__CleanupTimeout, value: "5" }
            - { name: GracefulShutdown__DrainDelay, valueFrom: { configMapKeyRef: { name: x, key: y } } }
        """));

    [Fact]
    public Task VariablesOfCompose() => ReportsAsync(Deployed.With("compose.yaml", """
        services:
          shop:
            image: acme/shop
            environment:
              - [|SHUTDOWN_DRAIN_DELAY=ten|]
              - GracefulShutdown__DrainDelay=${DELAY:-10}
        """));

    [Fact]
    public Task WithoutTheDrainTheSectionIsSomethingElses() =>
        QuietAsync(Json("\"DrainDelay\": \"ten\"").Program("var app = WebApplication.Create(args);\napp.Run();"));

    /// <summary>The table is the runtime library's: every option that configuration can set is in it.</summary>
    [Fact]
    public void EveryOptionIsKnown()
    {
        var options = typeof(GracefulShutdownOptions).GetProperties().Where(property => property.SetMethod?.IsPublic == true).Select(property => property.Name)
            .Concat(typeof(GracefulShutdownOptions).GetProperties().Where(property => property.SetMethod is null && property.PropertyType.IsClass)
                .SelectMany(property => property.PropertyType.GetProperties().Select(inner => property.Name + ":" + inner.Name)));
        Assert.Equal(options.Order(), DrainSetting.All.Select(setting => setting.Path).Order());
    }
}
