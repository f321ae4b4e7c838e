using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class GracePeriodTooShortTests : DeploymentTest<GracePeriodTooShort, GracePeriodTooShortFix>
{
    private const string Stock = "var app = WebApplication.Create(args);\napp.Run();";
    private const string Container = "- name: shop\n  image: acme/shop";
    private const string Slept = Container + "\n  lifecycle: { preStop: { sleep: { seconds: 10 } } }";

    private static string Drained(string options) =>
        $"var builder = WebApplication.CreateBuilder(args);\nbuilder.AddGracefulShutdown(options => {{ {options} }});\nbuilder.Build().Run();";

    [Fact]
    public async Task TheMessageDoesTheSum() => Assert.Equal(
        "preStop 10 s + drain delay 10 s + shutdown budget 25 s = 45 s, but the pod is killed after 30 s; set terminationGracePeriodSeconds to 45",
        Assert.Single(await ReportsAsync(Manifest.Of(Slept, "terminationGracePeriodSeconds: [|30|]").Program(Drained("options.RequestTimeout = TimeSpan.FromSeconds(18);")))));

    [Fact]
    public Task AWrittenValueIsReplaced() => FixesAsync(
        Manifest.Of(Container, "terminationGracePeriodSeconds: [|5|] # quick").Program(Stock), Manifest.Text(Container, "terminationGracePeriodSeconds: 30 # quick"));

    [Fact]
    public Task AMissingValueIsPutIn() => FixesAsync(
        Manifest.Of(Slept.Replace("name: shop", "name: [|shop|]", StringComparison.Ordinal), "# the pod").Program(Stock), Manifest.Text(Slept, "# the pod\nterminationGracePeriodSeconds: 40"));

    [Fact]
    public Task FlowStyleGetsNoFix() => OffersNoFixAsync(Deployed.With("k8s/shop.yaml", """
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec: { containers: [{ name: [|shop|], image: acme/shop, lifecycle: { preStop: { exec: { command: [sleep, "15"] } } } }] }
        """).Program(Stock));

    [Fact]
    public Task AStockAppInAStockManifestFits() => QuietAsync(Manifest.Of(Container).Program(Stock));

    [Fact]
    public Task TheDrainsDefaultsFit() => QuietAsync(Manifest.Of(Container));

    [Theory]
    [InlineData("options.DrainDelay = TimeSpan.FromSeconds(20);")]
    [InlineData("options.RequestTimeout = TimeSpan.FromMinutes(1);")]
    [InlineData("options.CleanupTimeout = new TimeSpan(0, 0, 10);")]
    public Task OptionsInCode(string options) => ReportsAsync(Manifest.Of(Container, "terminationGracePeriodSeconds: [|30|]").Program(Drained(options)));

    [Fact]
    public Task OptionsThatArentConstantAreUnknown() =>
        QuietAsync(Manifest.Of(Container, "terminationGracePeriodSeconds: 5").Program(Drained("options.RequestTimeout = TimeSpan.Parse(Environment.GetEnvironmentVariable(\"T\")!);")));

    [Fact]
    public Task SettingsAreOverTheCode() => ReportsAsync(Manifest.Of(Container, "terminationGracePeriodSeconds: [|30|]")
        .And("src/Shop/appsettings.json", "{ \"GracefulShutdown\": { \"RequestTimeout\": \"00:00:05\" } }")
        .And("src/Shop/appsettings.Production.json", "{ \"GracefulShutdown\": { \"RequestTimeout\": 60 } }")
        .And("src/Shop/appsettings.Development.json", "{ \"GracefulShutdown\": { \"RequestTimeout\": 1 } }"));

    [Fact]
    public Task VariablesAreOverTheSettings() => QuietAsync(Manifest.Of(
            Container + "\n  env:\n    - { name: SHUTDOWN_DRAIN_DELAY, value: \"2\" }\n    - { name: GracefulShutdown__RequestTimeout, value: \"3\" }", "terminationGracePeriodSeconds: 12")
        .And("src/Shop/appsettings.json", "{ \"GracefulShutdown\": { \"RequestTimeout\": 60 } }"));

    [Fact]
    public Task TheHostsTimeoutInCode() => ReportsAsync(Manifest.Of(Container, "terminationGracePeriodSeconds: [|30|]").Program("""
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));
        builder.Build().Run();
        """));

    [Fact]
    public Task TheHostsTimeoutAsAVariable() => ReportsAsync(Manifest.Of(
        Container + "\n  env: [{ name: DOTNET_SHUTDOWNTIMEOUTSECONDS, value: \"45\" }]", "terminationGracePeriodSeconds: [|30|]").Program(Stock));

    [Theory]
    [InlineData("\"{{ .Values.grace }}\"")]
    [InlineData("3600")]
    public Task Right(string grace) => QuietAsync(Manifest.Of(Slept, "terminationGracePeriodSeconds: " + grace).Program(Stock));

    [Fact]
    public Task AnOverlayMaySetIt() => QuietAsync(Manifest.Of(Container, "terminationGracePeriodSeconds: 5").Program(Stock)
        .And("deploy/prod/patch.yml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { template: { spec: { terminationGracePeriodSeconds: 60 } } }\n"));

    [Fact]
    public Task AnOverlayThatSetsTooLittle() => FixesAsync(
        Deployed.With("k8s/prod/patch.yml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { template: { spec: { terminationGracePeriodSeconds: [|35|] } } }\n")
            .And("k8s/base/shop.yaml", Manifest.Text(Slept, "terminationGracePeriodSeconds: 60")).Program(Stock),
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { template: { spec: { terminationGracePeriodSeconds: 40 } } }\n");

    [Fact]
    public async Task AnOverlaysHookAndVariablesCount() => Assert.StartsWith(
        "preStop 5 s + drain delay 1 s + shutdown budget 17 s = 23 s, but the pod is killed after 20 s",
        Assert.Single(await ReportsAsync(Manifest.Of(Container).And("deploy/prod/patch.yml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: shop }
            spec:
              template:
                spec:
                  terminationGracePeriodSeconds: [|20|]
                  containers:
                    - name: shop
                      env: [{ name: SHUTDOWN_DRAIN_DELAY, value: "1" }]
                      lifecycle: { preStop: { sleep: { seconds: 5 } } }
            """))), StringComparison.Ordinal);

    private const string ConfigMap = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: shop-settings }\ndata:\n  SHUTDOWN_DRAIN_DELAY: \"20\"\n";

    [Theory]
    [InlineData("envFrom: [{ configMapRef: { name: shop-settings } }]")]
    [InlineData("env: [{ name: SHUTDOWN_DRAIN_DELAY, valueFrom: { configMapKeyRef: { name: shop-settings, key: SHUTDOWN_DRAIN_DELAY } } }]")]
    public Task VariablesOfAConfigMap(string variables) => ReportsAsync(Deployed.With(
        "k8s/shop.yaml", Manifest.Text(Container + "\n  " + variables, "terminationGracePeriodSeconds: [|30|]") + ConfigMap));

    [Theory]
    [InlineData("env: [{ name: SHUTDOWN_DRAIN_DELAY, valueFrom: { secretKeyRef: { name: s, key: k } } }]")]
    [InlineData("envFrom: [{ configMapRef: { name: shop-settings } }]\n  env: [{ name: SHUTDOWN_DRAIN_DELAY, value: \"1\" }]")]
    public Task AVariableThatIsntKnownOrIsSetAgain(string variables) => QuietAsync(Deployed.With(
        "k8s/shop.yaml", Manifest.Text(Container + "\n  " + variables, "terminationGracePeriodSeconds: 20") + ConfigMap));

    /// <summary>An editor's mark at the start of a file.</summary>
    [Fact]
    public Task AByteOrderMarkIsNoContent() => FixesAsync(
        Deployed.With("k8s/shop.yaml", "\uFEFF" + Manifest.Text(Container, "terminationGracePeriodSeconds: [|5|]")).Program(Stock),
        "\uFEFF" + Manifest.Text(Container, "terminationGracePeriodSeconds: 30"));

    [Fact]
    public Task AProgramWithoutAHostIsNotSummed() => QuietAsync(Manifest.Of(Container, "terminationGracePeriodSeconds: 5").Program("Console.ReadLine();"));

    [Fact]
    public Task ACommentSilences() => QuietAsync(Manifest.Of(Container, "# shutdown-analyzers: ignore SHUT601\nterminationGracePeriodSeconds: 5").Program(Stock));
}
