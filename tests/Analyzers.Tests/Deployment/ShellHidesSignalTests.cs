using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

public sealed class ShellHidesSignalTests : DeploymentTest<ShellHidesSignal, ShellHidesSignalFix>
{
    private static Deployed Dockerfile(string lines) => Deployed.With("src/Shop/Dockerfile", "FROM aspnet\n" + lines + "\n");

    private static Deployed Script(string script) => Deployed.With("src/Shop/entrypoint.sh", script)
        .And("src/Shop/Dockerfile", "FROM aspnet\nCOPY entrypoint.sh /\nENTRYPOINT [\"/entrypoint.sh\"]\nCMD [\"dotnet\", \"Shop.dll\"]\n");

    [Theory]
    [InlineData("ENTRYPOINT [|[\"sh\", \"-c\", \"dotnet Shop.dll\"]|]", "ENTRYPOINT [\"sh\", \"-c\", \"exec dotnet Shop.dll\"]")]
    [InlineData("CMD [|[\"/bin/sh\", \"-ec\", \"update-ca-certificates; dotnet Shop.dll\"]|]", "CMD [\"/bin/sh\", \"-ec\", \"update-ca-certificates; exec dotnet Shop.dll\"]")]
    [InlineData("CMD [|[\"sh\", \"-c\", \"dotnet Shop.dll --name \\\"$NAME\\\"\"]|]", "CMD [\"sh\", \"-c\", \"exec dotnet Shop.dll --name \\\"$NAME\\\"\"]")]
    [InlineData("CMD [|[\"bash\", \"-c\", \"dotnet Shop.dll; exit $?\"]|]", "CMD [\"bash\", \"-c\", \"exec dotnet Shop.dll; exit $?\"]")]
    public Task ExecForm(string before, string after) => FixesAsync(Dockerfile(before), "FROM aspnet\n" + after + "\n");

    [Theory]
    [InlineData("ENTRYPOINT [\"sh\", \"-c\", \"exec dotnet Shop.dll\"]")]
    [InlineData("ENTRYPOINT [\"bash\", \"-c\", \"dotnet Shop.dll\"]")]
    [InlineData("ENTRYPOINT [\"bash\", \"-c\", \"cd /app && dotnet Shop.dll\"]")]
    [InlineData("ENTRYPOINT [\"bash\", \"-c\", \"./migrate; dotnet Shop.dll\"]")]
    [InlineData("ENTRYPOINT [\"ash\", \"-c\", \"./migrate || true; dotnet Shop.dll > /log\"]")]
    [InlineData("ENTRYPOINT [\"dotnet\", \"Shop.dll\"]")]
    [InlineData("ENTRYPOINT dotnet Shop.dll")]
    [InlineData("ENTRYPOINT [\"sh\", \"-c\", \"dotnet Other.dll\"]")]
    [InlineData("ENTRYPOINT [\"sh\", \"-c\", \"trap 'kill $!' TERM; dotnet Shop.dll & wait\"]")]
    public Task Right(string line) => QuietAsync(Dockerfile(line));

    [Theory]
    [InlineData("ENTRYPOINT [|[\"bash\", \"-c\", \"dotnet Shop.dll > /log\"]|]")]
    [InlineData("ENTRYPOINT [|[\"bash\", \"-c\", \"eval 'dotnet Shop.dll'\"]|]")]
    [InlineData("ENTRYPOINT [|[\"dash\", \"-c\", \"dotnet Shop.dll\"]|]")]
    public Task Stays(string line) => ReportsAsync(Dockerfile(line));

    /// <summary>exec doesn't come back: what stands behind it would never run.</summary>
    [Theory]
    [InlineData("CMD [|[\"bash\", \"-c\", \"dotnet Shop.dll; echo done\"]|]")]
    [InlineData("CMD [|[\"sh\", \"-c\", \"dotnet Shop.dll || ./report\"]|]")]
    [InlineData("CMD [|[\"sh\", \"-c\", \"while true; do\\n dotnet Shop.dll\\n done\"]|]")]
    public Task WhatRunsAfterItKeepsTheFixAway(string line) => OffersNoFixAsync(Dockerfile(line));

    [Fact]
    public Task BranchesBehindItAreNotAfterIt() => FixesAsync(
        Script("#!/bin/sh\nif [ -f ready ]; then\n  [|dotnet Shop.dll|]\nelse\n  if ./wait; then echo waited; fi\nfi\n"),
        "#!/bin/sh\nif [ -f ready ]; then\n  exec dotnet Shop.dll\nelse\n  if ./wait; then echo waited; fi\nfi\n");

    [Fact]
    public Task AComposeCommandIsTheEntrypointsArgument() => FixesAsync(
        Deployed.With("compose.yaml", "services:\n  shop:\n    image: acme/shop\n    entrypoint: [sh, -c]\n    command: [[|\"dotnet Shop.dll\"|]]\n"),
        "services:\n  shop:\n    image: acme/shop\n    entrypoint: [sh, -c]\n    command: [\"exec dotnet Shop.dll\"]\n");

    [Fact]
    public Task InALiteralItIsOnItsOwnLine() => FixesAsync(
        Manifest.Of("- name: shop\n  image: acme/shop\n  command: [/bin/sh, -c]\n  args:\n    - |\n      ./migrate # first\n      [|dotnet Shop.dll|]\n"),
        Manifest.Text("- name: shop\n  image: acme/shop\n  command: [/bin/sh, -c]\n  args:\n    - |\n      ./migrate # first\n      exec dotnet Shop.dll\n"));

    [Fact]
    public Task InAlpineAScriptStaysToo() => ReportsAsync(
        Deployed.With("src/Shop/entrypoint.sh", "#!/bin/sh\n[|dotnet Shop.dll|]\n")
            .And("src/Shop/Dockerfile", "FROM aspnet:10.0-alpine\nCOPY entrypoint.sh /\nENTRYPOINT [\"/entrypoint.sh\"]\n"));

    [Fact]
    public Task AManifestsShellIsItsImages() => QuietAsync(
        Manifest.Of("- name: shop\n  image: acme/shop\n  command: [sh, -c, \"dotnet Shop.dll\"]")
            .And("src/Shop/Dockerfile", "FROM aspnet:10.0-alpine\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n"));

    [Fact]
    public Task AScriptThatRunsTheApp() => FixesAsync(
        Script("""
            #!/bin/sh
            # settings first
            ./update-config
            [|dotnet Shop.dll|]   # the shop
            """),
        """
        #!/bin/sh
        # settings first
        ./update-config
        exec dotnet Shop.dll   # the shop
        """);

    [Fact]
    public Task AScriptThatRunsItsArguments() => FixesAsync(Script("#!/bin/bash\nset -e\n[|\"$@\"|]\n"), "#!/bin/bash\nset -e\nexec \"$@\"\n");

    [Fact]
    public Task EvalIsExecutedInside() => FixesAsync(Script("#!/bin/bash\n[|eval \"dotnet Shop.dll $ARGS\"|]\n"), "#!/bin/bash\neval \"exec dotnet Shop.dll $ARGS\"\n");

    [Fact]
    public Task AScriptFromTheRootThatSeveralImagesUseIsReportedOnce() => ReportsAsync(
        Deployed.With("build/docker-entrypoint.sh", "#!/bin/sh\n[|dotnet Shop.dll|]\n")
            .And("Dockerfile", "FROM aspnet\nCOPY ./build/docker-entrypoint.sh ./\nENTRYPOINT [\"/app/docker-entrypoint.sh\"]\n")
            .And("src/Shop/Dockerfile", "FROM aspnet\nCOPY docker-entrypoint.sh /\nENTRYPOINT [\"sh\", \"/docker-entrypoint.sh\"]\n"));

    [Theory]
    [InlineData("#!/bin/sh\nexec dotnet Shop.dll\n")]
    [InlineData("#!/bin/sh\nset -e\nexec \"$@\"\n")]
    [InlineData("#!/bin/sh\ntrap 'kill -TERM $child' TERM\ndotnet Shop.dll &\nchild=$!\nwait $child\n")]
    [InlineData("#!/bin/sh\necho \"dotnet Shop.dll\"\nexec ./Shop\n")]
    [InlineData("#!/bin/sh\ndotnet ef database update\nexec dotnet Shop.dll\n")]
    public Task RightScript(string script) => QuietAsync(Script(script));

    [Fact]
    public Task AShellFormThatStartsAScript() => ReportsAsync(
        Deployed.With("src/Shop/entrypoint.sh", "#!/bin/sh\nexec dotnet Shop.dll\n").And("src/Shop/Dockerfile", "FROM aspnet\nCOPY entrypoint.sh /\nENTRYPOINT [|[\"sh\", \"-c\", \"/entrypoint.sh\"]|]\n"));

    [Fact]
    public Task ComposeCommand() => FixesAsync(
        Deployed.With("compose.yaml", """
            services:
              shop:
                build: src/Shop
                # waits for the database
                command: [sh, -c, [|"./wait-for db && dotnet Shop.dll"|]]
            """).And("src/Shop/Dockerfile", "FROM aspnet\nENTRYPOINT [\"dotnet\", \"Shop.dll\"]\n"),
        """
        services:
          shop:
            build: src/Shop
            # waits for the database
            command: [sh, -c, "./wait-for db && exec dotnet Shop.dll"]
        """);

    [Fact]
    public Task KubernetesCommand() => FixesAsync(
        Deployed.With("k8s/shop.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: shop }
            spec:
              template:
                spec:
                  containers:
                    - name: shop
                      image: registry.example/shop:1
                      command: [ "/bin/sh", "-c" ]
                      args: [ [|"dotnet Shop.dll"|] ]
            """),
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              containers:
                - name: shop
                  image: registry.example/shop:1
                  command: [ "/bin/sh", "-c" ]
                  args: [ "exec dotnet Shop.dll" ]
        """);

    [Fact]
    public Task AStageBeforeTheLastThatIsAnImageOfItsOwn() => ReportsAsync(Deployed.With("Dockerfile", """
        FROM sdk AS build
        RUN dotnet publish src/Shop -o /out
        FROM aspnet AS shop
        ENTRYPOINT [|["sh", "-c", "dotnet Shop.dll"]|]
        FROM aspnet AS other
        ENTRYPOINT ["dotnet", "Other.dll"]
        """));

    [Fact]
    public Task OfScriptsOfOneNameTheOneThatIsCopied() => QuietAsync(Deployed.With("deploy/shop/Dockerfile", """
        FROM aspnet
        COPY scripts/entrypoint.sh /
        ENTRYPOINT ["/entrypoint.sh"]
        """)
        .And("deploy/other/entrypoint.sh", "#!/bin/sh\ndotnet Shop.dll\n")
        .And("deploy/shop/scripts/entrypoint.sh", "#!/bin/sh\nexec dotnet Shop.dll\n"));

    [Fact]
    public Task OfScriptsOfOneNameTheOneBesideTheDockerfile() => QuietAsync(Deployed.With("deploy/shop/Dockerfile", """
        FROM aspnet
        COPY deploy/shop/entrypoint.sh /
        ENTRYPOINT ["/entrypoint.sh"]
        """)
        .And("deploy/other/entrypoint.sh", "#!/bin/sh\ndotnet Shop.dll\n")
        .And("deploy/shop/entrypoint.sh", "#!/bin/sh\nexec dotnet Shop.dll\n"));
}
