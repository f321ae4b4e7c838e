using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class ReadinessSlowerThanDelayTests : DeploymentTest<ReadinessSlowerThanDelay, ReadinessSlowerThanDelayFix>
{
    private const string Head = "- name: shop\n  image: acme/shop\n  readinessProbe:\n    httpGet: { path: /health/ready, port: 80 }";

    [Fact]
    public Task TheDefaultsAreSlow() => FixesAsync(
        Manifest.Of(Head.Replace("readinessProbe", "[|readinessProbe|]", StringComparison.Ordinal)), Manifest.Text(Head + "\n    periodSeconds: 3"));

    [Fact]
    public Task WrittenValuesAreReplaced() => FixesAsync(
        Manifest.Of(Head + "\n    periodSeconds: [|5|] # often\n    failureThreshold: 5"), Manifest.Text(Head + "\n    periodSeconds: 2 # often\n    failureThreshold: 5"));

    [Fact]
    public async Task TheMessageDoesTheProduct() => Assert.Contains(
        "takes 5 s x 5 = 25 s to turn unready, longer than the delay of 10 s",
        Assert.Single(await ReportsAsync(Manifest.Of(Head + "\n    periodSeconds: [|5|]\n    failureThreshold: 5"))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("\n    periodSeconds: 5\n    failureThreshold: 2")]
    [InlineData("\n    periodSeconds: 3")]
    [InlineData("\n    failureThreshold: 1")]
    [InlineData("\n    periodSeconds: \"{{ .Values.period }}\"")]
    [InlineData("\n  lifecycle: { preStop: { sleep: { seconds: 20 } } }")]
    public Task Right(string lines) => QuietAsync(Manifest.Of(Head + lines));

    [Fact]
    public Task WithoutADelayThereIsNothingToMiss() => QuietAsync(Manifest.Of(Head).Program("var app = WebApplication.Create(args);\napp.Run();"));

    [Fact]
    public Task FlowStyleGetsNoFix() =>
        OffersNoFixAsync(Manifest.Of("- name: shop\n  image: acme/shop\n  [|readinessProbe|]: { httpGet: { path: /health/ready, port: 80 } }"));
}
