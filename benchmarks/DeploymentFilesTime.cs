using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment;

namespace ShutdownAnalyzers.Benchmarks;

/// <summary>What the rules in deployment files add to a build with 200 manifests: all of them over a small web program, with the files and without, by turns.</summary>
public static class DeploymentFilesTime
{
    private const int Manifests = 200;
    private const int Rounds = 21;

    private const string Program = """
        using Microsoft.AspNetCore.Builder;
        using Microsoft.Extensions.Hosting;
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        app.MapReadiness();
        app.MapLiveness();
        app.Run();
        """;

    public static async Task RunAsync()
    {
        var files = Enumerable.Range(0, Manifests).Select(i => new Manifest(i)).ToImmutableArray<AdditionalText>();
        var (with, without) = (new List<double>(), new List<double>());
        var findings = 0;
        for (var round = 0; round <= Rounds; round++)
        {
            var (bare, _) = await MeasureAsync([]);
            var (full, found) = await MeasureAsync(files);
            findings = found;
            if (round == 0)
                continue;
            without.Add(bare);
            with.Add(full);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Manifests} manifests ({findings} findings): {Median(with):0.0} ms; none: {Median(without):0.0} ms; least {with.Min():0.0} ms and {without.Min():0.0} ms of {Rounds} rounds"));
    }

    private static async Task<(double Milliseconds, int Findings)> MeasureAsync(ImmutableArray<AdditionalText> files)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("Service7", [CSharpSyntaxTree.ParseText(Program)], references, new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        if (compilation.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error)
            throw new InvalidOperationException(error.ToString());
        var rules = typeof(DeploymentRule).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DeploymentRule)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)
            .ToImmutableArray();

        var watch = Stopwatch.StartNew();
        var diagnostics = await compilation.WithAnalyzers(rules, new AnalyzerOptions(files, new Options())).GetAnalyzerDiagnosticsAsync();
        return (watch.Elapsed.TotalMilliseconds, diagnostics.Length);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class Manifest(int number) : AdditionalText
    {
        private readonly SourceText _text = SourceText.From($$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: service{{number}}
            spec:
              replicas: 3
              selector: { matchLabels: { app: service{{number}} } }
              template:
                metadata: { labels: { app: service{{number}} } }
                spec:
                  terminationGracePeriodSeconds: 20
                  containers:
                    - name: service{{number}}
                      image: registry.example/acme/service{{number}}:1.0.0
                      ports: [{ name: http, containerPort: 8080 }]
                      env:
                        - { name: ASPNETCORE_ENVIRONMENT, value: Production }
                      readinessProbe: { httpGet: { path: /health/ready, port: http }, periodSeconds: 3 }
                      livenessProbe: { httpGet: { path: /health/live, port: http } }
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: service{{number}} }
            spec: { selector: { app: service{{number}} }, ports: [{ port: 80, targetPort: http }] }
            """);

        public override string Path => $"/repository/k8s/service{number}.yaml";

        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }

    private sealed class Options : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values([]);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Values(new() { ["build_metadata.AdditionalFiles.ShutdownDeployment"] = "Auto" });
    }

    private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value) => values.TryGetValue(key, out value!);
    }
}
