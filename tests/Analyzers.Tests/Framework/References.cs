using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ShutdownAnalyzers.Tests.Framework;

/// <summary>What the code under test is compiled against; loaded once and shared by all tests.</summary>
internal static class References
{
    public static readonly string RepositoryRoot = Metadata("RepositoryRoot");

    /// <summary>.NET alone: a console program without a host.</summary>
    public static readonly ImmutableArray<MetadataReference> Net = Pack("Microsoft.NETCore.App.Ref");

    /// <summary>.NET with ASP.NET Core's shared framework, which holds the generic host too.</summary>
    public static readonly ImmutableArray<MetadataReference> Web = [.. Net, .. Pack("Microsoft.AspNetCore.App.Ref")];

    /// <summary>Both assemblies of the runtime library.</summary>
    public static readonly ImmutableArray<MetadataReference> Runtime =
        [BesideTests("ShutdownAnalyzers.Runtime.dll"), BesideTests("ShutdownAnalyzers.Runtime.AspNetCore.dll")];

    /// <summary>The real packages of pools.</summary>
    public static readonly MetadataReference[] Pools = [BesideTests("Npgsql.dll"), BesideTests("StackExchange.Redis.dll")];

    /// <summary>The real packages of brokers, loggers, telemetry and schedulers.</summary>
    public static readonly MetadataReference[] Brokers =
    [
        BesideTests("Confluent.Kafka.dll"), BesideTests("RabbitMQ.Client.dll"), BesideTests("MQTTnet.dll"), BesideTests("MQTTnet.Server.dll"),
        BesideTests("MongoDB.Driver.dll"), BesideTests("MySqlConnector.dll"), BesideTests("Grpc.Net.Client.dll"), BesideTests("Grpc.Core.Api.dll"), BesideTests("Grpc.Net.Common.dll"),
        BesideTests("OpenTelemetry.dll"), BesideTests("OpenTelemetry.Api.dll"), BesideTests("OpenTelemetry.Api.ProviderBuilderExtensions.dll"),
        BesideTests("Quartz.dll"), BesideTests("Hangfire.Core.dll"), BesideTests("MassTransit.dll"), BesideTests("MassTransit.Abstractions.dll"),
        BesideTests("Serilog.dll"), BesideTests("Serilog.AspNetCore.dll"), BesideTests("Serilog.Extensions.Hosting.dll"), BesideTests("Serilog.Extensions.Logging.dll"),
        BesideTests("Serilog.Sinks.Console.dll"), BesideTests("NLog.dll"),
    ];

    /// <summary>The packages that register a pool, a scheduler or telemetry for the user.</summary>
    public static readonly MetadataReference[] Registrations =
    [
        BesideTests("Hangfire.AspNetCore.dll"), BesideTests("Hangfire.NetCore.dll"), BesideTests("Npgsql.DependencyInjection.dll"),
        BesideTests("Microsoft.Extensions.Caching.StackExchangeRedis.dll"), BesideTests("OpenTelemetry.Extensions.Hosting.dll"),
    ];

    /// <summary>The real packages of the remaining clients.</summary>
    public static readonly MetadataReference[] Clients =
    [
        BesideTests("Microsoft.Azure.Cosmos.Client.dll"), BesideTests("Azure.Core.dll"), BesideTests("Azure.Core.Amqp.dll"), BesideTests("System.Memory.Data.dll"),
        BesideTests("Azure.Messaging.ServiceBus.dll"), BesideTests("Azure.Messaging.EventHubs.dll"),
        BesideTests("NATS.Client.Abstractions.dll"), BesideTests("NATS.Client.Core.dll"), BesideTests("NATS.Client.Simplified.dll"),
        BesideTests("Elastic.Clients.Elasticsearch.dll"), BesideTests("Elastic.Transport.dll"), BesideTests("Elasticsearch.Net.dll"), BesideTests("Nest.dll"),
    ];

    /// <summary>Libraries whose packages the tests don't have.</summary>
    public static readonly MetadataReference StandIns = StandIn("Packages.cs", [.. Net, .. Brokers]);

    /// <summary>Older versions of libraries that <see cref="Brokers"/> has in a newer one: not to be referenced together with it.</summary>
    public static readonly MetadataReference OlderVersions = StandIn("OlderVersions.cs", Net);

    /// <summary>An assembly from a package that the test project references.</summary>
    public static MetadataReference BesideTests(string file) =>
        MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, file));

    /// <summary>A referenced project, compiled against the web framework and the runtime library.</summary>
    public static MetadataReference Library(string source, string name = "Library") => LibraryWith(source, [], name);

    /// <summary>The same, compiled against packages too.</summary>
    public static MetadataReference LibraryWith(string source, IEnumerable<MetadataReference> packages, string name = "Library") =>
        Image(Compilation(source, packages, name));

    /// <summary>The same as an editor gives it: a reference to the other project's compilation, with its sources.</summary>
    public static MetadataReference ProjectWith(string source, IEnumerable<MetadataReference> packages, string name = "Library") =>
        Compilation(source, packages, name).ToMetadataReference();

    private static CSharpCompilation Compilation(string source, IEnumerable<MetadataReference> packages, string name) => CSharpCompilation.Create(
        name,
        [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(Code.WebUsings.Text)],
        [.. Web, .. Runtime, .. packages],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static MetadataReference StandIn(string file, IEnumerable<MetadataReference> references) => Image(CSharpCompilation.Create(
        "StandIns." + Path.GetFileNameWithoutExtension(file),
        [CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(RepositoryRoot, "tests", "Analyzers.Tests", "StandIns", file)))],
        references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)));

    private static MetadataReference Image(CSharpCompilation compilation)
    {
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static ImmutableArray<MetadataReference> Pack(string name)
    {
        var pack = Path.Combine(Metadata("ReferencePacks"), name);
        var folder = Directory.GetDirectories(pack, "10.*").Order(StringComparer.Ordinal).LastOrDefault()
            ?? throw new InvalidOperationException($"No .NET 10 reference pack in '{pack}': install the .NET SDK 10.");
        return [.. Directory.GetFiles(Path.Combine(folder, "ref", "net10.0"), "*.dll").Select(file => MetadataReference.CreateFromFile(file))];
    }

    private static string Metadata(string key) =>
        typeof(References).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
