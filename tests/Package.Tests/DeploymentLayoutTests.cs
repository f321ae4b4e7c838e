namespace ShutdownAnalyzers.Package.Tests;

/// <summary>Which files the package's targets hand to the rules, in the layouts that repositories have.</summary>
[Collection(PackedPackageCollection.Name)]
public sealed class DeploymentLayoutTests(PackedPackage package)
{
    private UserRepository New() => new(package);

    [Fact]
    public async Task ASingleProject()
    {
        using var repository = New().Git().Project("Shop.csproj")
            .Add("Dockerfile").Add("Dockerfile.alpine").Add("entrypoint.sh").Add("shop.service").Add("docker-compose.override.yml").Add("compose.yaml")
            .Add("appsettings.json").Add("appsettings.Development.json").Add("k8s/shop.yaml")
            .Add("other.yaml").Add("settings.json").Add("bin/appsettings.json").Add("obj/Dockerfile");
        Assert.Equal(
            ["Dockerfile", "Dockerfile.alpine", "appsettings.Development.json", "appsettings.json", "compose.yaml", "docker-compose.override.yml", "entrypoint.sh", "k8s/shop.yaml", "shop.service"],
            await repository.ReadsAsync("Shop.csproj"));
    }

    [Fact]
    public async Task SourceAndDeploymentApart()
    {
        using var repository = New().Git().Project("src/Shop/Shop.csproj")
            .Add("src/Shop/Dockerfile").Add("src/Shop/appsettings.json").Add("deploy/prod/shop.yaml").Add("deployment/run.sh").Add("docker/Dockerfile.web")
            .Add("manifests/a.yml").Add("scripts/start.sh").Add("build/shop.service").Add("kubernetes/k.yaml").Add("compose.yaml")
            .Add("src/Shop/k8s/inner.yaml").Add("docs/x.yaml").Add("deploy/readme.md").Add("appsettings.json");
        Assert.Equal(
            ["build/shop.service", "compose.yaml", "deploy/prod/shop.yaml", "deployment/run.sh", "docker/Dockerfile.web", "kubernetes/k.yaml", "manifests/a.yml", "scripts/start.sh", "src/Shop/Dockerfile", "src/Shop/appsettings.json"],
            await repository.ReadsAsync("src/Shop/Shop.csproj"));
    }

    [Fact]
    public async Task AMonorepo()
    {
        string[] services = ["Basket", "Billing", "Catalog", "Identity", "Orders", "Shipping"];
        using var repository = New().Git();
        foreach (var service in services)
            repository.Project($"src/{service}/{service}.csproj").Add($"src/{service}/Dockerfile").Add($"src/{service}/appsettings.json").Add($"k8s/{service}.yaml");
        foreach (var service in services[..2])
        {
            Assert.Equal(
                [.. services.Select(name => $"k8s/{name}.yaml"), $"src/{service}/Dockerfile", $"src/{service}/appsettings.json"],
                await repository.ReadsAsync($"src/{service}/{service}.csproj"));
        }
    }

    [Fact]
    public async Task AChartAndOverlays()
    {
        using var repository = New().Git().Project("src/Shop/Shop.csproj")
            .Add("deploy/chart/Chart.yaml").Add("deploy/chart/values.yaml").Add("deploy/chart/templates/deployment.yaml").Add("deploy/chart/templates/_helpers.tpl")
            .Add("k8s/base/kustomization.yaml").Add("k8s/base/shop.yaml").Add("k8s/overlays/prod/kustomization.yaml").Add("k8s/overlays/prod/patch.yaml");
        Assert.Equal(
            ["deploy/chart/Chart.yaml", "deploy/chart/templates/deployment.yaml", "deploy/chart/values.yaml", "k8s/base/kustomization.yaml", "k8s/base/shop.yaml", "k8s/overlays/prod/kustomization.yaml", "k8s/overlays/prod/patch.yaml"],
            await repository.ReadsAsync("src/Shop/Shop.csproj"));
    }

    /// <summary>Without a repository the project's folder is all that there is; a work tree's <c>.git</c> is a file.</summary>
    [Fact]
    public async Task TheRootIsWhereGitIs()
    {
        using var repository = New().Project("src/Shop/Shop.csproj").Add("src/Shop/Dockerfile").Add("k8s/shop.yaml").Add("compose.yaml").Add("src/k8s/inner.yaml");
        Assert.Equal(["src/Shop/Dockerfile"], await repository.ReadsAsync("src/Shop/Shop.csproj"));

        repository.Add(".git", "gitdir: /elsewhere/.git/worktrees/shop\n");
        Assert.Equal(["compose.yaml", "k8s/shop.yaml", "src/Shop/Dockerfile"], await repository.ReadsAsync("src/Shop/Shop.csproj"));

        Assert.Equal(["src/Shop/Dockerfile", "src/k8s/inner.yaml"], await repository.ReadsAsync("src/Shop/Shop.csproj", $"ShutdownRepositoryRoot={repository.Root}/src"));
    }

    [Fact]
    public async Task OutputAndPackagesArePassedOver()
    {
        using var repository = New().Git().Project("src/Shop/Shop.csproj").Add("deploy/shop.yaml")
            .Add("deploy/node_modules/x/a.yaml").Add("deploy/web/node_modules/x/y/Dockerfile").Add("deploy/bin/a.yaml").Add("deploy/tool/obj/Debug/a.yml").Add("build/bin/run.sh")
            .Add("node_modules/k8s/a.yaml").Add("src/k8s/a.yaml");

        // A folder that leads back to itself is the end of a walk that enters it: the paths grow until the system refuses them.
        Directory.CreateSymbolicLink(Path.Combine(repository.Root, "deploy", "node_modules", "loop"), Path.Combine(repository.Root, "deploy", "node_modules"));
        Assert.Equal(["deploy/shop.yaml"], await repository.ReadsAsync("src/Shop/Shop.csproj"));
    }

    [Fact]
    public async Task OnlyExecutablesRead()
    {
        using var repository = New().Git().Add("compose.yaml")
            .Project("src/Lib/Lib.csproj", sdk: "Microsoft.NET.Sdk")
            .Project("tests/Shop.Tests/Shop.Tests.csproj", "<OutputType>Exe</OutputType><IsTestProject>true</IsTestProject>", "Microsoft.NET.Sdk");
        Assert.Empty(await repository.ReadsAsync("src/Lib/Lib.csproj"));
        Assert.Empty(await repository.ReadsAsync("tests/Shop.Tests/Shop.Tests.csproj"));
    }

    [Fact]
    public async Task PropertiesChooseTheFiles()
    {
        using var repository = New().Git().Project("src/Shop/Shop.csproj").Add("compose.yaml").Add("ops/a.yaml").Add("ops/b.txt");
        Assert.Empty(await repository.ReadsAsync("src/Shop/Shop.csproj", "ShutdownAnalyzersIncludeDeploymentFiles=false"));
        Assert.Equal(["ops/a.yaml"], await repository.ReadsAsync("src/Shop/Shop.csproj", "ShutdownDeploymentFiles=../../ops/*.yaml"));
    }
}
