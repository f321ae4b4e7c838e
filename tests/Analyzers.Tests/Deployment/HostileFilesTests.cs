using System.Globalization;
using System.Text;
using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Systemd;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Deployment;

/// <summary>Files that nobody means well with: nothing is thrown, nothing hangs, nothing is reported.</summary>
public sealed class HostileFilesTests : DeploymentTest<NoReadinessProbe>
{
    public static TheoryData<string, string> Files => new()
    {
        { "k8s/broken.yaml", "a: [1, 2\nb: }" },
        { "k8s/binary.yaml", "\0\u0001\u0002PK" },
        { "k8s/huge.yaml", new StringBuilder().Insert(0, "key: some value\n", 700_000).ToString() },
        { "k8s/deep.yaml", new string('[', 20_000) },
        { "k8s/deep-block.yaml", string.Concat(Enumerable.Range(0, 2_000).Select(depth => new string(' ', depth) + "a:\n")) },
        { "k8s/bomb.yaml", "a: &a [x,x,x]\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"b{i}: &b{i} [*{(i == 1 ? "a" : "b" + (i - 1))}, *{(i == 1 ? "a" : "b" + (i - 1))}]\n")) },
        { "k8s/list-bomb.yaml", "apiVersion: v1\nkind: List\nitems: &i\n  - &l { apiVersion: v1, kind: List, items: [*l, *l, *i] }\n  - *l\n  - *l\n" },
        { "k8s/many.yaml", string.Concat(Enumerable.Repeat("---\nkind: Pod\n", 20_000)) },
        { "k8s/template.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: {{ .Values.name }} }\n{{- if .Values.x }}\nspec: {}\n{{- end }}\n" },
        { "k8s/wrong-types.yaml", "apiVersion: [1]\nkind: Deployment\nmetadata: x\nspec: { template: [spec] }\n---\napiVersion: v1\nkind: Pod\nspec: { containers: { name: shop } }\n---\n- 1\n---\nnull\n" },
        { "compose.yaml", "services:\n  shop: 1\n  a: { extends: a }\n  b: { extends: { service: c } }\n  c: { extends: b, build: [x], environment: { A: [1] }, command: { x: y } }\n" },
        { "src/Shop/Dockerfile", "FROM\nFROM x AS\nENTRYPOINT [\"dotnet\", \nCMD \\\n" },
        { "src/Shop/Dockerfile", "FROM a AS a\nFROM a AS a\nENTRYPOINT\nCMD []\nSTOPSIGNAL\nRUN <<EOF\nnever ended" },
        { "src/Shop/Dockerfile", string.Concat(Enumerable.Repeat("RUN a \\\n", 50_000)) },
        { "src/Shop/appsettings.json", "{ \"GracefulShutdown\": \"x\", /* open" },
        { "shop.service", "[Service]\nExecStart=\nTimeoutStopSec\n=\n[Service\nExecStart=dotnet Shop.dll \\" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task PassedOver(string path, string text)
    {
        await QuietAsync(Deployed.With(path, text));
        await RunAllAsync(Deployed.With(path, text));
    }

    /// <summary>As large as a file may be, and made for a reader whose time grows with the square of a line, a nesting or a list: minutes, not seconds.</summary>
    public static TheoryData<string, string> Large => new()
    {
        { "src/Shop/Dockerfile", "FROM a\nENTRYPOINT " + Repeated("a;", 990_000) },
        { "src/Shop/Dockerfile", "FROM a\nENTRYPOINT " + Repeated("eval \"", 990_000) },
        { "src/Shop/Dockerfile", "FROM a\nENTRYPOINT " + Repeated("'\"'\"", 990_000) },
        { "src/Shop/Dockerfile", "FROM a\nENTRYPOINT [" + Repeated("\"sh\",\"-c\",", 990_000) + "\"a\"]" },
        { "src/Shop/Dockerfile", "FROM a\nENTRYPOINT dotnet Shop.dll " + Repeated("\\\n", 990_000) },
        { "src/Shop/Dockerfile", "FROM " + Repeated("${a:-", 990_000) },
        { "src/Shop/Dockerfile", "FROM a AS a\n" + Repeated("FROM a AS a\n", 990_000) },
        { "src/Shop/Dockerfile", "FROM a AS s0\n" + string.Concat(Enumerable.Range(0, 40_000).Select(i => $"FROM s{i} AS s{i + 1}\n")) + "ENTRYPOINT dotnet Shop.dll\n" },
        { "src/Shop/Dockerfile", "FROM a\nRUN " + Repeated("<<a ", 990_000) },
        { "src/Shop/Dockerfile", Repeated("#a=b\n", 990_000) },
        { "src/Shop/entrypoint.sh", Repeated("./entrypoint.sh\n", 990_000) },
        { "shop.service", "[Service]\nExecStart=dotnet Shop.dll " + Repeated("\\\n", 990_000) },
        { "shop.service", "[Service]\n" + Repeated("ExecStart=dotnet Shop.dll\n", 990_000) },
        { "src/Shop/appsettings.json", "{" + Repeated("/**/", 990_000) },
        { "src/Shop/appsettings.json", "{\"GracefulShutdown\":{" + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"\"k{i}\":1,")) + "}}" },
        { "compose.yaml", "services:\n" + string.Concat(Enumerable.Range(0, 30_000).Select(i => $"  s{i}: {{image: shop}}\n")) },
        { "compose.yaml", "services:\n  shop: {image: \"" + Repeated("${a:-", 990_000) + "\"}\n" },
        { "compose.yaml", "a0: &a0 {x: 1}\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}\n")) + "services:\n  shop: *a60\n" },
        { "compose.yaml", "services:\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"  s{i}: {{extends: s{i + 1}, image: shop}}\n")) },
        { "k8s/shop.yaml", "{apiVersion: v1, kind: List, items: [" + Repeated("{apiVersion: v1, kind: Pod, spec: {containers: [{name: shop, image: shop, ports: [{containerPort: 1}]}]}}, ", 900_000) + "]}" },
        { "k8s/shop.yaml", Repeated("---\napiVersion: v1\nkind: Pod\nspec: {containers: [{name: shop}]}\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: shop}]}\n", 900_000) },
        { "k8s/shop.yaml", "a: \"" + Repeated("x\\\n", 990_000) + "\"" },
        { "k8s/shop.yaml", Repeated("? ", 990_000) },
        { "k8s/shop.yaml", Repeated("- ", 990_000) },
        { "k8s/shop.yaml", Repeated("a ", 990_000) },
    };

    [Theory]
    [MemberData(nameof(Large))]
    public async Task ALargeFileIsReadInItsTime(string path, string text)
    {
        Assert.True(text.Length <= DeploymentFile.MaxLength);
        var deployed = Deployed.With(path, text);
        if (path.EndsWith(".sh", StringComparison.Ordinal))
            deployed.And("src/Shop/Dockerfile", "FROM a\nCOPY entrypoint.sh /\nENTRYPOINT [\"/entrypoint.sh\"]\n");
        var run = RunAllAsync(deployed);
        Assert.Same(run, await Task.WhenAny(run, Task.Delay(TimeSpan.FromMinutes(3))));
        await run;
    }

    /// <summary>Files as people write them with some characters changed, or cut off, through every rule.</summary>
    [Fact]
    public async Task RulesTakeWhatTheReadersTake()
    {
        var random = new Random(11);
        (string Path, string Text)[] seeds =
        [
            ("k8s/shop{0}.yaml", Manifest.Text("- name: shop\n  image: acme/shop\n  command: [sh, -c, \"a && dotnet Shop.dll\"]\n  ports: [{ name: http, containerPort: 8080 }]\n  env: [{ name: SHUTDOWN_DRAIN_DELAY, value: \"5\" }]\n  lifecycle:\n    preStop:\n      exec: { command: [sh, -c, \"sleep 10\"] }\n  readinessProbe: { httpGet: { path: /x, port: http }, periodSeconds: 9 }\n  livenessProbe: { httpGet: { path: /x, port: 8080 } }", "terminationGracePeriodSeconds: 5", "replicas: 4\nstrategy: { rollingUpdate: { maxUnavailable: 50% } }")),
            ("compose.{0}.yaml", "x: &x\n  stop_signal: SIGHUP\nservices:\n  base: { image: acme/shop, stop_grace_period: 1m3s }\n  shop:\n    <<: *x\n    extends: base\n    build: { context: src/Shop, target: final }\n    entrypoint: sh -c 'dotnet Shop.dll'\n    environment: [\"GracefulShutdown__DrainDelay=ten\"]\n"),
            ("src/Shop/Dockerfile.{0}", "# escape=\\\nARG BASE=aspnet:10.0\nFROM ${BASE} AS base\nSHELL [\"/bin/bash\", \"-c\"]\nSTOPSIGNAL SIGHUP\nFROM base AS final\nCOPY <<EOF /x\nhi\nEOF\nCOPY entry.sh /\nCMD [\"--a\"]\nENTRYPOINT cd /app && \\\n  dotnet Shop.dll > log\n"),
            ("src/Shop/entry{0}.sh", "#!/bin/sh\nset -e\nif [ \"$A\" = 'b' ]; then\n  eval \"dotnet Shop.dll\" \"$@\"\nfi\nexec \"$@\"\n"),
            ("shop{0}.service", "[Unit]\n[Service]\nType=notify\nExecStart=/usr/bin/dotnet \\\n /opt/Shop.dll\nKillSignal=SIGHUP\nTimeoutStopSec=1min 3s\n"),
            ("src/Shop/appsettings.{0}.json", "{ // x\n \"GracefulShutdown\": { \"DrainDelay\": \"ten\", \"EarlyEnd\": { \"UnreadyProbes\": 0 }, } }"),
        ];
        for (var round = 0; round < 12; round++)
        {
            var deployed = new Deployed();
            for (var i = 0; i < 300; i++)
            {
                var (path, text) = seeds[i % seeds.Length];
                deployed.And(string.Format(CultureInfo.InvariantCulture, path, i), Mutant(text, random));
            }

            await RunAllAsync(deployed);
        }
    }

    private static string Repeated(string text, int length) => new StringBuilder().Insert(0, text, length / text.Length).ToString();

    private static async Task RunAllAsync(Deployed deployed)
    {
        var (project, _) = deployed.ToProject();
        var compilation = (await project.GetCompilationAsync())!;
        var rules = AllRules.Analyzers.Where(analyzer => analyzer is DeploymentRule).ToArray();
        var diagnostics = await Microsoft.CodeAnalysis.Diagnostics.DiagnosticAnalyzerExtensions.WithAnalyzers(compilation, [.. rules], project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
        Assert.All(diagnostics, diagnostic => Assert.True(diagnostic.Id != "AD0001", diagnostic.GetMessage()));
    }

    private static string Mutant(string seed, Random random)
    {
        const string Alphabet = "{}[]:,\"'\\\n\t -#&*!|>%@`$<=ab0\0\r";
        var text = new StringBuilder(seed);
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0 or 1: text[at] = Alphabet[random.Next(Alphabet.Length)]; break;
                case 2 or 3: text.Insert(at, Alphabet[random.Next(Alphabet.Length)]); break;
                default: text.Length = Math.Max(1, at); break;
            }
        }

        return text.ToString();
    }

    /// <summary>Cut off anywhere, with any character changed: the readers take it or refuse it, in their own words.</summary>
    [Fact]
    public void ReadersRefuseInTheirOwnWords()
    {
        var random = new Random(7);
        string[] seeds = [Manifest.Text("- name: shop\n  image: &x acme/shop\n  env: [{ name: a, value: 'b' }]\n  args: |\n    x"), "FROM a AS b\nSHELL [\"sh\", \"-c\"]\nRUN <<E\nx\nE\nCMD a \"b\" && $c \\\n  d\n", "[Service]\nExecStart=a b\\\n c\n", "{ \"a\": [1, true, null, \"\\u0041\"] } // x"];
        for (var i = 0; i < 20_000; i++)
        {
            var mutant = Mutant(seeds[i % seeds.Length], random);
            DockerfileReader.Read(mutant);
            SystemdUnit.Read(mutant);
            ShellCommand.Parse(mutant);
            Check(mutant);
            Check(JsonText.ToYaml(mutant));
        }

        static void Check(string text)
        {
            try
            {
                YamlReader.Read(text);
            }
            catch (YamlDotNet.Core.YamlException)
            {
                // What the rules expect.
            }
        }
    }
}
