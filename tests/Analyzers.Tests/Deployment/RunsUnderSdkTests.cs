using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class RunsUnderSdkTests : DeploymentTest<RunsUnderSdk>
{
    [Theory]
    [InlineData("ENTRYPOINT [|[\"dotnet\", \"run\"]|]")]
    [InlineData("CMD [|[\"dotnet\", \"watch\", \"run\", \"--project\", \"src/Shop/Shop.csproj\"]|]")]
    [InlineData("CMD [|dotnet run --project src/Shop|]")]
    [InlineData("ENTRYPOINT [|[\"sh\", \"-c\", \"exec dotnet run\"]|]")]
    public Task Wrong(string line) => ReportsAsync(Deployed.With("src/Shop/Dockerfile", "FROM sdk\n" + line + "\n"));

    [Theory]
    [InlineData("ENTRYPOINT [\"dotnet\", \"Shop.dll\", \"run\"]")]
    [InlineData("ENTRYPOINT [\"dotnet\", \"test\"]")]
    [InlineData("RUN dotnet run --project tools\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]")]
    [InlineData("CMD [\"dotnet\", \"run\", \"--project\", \"src/Other\"]")]
    public Task Right(string lines) => QuietAsync(Deployed.With("src/Shop/Dockerfile", "FROM sdk\n" + lines + "\n"));

    [Theory]
    [InlineData("src/Shop/Dockerfile.dev")]
    [InlineData("src/Shop/Dockerfile.debug")]
    public Task ADevelopersFileIsWhereItBelongs(string path) => QuietAsync(Deployed.With(path, "FROM sdk\nCMD [\"dotnet\", \"watch\"]\n"));

    [Fact]
    public Task Compose() => ReportsAsync(Deployed.With("compose.yaml", """
        services:
          shop:
            image: mcr.microsoft.com/dotnet/sdk:10.0
            command: [|dotnet run --project src/Shop/Shop.csproj|]
        """));

    [Fact]
    public Task ComposeOverrideIsADevelopers() => QuietAsync(Deployed.With("docker-compose.override.yml", """
        services:
          shop:
            image: mcr.microsoft.com/dotnet/sdk:10.0
            command: dotnet watch --project src/Shop/Shop.csproj
        """));

    [Theory]
    [InlineData("FROM sdk AS dev\nCMD [\"dotnet\", \"watch\"]\nFROM aspnet\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]")]
    [InlineData("FROM sdk AS build\nCMD [\"dotnet\", \"run\"]\nFROM build\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]")]
    public Task StagesThatNobodyDeploys(string lines) => QuietAsync(Deployed.With("src/Shop/Dockerfile", lines + "\n"));
}
