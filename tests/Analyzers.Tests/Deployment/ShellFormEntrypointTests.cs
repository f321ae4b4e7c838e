using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class ShellFormEntrypointTests : DeploymentTest<ShellFormEntrypoint, ShellFormEntrypointFix>
{
    private static Deployed Dockerfile(string lines) => Deployed.With("src/Shop/Dockerfile", lines);

    [Theory]
    [InlineData("ENTRYPOINT [|dotnet Shop.dll|]", "ENTRYPOINT [\"dotnet\", \"Shop.dll\"]")]
    [InlineData("CMD [|dotnet Shop.dll --urls http://+:8080|]", "CMD [\"dotnet\", \"Shop.dll\", \"--urls\", \"http://+:8080\"]")]
    [InlineData("CMD [|./Shop|]", "CMD [\"./Shop\"]")]
    [InlineData("entrypoint [|dotnet 'Shop.dll' \"with space\"|]", "entrypoint [\"dotnet\", \"Shop.dll\", \"with space\"]")]
    public Task ShellForm(string before, string after) =>
        FixesAsync(Dockerfile("FROM mcr.microsoft.com/dotnet/aspnet:10.0\nWORKDIR /app\n" + before + "\n"), "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nWORKDIR /app\n" + after + "\n");

    [Theory]
    [InlineData("CMD [|dotnet Shop.dll --urls http://+:$PORT|]", "CMD exec dotnet Shop.dll --urls http://+:$PORT")]
    [InlineData("CMD [|cd /app && dotnet Shop.dll|]", "CMD cd /app && exec dotnet Shop.dll")]
    [InlineData("CMD [|dotnet Shop.dll > /var/log/shop|]", "CMD exec dotnet Shop.dll > /var/log/shop")]
    public Task WhatNeedsAShellGetsExec(string before, string after) =>
        FixesAsync(Dockerfile("FROM mcr.microsoft.com/dotnet/aspnet:10.0\n" + before + "\n"), "FROM mcr.microsoft.com/dotnet/aspnet:10.0\n" + after + "\n");

    /// <summary>BusyBox runs the last command in its own place.</summary>
    [Theory]
    [InlineData("FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine\nENTRYPOINT dotnet Shop.dll\n")]
    [InlineData("ARG OS=-alpine\nFROM mcr.microsoft.com/dotnet/aspnet:10.0${OS} AS base\nFROM base\nCMD cd /app; dotnet Shop.dll > /log\n")]
    public Task AlpineGivesItsPlaceToTheLastCommand(string dockerfile) => QuietAsync(Dockerfile(dockerfile));

    [Theory]
    [InlineData("CMD [|dotnet Shop.dll; sleep 1|]")]
    [InlineData("CMD [|eval \"dotnet Shop.dll\"|]")]
    public Task AlpineGivesItToNoOther(string command) => ReportsAsync(Dockerfile("FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine\n" + command + "\n"));

    [Fact]
    public Task AContinuedLineIsReplacedWhole() => FixesAsync(
        Dockerfile("""
            FROM mcr.microsoft.com/dotnet/aspnet:10.0
            # starts the shop
            ENTRYPOINT [|dotnet \
              # with its port
              Shop.dll|]
            """),
        """
        FROM mcr.microsoft.com/dotnet/aspnet:10.0
        # starts the shop
        ENTRYPOINT ["dotnet", "Shop.dll"]
        """);

    [Fact]
    public Task AnEntrypointWithACommandBehindItGetsExec() => FixesAsync(
        Dockerfile("FROM aspnet\nENTRYPOINT [|dotnet Shop.dll|]\nCMD [\"--ignored\"]\n"),
        "FROM aspnet\nENTRYPOINT exec dotnet Shop.dll\nCMD [\"--ignored\"]\n");

    [Fact]
    public Task AssignmentsBeforeTheProgramGetNoFix() =>
        OffersNoFixAsync(Dockerfile("FROM aspnet\nCMD [|ASPNETCORE_URLS=http://*:$PORT dotnet Shop.dll|]\n"));

    [Fact]
    public async Task TheMessageSaysWhatToWrite() => Assert.Contains(
        "write: [\"dotnet\", \"Shop.dll\"]",
        Assert.Single(await ReportsAsync(Dockerfile("FROM aspnet\nENTRYPOINT [|dotnet Shop.dll|]"))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("ENTRYPOINT [\"dotnet\", \"Shop.dll\"]")]
    [InlineData("ENTRYPOINT exec dotnet Shop.dll")]
    [InlineData("SHELL [\"/bin/bash\", \"-c\"]\nENTRYPOINT dotnet Shop.dll")]
    [InlineData("SHELL [\"/bin/bash\", \"-c\"]\nCMD cd /app && dotnet Shop.dll")]
    [InlineData("HEALTHCHECK CMD dotnet Shop.dll --health\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]")]
    [InlineData("ENTRYPOINT [\"dotnet\"]\nCMD [\"Shop.dll\"]")]
    [InlineData("RUN dotnet Shop.dll --migrate\nENTRYPOINT [\"./Shop\"]")]
    [InlineData("CMD nginx -g 'daemon off;'")]
    [InlineData("# shutdown-analyzers: ignore SHUT611\nENTRYPOINT dotnet Shop.dll")]
    public Task Right(string lines) => QuietAsync(Dockerfile("FROM mcr.microsoft.com/dotnet/aspnet:10.0\n" + lines + "\n"));

    [Fact]
    public Task BashWithMoreThanOneCommandStays() =>
        ReportsAsync(Dockerfile("FROM aspnet\nSHELL [\"/bin/bash\", \"-c\"]\nCMD [|dotnet Shop.dll; echo done|]"));

    [Fact]
    public Task OnlyTheStageThatIsRunCounts() => QuietAsync(Dockerfile("""
        FROM sdk AS build
        CMD dotnet Shop.dll
        FROM sdk AS dev
        CMD dotnet Shop.dll
        FROM aspnet
        COPY --from=build out .
        ENTRYPOINT ["dotnet", "Shop.dll"]
        """));

    [Fact]
    public Task TheCommandOfAStageThatItStartsFromCounts() => ReportsAsync(Dockerfile("""
        ARG BASE=base
        FROM aspnet AS base
        ENTRYPOINT [|dotnet Shop.dll|]
        FROM ${BASE} AS final
        COPY out .
        """));

    [Fact]
    public Task AStageThatComposeBuildsCounts() => ReportsAsync(Dockerfile("""
            FROM aspnet AS shop
            ENTRYPOINT [|dotnet Shop.dll|]
            FROM aspnet AS other
            ENTRYPOINT ["dotnet", "Other.dll"]
            """)
        .And("compose.yaml", "services:\n  shop:\n    build:\n      context: src\n      dockerfile: Shop/Dockerfile\n      target: shop\n"));

    [Fact]
    public Task WindowsContainersHaveNoSignals() =>
        QuietAsync(Dockerfile("# escape=`\nFROM mcr.microsoft.com/dotnet/aspnet:10.0-nanoserver-ltsc2022\nENTRYPOINT dotnet Shop.dll\n"));

    [Fact]
    public Task AnotherProjectsDockerfileIsLeftAlone() => QuietAsync(Dockerfile("FROM aspnet\nENTRYPOINT dotnet Other.dll\n"));

    [Fact]
    public Task AHeredocIsNoInstruction() => QuietAsync(Dockerfile("""
        FROM aspnet
        RUN <<EOF
        ENTRYPOINT dotnet Shop.dll
        EOF
        ENTRYPOINT ["dotnet", "Shop.dll"]
        """));
}
