using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class MissingDrainSequenceTests : RuleTest<MissingDrainSequence, MissingDrainSequenceFix>
{
    private static readonly Action<Code> BeforeImplicitUsings = code => code.ImplicitUsings = false;

    [Fact]
    public Task MinimalHosting() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddHealthChecks();

        // The pipeline.
        var app = builder.[|Build()|];
        app.MapGet("/", () => "hello");
        app.Run();
        """,
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddHealthChecks();
        builder.AddGracefulShutdown();

        // The pipeline.
        var app = builder.Build();
        app.MapGet("/", () => "hello");
        app.Run();
        """);

    [Fact]
    public Task MinimalHostingInMain() => FixesAsync(
        """
        using Microsoft.AspNetCore.Hosting;
        using Microsoft.Extensions.Hosting;

        namespace Shop
        {
            public static class Program
            {
                public static async System.Threading.Tasks.Task Main(string[] args)
                {
                    var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder(args);
                    await using var app = builder.[|Build()|];
                    await app.RunAsync();
                }
            }
        }
        """,
        """
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Hosting;
        using Microsoft.Extensions.Hosting;

        namespace Shop
        {
            public static class Program
            {
                public static async System.Threading.Tasks.Task Main(string[] args)
                {
                    var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder(args);
                    builder.AddGracefulShutdown();
                    await using var app = builder.Build();
                    await app.RunAsync();
                }
            }
        }
        """,
        BeforeImplicitUsings);

    [Fact]
    public Task ChainedBuild() => FixesAsync(
        """
        WebApplication.CreateBuilder(args).[|Build()|].Run();
        """,
        """
        WebApplication.CreateBuilder(args).AddGracefulShutdown().Build().Run();
        """);

    [Fact]
    public Task ExpressionBody() => FixesAsync(
        """
        await Create(WebApplication.CreateBuilder(args)).RunAsync();

        static WebApplication Create(WebApplicationBuilder builder) => builder.[|Build()|];
        """,
        """
        await Create(WebApplication.CreateBuilder(args)).RunAsync();

        static WebApplication Create(WebApplicationBuilder builder) => builder.AddGracefulShutdown().Build();
        """);

    [Fact]
    public Task WebApplicationCreate() => FixesAsync(
        """
        var app = WebApplication.[|Create(args)|]; // short
        app.Run();
        """,
        """
        var app = WebApplication.CreateBuilder(args).AddGracefulShutdown().Build(); // short
        app.Run();
        """);

    [Fact]
    public Task StartupClass() => FixesAsync(
        """
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Hosting;
        using Microsoft.Extensions.Hosting;

        public class Program
        {
            public static void Main(string[] args)
            {
                CreateHostBuilder(args).[|Build()|].Run();
            }

            public static IHostBuilder CreateHostBuilder(string[] args) =>
                Host.CreateDefaultBuilder(args)
                    .ConfigureWebHostDefaults(webBuilder =>
                    {
                        webBuilder.UseStartup<Startup>();
                    });
        }

        public class Startup
        {
            public void Configure(IApplicationBuilder app)
            {
            }
        }
        """,
        """
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Hosting;
        using Microsoft.Extensions.Hosting;

        public class Program
        {
            public static void Main(string[] args)
            {
                CreateHostBuilder(args).Build().Run();
            }

            public static IHostBuilder CreateHostBuilder(string[] args) =>
                Host.CreateDefaultBuilder(args)
                    .ConfigureWebHostDefaults(webBuilder =>
                    {
                        webBuilder.UseStartup<Startup>();
                        webBuilder.UseGracefulShutdown();
                    });
        }

        public class Startup
        {
            public void Configure(IApplicationBuilder app)
            {
            }
        }
        """,
        BeforeImplicitUsings);

    [Theory]
    [InlineData("web => web.Configure(_ => { })", "web => web.Configure(_ => { }).UseGracefulShutdown()")]
    [InlineData("(context) => context.Configure(_ => { })", "(context) => context.Configure(_ => { }).UseGracefulShutdown()")]
    [InlineData("Web", "webBuilder => { Web(webBuilder); webBuilder.UseGracefulShutdown(); }")]
    public Task StartupForms(string configure, string configured) => FixesAsync(
        $$"""
        Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults({{configure}}).[|Build()|].Run();

        static void Web(IWebHostBuilder web) => web.Configure(_ => { });
        """,
        $$"""
        Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults({{configured}}).Build().Run();

        static void Web(IWebHostBuilder web) => web.Configure(_ => { });
        """);

    [Fact]
    public Task RunConsoleBuildsAndRuns() => ReportsAsync(
        """
        await Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.Configure(_ => { })).[|RunConsoleAsync()|];
        """);

    [Fact]
    public Task WebHostBuilder() => FixesAsync(
        """
        using Microsoft.AspNetCore;

        public class Program
        {
            public static void Main(string[] args) => BuildWebHost(args).Run();

            public static IWebHost BuildWebHost(string[] args) =>
                WebHost.CreateDefaultBuilder(args)
                    .Configure(app => { })
                    .[|Build()|];
        }
        """,
        """
        using Microsoft.AspNetCore;

        public class Program
        {
            public static void Main(string[] args) => BuildWebHost(args).Run();

            public static IWebHost BuildWebHost(string[] args) =>
                WebHost.CreateDefaultBuilder(args)
                    .Configure(app => { })
                    .UseGracefulShutdown()
                    .Build();
        }
        """);

    [Fact]
    public Task ConfiguredInASecondStatement() => ReportsAsync(
        """
        var builder = Host.CreateDefaultBuilder(args);
        builder.ConfigureWebHostDefaults(web => web.Configure(_ => { }));
        var host = builder.[|Build()|];
        await host.StartAsync();
        await host.WaitForShutdownAsync();
        """);

    [Fact]
    public Task WithoutTheRuntimeNoFix() => OffersNoFixAsync(
        """
        var app = WebApplication.CreateBuilder(args).[|Build()|];
        app.Run();
        """,
        code => code.Runtime = false);

    [Theory]
    [InlineData("builder.AddGracefulShutdown();")]
    [InlineData("builder.Services.AddGracefulShutdown();")]
    [InlineData("builder.Host.UseGracefulShutdown();")]
    [InlineData("builder.AddDefaults();")]
    public Task QuietWhenRegistered(string registration) => QuietAsync(
        $$"""
        using Microsoft.Extensions.Hosting;

        var builder = WebApplication.CreateBuilder(args);
        {{registration}}
        var app = builder.Build();
        app.Run();

        static class Defaults
        {
            public static void AddDefaults(this WebApplicationBuilder builder) => Elsewhere.Register(builder);
        }
        """,
        code => code.OtherFiles.Add(("Elsewhere.cs", registration != "builder.AddDefaults();" ? "static class Elsewhere { public static void Register(WebApplicationBuilder builder) { } }" : """
            static partial class Elsewhere
            {
                public static void Register(WebApplicationBuilder builder) => builder.AddGracefulShutdown(options => options.DrainDelay = TimeSpan.FromSeconds(5));
            }
            """)));

    [Fact]
    public Task QuietForAWorker() => QuietAsync(
        """
        var builder = Host.CreateApplicationBuilder(args);
        builder.Build().Run();
        Host.CreateDefaultBuilder(args).Build().Run();
        """);

    [Fact]
    public Task QuietWhereTheHostIsOnlyInspected() => QuietAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        foreach (var source in ((IEndpointRouteBuilder)app).DataSources)
            Console.WriteLine(source);
        """);

    [Fact]
    public Task QuietInALibrary() => QuietAsync(
        """
        public static class Web
        {
            public static void Serve() => WebApplication.CreateBuilder().Build().Run();
        }
        """,
        code => code.OutputKind = Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public Task QuietInATestProject() => QuietAsync(
        """
        WebApplication.CreateBuilder(args).Build().Run();
        """,
        code => code.MoreReferences.Add(References.BesideTests("xunit.core.dll")));

    [Theory]
    [InlineData("Shop.IntegrationTest.App")]
    [InlineData("Shop.E2E.Test.App")]
    [InlineData("Shop.Tests")]
    public async Task QuietInAnApplicationNamedForTests(string project)
    {
        await QuietAsync("WebApplication.CreateBuilder(args).Build().Run();", code => code.GlobalConfig.Add("build_property.MSBuildProjectName = " + project));
        await ReportsAsync(
            "WebApplication.CreateBuilder(args).[|Build()|].Run();",
            code => code.GlobalConfig.AddRange(["build_property.MSBuildProjectName = " + project, "build_property.IsTestProject = false"]));
    }

    [Theory]
    [InlineData("Tests")]
    [InlineData("LoadTest")]
    [InlineData("Shop.Latest")]
    [InlineData("Shop.Contest.App")]
    [InlineData("Shop.Testing")]
    [InlineData("Shop.TestData")]
    public Task OtherNamesChangeNothing(string project) => ReportsAsync(
        "WebApplication.CreateBuilder(args).[|Build()|].Run();",
        code => code.GlobalConfig.Add("build_property.MSBuildProjectName = " + project));

    [Theory]
    [InlineData("_app = builder.Build(); await _app.StartAsync();", "await _app!.StopAsync();")]
    [InlineData("_app = builder.Build(); await _app.StartAsync();", "if (_app is not null) await _app.DisposeAsync();")]
    [InlineData("_app?.StopAsync(); _app = builder.Build(); _app.Start();", "await (_app?.StopAsync() ?? Task.CompletedTask).ConfigureAwait(false);")]
    [InlineData("var app = builder.Build(); app.MapGet(\"/\", () => 1); _app = app; await _app.StartAsync();", "await _app!.StopAsync();")]
    public Task QuietForAHostThatItsOwnerStops(string start, string stop) => QuietAsync(OwnedHost.Program(start, stop));

    [Fact]
    public Task QuietForAClassicHostThatItsOwnerStops() => QuietAsync(
        """
        await using var setup = new SetupServer();
        await setup.StartAsync();

        public sealed class SetupServer : IAsyncDisposable
        {
            private IHost? _server;

            public async Task StartAsync()
            {
                _server?.Dispose();
                _server = Host.CreateDefaultBuilder().ConfigureWebHostDefaults(web => web.Configure(app => { })).Build();
                await _server.StartAsync().ConfigureAwait(false);
            }

            public async ValueTask DisposeAsync() => await _server!.StopAsync().ConfigureAwait(false);
        }
        """);

    [Theory]
    [InlineData("_app = builder.[|Build()|]; await _app.RunAsync();", "await _app!.StopAsync();")]
    [InlineData("_app = builder.[|Build()|]; await _app.StartAsync(); await _app.WaitForShutdownAsync();", "await _app!.StopAsync();")]
    [InlineData("_app = builder.[|Build()|]; await _app.StartAsync(); _app.Lifetime.ApplicationStopping.WaitHandle.WaitOne();", "await _app!.StopAsync();")]
    [InlineData("_app = builder.[|Build()|]; await _app.StartAsync(); await Wait(_app);", "await _app!.StopAsync();")]
    [InlineData("_app = builder.[|Build()|]; await _app.StartAsync(); await Task.Delay(-1); await _app.StopAsync();", "await Task.Yield();")]
    public Task AHostThatItsOwnerWaitsForIsTheProcesss(string start, string stop) => ReportsAsync(OwnedHost.Program(start, stop));

    [Fact]
    public Task AHostThatOthersCanReachIsTheProcesss() => ReportsAsync(
        OwnedHost.Program("_app = builder.[|Build()|]; await _app.StartAsync();").Replace("private WebApplication? _app", "internal WebApplication? _app", StringComparison.Ordinal));

    [Fact]
    public Task TheProgramsOwnHostIsTheProcesss() => ReportsAsync(
        """
        public static class Program
        {
            private static WebApplication? _app;

            public static async Task Main()
            {
                _app = WebApplication.CreateBuilder().[|Build()|];
                await _app.StartAsync();
                Console.ReadLine();
                await StopAsync();
            }

            private static Task StopAsync() => _app!.StopAsync();
        }
        """);

    [Theory]
    [InlineData("DelayedShutdown")]
    [InlineData("Acme.Drains.DelayedShutdown")]
    public Task QuietWithAnEquivalentOfTheUsersOwn(string option) => QuietAsync(
        """
        using Acme;

        var builder = WebApplication.CreateBuilder(args);
        builder.DelayedShutdown();
        builder.Build().Run();

        namespace Acme
        {
            static class Drains
            {
                public static void DelayedShutdown(this WebApplicationBuilder builder) { }
            }
        }
        """,
        code => code.GlobalConfig.Add("shutdown_analyzers.drain_equivalents = " + option));

    [Theory]
    [InlineData("builder.Services.AddSingleton<IHostLifetime, DelayedLifetime>();")]
    [InlineData("builder.Services.AddSingleton<IHostLifetime>(new DelayedLifetime());")]
    [InlineData("builder.Services.AddSingleton<IHostLifetime>(_ => new DelayedLifetime());")]
    [InlineData("builder.Services.AddSingleton(typeof(IHostLifetime), typeof(DelayedLifetime));")]
    [InlineData("builder.Services.Add(ServiceDescriptor.Singleton<IHostLifetime, DelayedLifetime>());")]
    public Task QuietWithADelayingLifetime(string registration) => QuietAsync(WithLifetime(registration, "Build()"));

    [Theory]
    [InlineData("builder.Services.AddSingleton<IHostLifetime, PlainLifetime>();")]
    [InlineData("if (OperatingSystem.IsWindows()) builder.Services.AddSingleton<IHostLifetime, DelayedLifetime>();")]
    public Task ALifetimeThatDoesNotDelayChangesNothing(string registration) => ReportsAsync(WithLifetime(registration, "[|Build()|]"));

    private static string WithLifetime(string registration, string build) =>
        $$"""
        var builder = WebApplication.CreateBuilder(args);
        {{registration}}
        builder.{{build}}.Run();

        sealed class DelayedLifetime : IHostLifetime
        {
            public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StopAsync(CancellationToken cancellationToken) => Task.Delay(5000, cancellationToken);
        }

        sealed class PlainLifetime : IHostLifetime
        {
            public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """;

    [Theory]
    [InlineData("var app = builder.Build(; app.Run();")]
    [InlineData("WebApplication.CreateBuilder(args).Build().Run( => ")]
    [InlineData("Host.CreateDefaultBuilder().ConfigureWebHostDefaults().Build(1, 2)?.Run()!!;")]
    [InlineData("class { Build( }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
