using System.Text;
using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Deployment.Docker;
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
        var (project, _) = Deployed.With(path, text).ToProject();
        var compilation = (await project.GetCompilationAsync())!;
        var rules = AllRules.Analyzers.Where(analyzer => analyzer is DeploymentRule).ToArray();
        var diagnostics = await Microsoft.CodeAnalysis.Diagnostics.DiagnosticAnalyzerExtensions.WithAnalyzers(compilation, [.. rules], project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == "AD0001");
    }

    /// <summary>Cut off anywhere, with any character changed: the readers take it or refuse it, in their own words.</summary>
    [Fact]
    public void ReadersRefuseInTheirOwnWords()
    {
        var random = new Random(7);
        string[] seeds = [Manifest.Text("- name: shop\n  image: &x acme/shop\n  env: [{ name: a, value: 'b' }]\n  args: |\n    x"), "FROM a AS b\nSHELL [\"sh\", \"-c\"]\nRUN <<E\nx\nE\nCMD a \"b\" && $c \\\n  d\n", "[Service]\nExecStart=a b\\\n c\n", "{ \"a\": [1, true, null, \"\\u0041\"] } // x"];
        const string Alphabet = "{}[]:,\"'\\\n\t -#&*!|>%@`$<=ab0\0\r";
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder(seeds[i % seeds.Length]);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(3))
                {
                    case 0: text[at] = Alphabet[random.Next(Alphabet.Length)]; break;
                    case 1: text.Insert(at, Alphabet[random.Next(Alphabet.Length)]); break;
                    default: text.Length = Math.Max(1, at); break;
                }
            }

            var mutant = text.ToString();
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
