using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests;

/// <summary>In an IDE a referenced project is a compilation, whose symbols have syntax that isn't this compilation's. No rule may ask for its meaning.</summary>
public sealed class OtherProjectsTests
{
    private const string Library = """
        using System.Threading.Channels;
        using StackExchange.Redis;

        namespace Library;

        public abstract class Looping : BackgroundService
        {
            protected readonly Channel<string> Queue = Channel.CreateUnbounded<string>();

            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                while (true)
                {
                    await Work(stoppingToken);
                    await Task.Delay(1000);
                }
            }

            protected abstract Task Work(CancellationToken token);

            public override async Task StopAsync(CancellationToken cancellationToken)
            {
                Queue.Writer.Complete();
                await base.StopAsync(cancellationToken);
            }
        }

        public static class Pools
        {
            public static ConnectionMultiplexer Open() => ConnectionMultiplexer.Connect("localhost");

            public static void Keep(ConnectionMultiplexer pool) => Kept = pool;

            public static ConnectionMultiplexer? Kept { get; private set; }

            public static void Warm(this WebApplication app, Func<Task> work) => app.Lifetime.ApplicationStarted.Register(() => work());
        }

        public sealed class Endless : IAsyncEnumerable<int>
        {
            public async IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken token = default)
            {
                while (true)
                {
                    yield return 1;
                    await Task.Delay(10, token);
                }
            }
        }
        """;

    private const string Program = """
        using Library;
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        var early = Pools.Open();
        Pools.Keep(early);
        builder.Services.AddSingleton(Pools.Open());
        builder.Services.AddHostedService<Service>();
        var app = builder.Build();
        app.Warm(async () => await Task.Delay(1));
        app.MapGet("/numbers", () => new Endless());
        app.MapGet("/work", () => { _ = Service.Later(); return 1; });
        app.Lifetime.ApplicationStopping.Register(Pools.Kept!.Dispose);
        app.Run();

        public sealed class Service : Looping
        {
            private readonly ConnectionMultiplexer _pool = Pools.Open();

            public static Task Later() => Task.CompletedTask;

            protected override async Task Work(CancellationToken token)
            {
                Pools.Keep(_pool);
                await foreach (var item in Queue.Reader.ReadAllAsync(token))
                    Console.WriteLine(item);
            }
        }
        """;

    [Fact]
    public async Task NoRuleAsksWhatTheirSyntaxMeans()
    {
        var document = AllRules.Project(Program, new Code { MoreReferences = [.. References.Pools] });
        var library = AllRules.Project(Library, new Code { OutputKind = OutputKind.DynamicallyLinkedLibrary, MoreReferences = [.. References.Pools] }).Project;
        var compilation = (await library.GetCompilationAsync())!.WithAssemblyName("Library");
        var project = document.Project.AddMetadataReference(compilation.ToMetadataReference());

        var diagnostics = await AllRules.ReportAsync(project);
        Assert.All(diagnostics, diagnostic => Assert.True(diagnostic.Id != "AD0001", diagnostic.GetMessage() + diagnostic.Descriptor.Description));
        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == "SHUT502");
    }
}
