using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>Makes runnable programs of the sources in Programs, as they are and as the fix of a rule leaves them.</summary>
internal static class ServicePrograms
{
    private const string WebUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    private const string RuntimeConfiguration = """
        {
          "runtimeOptions": {
            "tfm": "net10.0",
            "frameworks": [
              { "name": "Microsoft.NETCore.App", "version": "10.0.0" },
              { "name": "Microsoft.AspNetCore.App", "version": "10.0.0" }
            ]
          }
        }
        """;

    /// <summary>What the programs are compiled against and run with, beside the framework.</summary>
    private static readonly string[] Libraries =
    [
        "ShutdownAnalyzers.Runtime.dll", "ShutdownAnalyzers.Runtime.AspNetCore.dll", "Npgsql.dll", "StackExchange.Redis.dll", "Pipelines.Sockets.Unofficial.dll", "RabbitMQ.Client.dll",
        "Confluent.Kafka.dll", "Hangfire.Core.dll", "Hangfire.InMemory.dll", "Newtonsoft.Json.dll",
        "Grpc.AspNetCore.Server.dll", "Grpc.Core.Api.dll", "Grpc.Net.Common.dll",
        "Serilog.dll", "Serilog.Extensions.Hosting.dll", "Serilog.Extensions.Logging.dll", "Serilog.Sinks.Console.dll", "Serilog.Sinks.File.dll",
    ];

    private static readonly ImmutableArray<MetadataReference> References =
        [.. Pack("Microsoft.NETCore.App.Ref"), .. Pack("Microsoft.AspNetCore.App.Ref"), .. Libraries.Select(library => MetadataReference.CreateFromFile(BesideTests(library)))];

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers = Instances<DiagnosticAnalyzer>(typeof(ShutdownAnalyzer));

    private static readonly ImmutableArray<CodeFixProvider> Fixes = Instances<CodeFixProvider>(typeof(ShutdownCodeFix));

    public static Document Read(string program)
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "FixEffects.Tests", "Programs", program + ".cs"));
        return new AdhocWorkspace()
            .AddProject(program, LanguageNames.CSharp)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable))
            .WithParseOptions(CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest))
            .WithMetadataReferences(References)
            .AddDocument("Usings.g.cs", SourceText.From(WebUsings), filePath: "Usings.g.cs").Project
            .AddDocument("Program.cs", SourceText.From(source), filePath: "Program.cs");
    }

    /// <summary>Applies the fix of one rule, as often as it is offered.</summary>
    public static async Task<Document> FixAsync(Document program, string ruleId)
    {
        var wanted = Analyzers.RemoveAll(analyzer => analyzer.SupportedDiagnostics.All(rule => rule.Id != ruleId));
        var fix = Fixes.Single(fix => fix.FixableDiagnosticIds.Contains(ruleId));
        for (var round = 0; round < 10; round++)
        {
            var compilation = (await program.Project.GetCompilationAsync())!;
            var diagnostics = await compilation.WithAnalyzers(wanted, program.Project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
            var reported = diagnostics.Where(diagnostic => diagnostic.Id == ruleId).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).FirstOrDefault();
            if (reported is null)
            {
                Assert.True(round > 0, $"{ruleId} reports nothing in {program.Project.Name}.");
                return program;
            }

            CodeAction? offered = null;
            await fix.RegisterCodeFixesAsync(new CodeFixContext(program, reported, (action, _) => offered ??= action, CancellationToken.None));
            Assert.True(offered is not null, $"{ruleId} offers no fix in {program.Project.Name}: {reported}");
            var operations = await offered.GetOperationsAsync(CancellationToken.None);
            program = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(program.Id)!;
        }

        throw new InvalidOperationException($"{ruleId} is still reported after ten fixes.");
    }

    /// <summary>Compiles into a folder and returns the program's file.</summary>
    public static async Task<string> BuildAsync(Document program, string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "Service.dll");
        var compilation = (await program.Project.GetCompilationAsync())!.WithAssemblyName("Service");
        var result = compilation.Emit(file);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) + Environment.NewLine + await program.GetTextAsync());

        await File.WriteAllTextAsync(Path.Combine(folder, "Service.runtimeconfig.json"), RuntimeConfiguration);
        foreach (var library in Libraries)
            File.Copy(BesideTests(library), Path.Combine(folder, library));

        // Kafka's client takes the one that this machine has the libraries for.
        foreach (var native in Directory.GetFiles(BesideTests(Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native")), "*librdkafka*"))
            File.Copy(native, Path.Combine(folder, Path.GetFileName(native)));
        return file;
    }

    private static string BesideTests(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private static IEnumerable<MetadataReference> Pack(string name)
    {
        var packs = typeof(ServicePrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "ReferencePacks").Value!;
        var folder = Directory.GetDirectories(Path.Combine(packs, name), "10.*").Order(StringComparer.Ordinal).Last();
        return Directory.GetFiles(Path.Combine(folder, "ref", "net10.0"), "*.dll").Select(file => MetadataReference.CreateFromFile(file));
    }

    private static ImmutableArray<T> Instances<T>(Type anchor) =>
        [.. anchor.Assembly.GetTypes().Where(type => !type.IsAbstract && typeof(T).IsAssignableFrom(type)).Select(type => (T)Activator.CreateInstance(type)!)];
}
