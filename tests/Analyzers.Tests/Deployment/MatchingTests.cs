using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

/// <summary>Which workload is the project's: told by a rule that reports each container with ports and without a readiness probe.</summary>
public sealed class MatchingTests : DeploymentTest<NoReadinessProbe>
{
    private static string Pod(string name, string image, string more = "") =>
        $"apiVersion: v1\nkind: Pod\nmetadata: {{ name: {name.Trim('[', ']', '|')} }}\nspec: {{ containers: [{{ name: {name}, image: {image}, ports: [{{ containerPort: 80 }}]{more} }}] }}\n";

    [Theory]
    [InlineData("Acme.Orders.Api", "acme/orders-api:1.2")]
    [InlineData("Acme.Orders.Api", "registry.example:5000/team/ACME_Orders.Api@sha256:abc")]
    [InlineData("Acme.Orders.Api", "acmeordersapi")]
    [InlineData("Acme.WebApi", "x/webapi")]
    [InlineData("Worker", "acme/voting-worker")]
    public Task NamesOfImages(string project, string image) => ReportsAsync(Deployed.With("k8s/a.yaml", Pod("[|x|]", image)).Project(project));

    [Theory]
    [InlineData("Acme.Orders.Api", "acme/orders")]
    [InlineData("Acme.Orders.Api", "acme/billing-api")]
    [InlineData("Acme.Orders", "acme/reorders")]
    [InlineData("Redis", "redis:7")]
    public Task OtherNames(string project, string image) =>
        QuietAsync(Deployed.With("k8s/a.yaml", Pod("x", image)).And("src/Other/Dockerfile", "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Other.dll\"]\n").Project(project));

    [Fact]
    public Task ACommandSaysMoreThanAName() => ReportsAsync(
        Deployed.With("k8s/a.yaml", Pod("[|a|]", "acme/all", ", command: [dotnet, Shop.dll]") + "---\n" + Pod("shop", "acme/all", ", command: [dotnet, Other.dll]")));

    [Fact]
    public Task AnImageThatComposeBuildsFromTheProjectsDockerfile() => ReportsAsync(
        Deployed.With("k8s/a.yaml", Pod("[|front|]", "registry/acme/frontend:3") + "---\n" + Pod("shop", "registry/acme/backend:3"))
            .And("compose.yaml", "services:\n  f: { image: \"${REG-}acme/frontend\", build: ./src/Shop }\n  b: { image: acme/backend, build: ./src/Other }\n")
            .And("src/Shop/Dockerfile", "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n")
            .And("src/Other/Dockerfile", "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Other.dll\"]\n"));

    [Fact]
    public Task MetadataNamesTheWorkload() => ReportsAsync(
        Deployed.With("k8s/a.yaml", Pod("[|front|]", "acme/frontend") + "---\n" + Pod("back", "acme/backend")).Metadata("ShutdownWorkload", "front"));

    [Fact]
    public Task TheOnlyServingWorkload() => ReportsAsync(Deployed.With("k8s/a.yaml", Pod("[|front|]", "acme/frontend") + "---\n" + Pod("db", "postgres:17")));

    [Fact]
    public Task TwoLeftAreNobodys() => QuietAsync(Deployed.With("k8s/a.yaml", Pod("front", "acme/frontend") + "---\n" + Pod("back", "acme/backend")));

    [Fact]
    public Task WhereAnotherProjectIsDeployedTheOnlyOneMayBeIts() => QuietAsync(
        Deployed.With("k8s/a.yaml", Pod("front", "acme/frontend")).And("src/Other/Dockerfile", "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Other.dll\"]\n"));

    [Fact]
    public Task SixServicesAndOneFolder() => ReportsAsync(new[] { "orders", "billing", "[|shop|]", "stock", "mail", "search" }
        .Aggregate(new Deployed(), (files, name) => files.And($"k8s/{name.Trim('[', ']', '|')}.yaml", Pod(name, "acme/" + name.Trim('[', ']', '|')))));

    [Fact]
    public Task AnOverrideIsOfTheServiceBesideIt() => QuietAsync(
        Deployed.With("k8s/a.yaml", Pod("web", "acme/billing-web"))
            .And("deploy/shop/compose.yaml", "services:\n  web: { build: . }\n")
            .And("deploy/shop/Dockerfile", "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n")
            .And("deploy/billing/compose.yaml", "services:\n  web: { build: . }\n")
            .And("deploy/billing/compose.images.yaml", "services:\n  web: { image: acme/billing-web }\n")
            .And("deploy/billing/Dockerfile", "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Billing.dll\"]\n"));
}
