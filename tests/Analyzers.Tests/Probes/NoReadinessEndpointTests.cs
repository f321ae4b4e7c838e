using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Probes;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Probes;

public sealed class NoReadinessEndpointTests : RuleTest<NoReadinessEndpoint, NoReadinessEndpointFix>
{
    [Fact]
    public Task MinimalHosting() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.[|Build()|];

        app.MapGet("/", () => "hello");

        // Serves until the signal.
        app.Run();
        """,
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();

        app.MapGet("/", () => "hello");
        app.MapReadiness();
        app.MapLiveness();

        // Serves until the signal.
        app.Run();
        """);

    [Fact]
    public Task InMainWithTheMissingDrain() => FixesAsync(
        """
        namespace Shop
        {
            public static class Program
            {
                public static async Task Main(string[] args)
                {
                    var app = WebApplication.[|Create(args)|];
                    await app.RunAsync();
                }
            }
        }
        """,
        """
        namespace Shop
        {
            public static class Program
            {
                public static async Task Main(string[] args)
                {
                    var app = WebApplication.CreateBuilder(args).AddGracefulShutdown().Build();
                    app.MapReadiness();
                    app.MapLiveness();
                    await app.RunAsync();
                }
            }
        }
        """);

    [Theory]
    [InlineData("WebApplication.CreateBuilder(args).[|Build()|].Run();")]
    [InlineData("Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.Configure(app => app.UseRouting())).[|Build()|].Run();")]
    [InlineData("var builder = WebApplication.CreateBuilder(args); builder.Services.AddHealthChecks(); var app = Built(builder); app.Run(); static WebApplication Built(WebApplicationBuilder builder) => builder.[|Build()|];")]
    public Task WithoutALocalNoFix(string program) => OffersNoFixAsync(program);

    [Fact]
    public Task QuietForAHostThatItsOwnerStops() => QuietAsync(Owned("_app = builder.Build();", "_app.StartAsync()"));

    [Fact]
    public Task AHostThatItsOwnerRunsIsTheProcesss() => ReportsAsync(Owned("_app = builder.[|Build()|];", "_app.RunAsync()"));

    private static string Owned(string build, string start) => OwnedHost.Program(
        $"""
        {build}
                _app.MapGet("/", () => "soon");
                await {start};
        """);

    [Fact]
    public Task WithoutTheRuntimeNoFix() => OffersNoFixAsync(
        """
        var app = WebApplication.CreateBuilder(args).[|Build()|];
        app.Run();
        """,
        code => code.Runtime = false);

    [Theory]
    [InlineData("app.MapReadiness();")]
    [InlineData("app.MapLiveness();")]
    [InlineData("app.MapHealthChecks(app.Configuration[\"path\"]!);")]
    [InlineData("app.MapHealthChecks(\"/status\");")]
    [InlineData("app.UseHealthChecks(\"/hc\");")]
    [InlineData("app.MapGet(\"/healthz\", (HttpClient client) => client.GetStringAsync(\"http://x/\"));")]
    [InlineData("app.Map(\"/ready\", ready => ready.Run(_ => Task.CompletedTask));")]
    [InlineData("app.Use((context, next) => context.Request.Path == \"/health\" ? Task.CompletedTask : next(context));")]
    [InlineData("app.MapControllers();")]
    [InlineData("app.MapWeird();")]
    [InlineData("Elsewhere.Map(app);")]
    public Task QuietWithAnyHealthEndpoint(string mapping) => QuietAsync(
        $$"""
        var app = WebApplication.CreateBuilder(args).Build();
        {{mapping}}
        app.Run();
        """,
        code =>
        {
            code.OtherFiles.Add(("Elsewhere.cs", "static class Elsewhere\n{\n    public static void Map(WebApplication app) => app.MapGet(Path + \"/live\", () => 200);\n    public static void MapWeird(this WebApplication app) => Map(app);\n    private static readonly string Path = \"/\";\n}\n"));
            if (mapping.Contains("Controllers", StringComparison.Ordinal))
                code.OtherFiles.Add(("Health.cs", "[Microsoft.AspNetCore.Mvc.Route(\"api/[controller]\")] public class HealthController : Microsoft.AspNetCore.Mvc.ControllerBase { [Microsoft.AspNetCore.Mvc.HttpGet] public string Get() => \"ok\"; }"));
            if (!mapping.Contains("Elsewhere", StringComparison.Ordinal) && !mapping.Contains("Weird", StringComparison.Ordinal))
                code.OtherFiles.RemoveAt(0);
        });

    [Theory]
    [InlineData("Company.Defaults.Configure(app);")]
    [InlineData("Company.Defaults.MapDefaultEndpoints(app);")]
    public Task QuietWhereAReferencedProjectGetsTheApp(string call) => QuietAsync(
        $$"""
        var app = WebApplication.CreateBuilder(args).Build();
        {{call}}
        app.Run();
        """,
        code => code.MoreReferences.Add(References.Library(
            """
            namespace Company
            {
                public static class Defaults
                {
                    public static void Configure(Microsoft.AspNetCore.Builder.IApplicationBuilder app) { }
                    public static void MapDefaultEndpoints(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder app) { }
                }
            }
            """)));

    // However the app comes to the call.
    [Theory]
    [InlineData("IApplicationBuilder other = app; Company.Defaults.Configure(other);")]
    [InlineData("Company.Defaults.Configure((IApplicationBuilder)app);")]
    [InlineData("Company.Defaults.Configure(args.Length > 0 ? app : app!);")]
    [InlineData("var copy = args.Length > 0 ? app : null; Company.Defaults.Configure(copy ?? app);")]
    [InlineData("if (app is IApplicationBuilder other) Company.Defaults.Configure(other);")]
    [InlineData("foreach (var one in new[] { app }) Company.Defaults.Configure(one);")]
    [InlineData("foreach (var one in (List<WebApplication>)[app]) Company.Defaults.Configure(one);")]
    [InlineData("Action<WebApplication> configure = one => Company.Defaults.Configure(one); configure(app);")]
    [InlineData("Apply(app); static void Apply<T>(T one) where T : IApplicationBuilder => Company.Defaults.Configure(one);")]
    [InlineData("Apply(app); static void Apply(Other one) => D.Configure(one);")]
    [InlineData("Apply(app); static void Apply(Everywhere one) => global::Company.Defaults.Configure(one);")]
    [InlineData("Setup.Apply(app);")]
    [InlineData("app.UseRouting().Configure();")]
    public Task QuietHoweverTheAppIsHandedOver(string call) => QuietAsync(
        $$"""
        using Company;
        using D = Company.Defaults;
        using Other = Microsoft.AspNetCore.Builder.WebApplication;

        var app = WebApplication.CreateBuilder(args).Build();
        {{call}}
        app.Run();
        """,
        code =>
        {
            code.OtherFiles.Add(("Usings.cs", call.Contains("Everywhere", StringComparison.Ordinal) || call.Contains("Setup", StringComparison.Ordinal) ? "global using Everywhere = Microsoft.AspNetCore.Builder.WebApplication;" : ""));
            code.OtherFiles.Add(("Setup.cs", call.Contains("Setup", StringComparison.Ordinal) ? "static class Setup { public static void Apply(Everywhere one) => Company.Defaults.Configure(one); }" : ""));
            code.MoreReferences.Add(References.Library("namespace Company { public static class Defaults { public static void Configure(this Microsoft.AspNetCore.Builder.IApplicationBuilder app) { } } }"));
        });

    [Fact]
    public Task AReferencedProjectWithoutTheAppMapsNothing() => ReportsAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        Company.Defaults.Configure(builder);
        var app = builder.[|Build()|];
        app.MapGet("/orders", () => Company.Defaults.Orders());
        app.Run();
        """,
        code => code.MoreReferences.Add(References.Library(
            """
            namespace Company
            {
                public static class Defaults
                {
                    public static void Configure(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder) { }
                    public static string[] Orders() => [];
                }
            }
            """)));

    [Theory]
    [InlineData("Host.CreateApplicationBuilder(args).Build().Run();")]
    [InlineData("var app = WebApplication.CreateBuilder(args).Build(); Console.WriteLine(app.Urls.Count);")]
    public Task QuietWithoutAWebHostThatRuns(string program) => QuietAsync(program);

    [Theory]
    [InlineData("builder.Services.AddAllActuators();", "")]
    [InlineData("", "app.MapDefaultEndpoints();")]
    public Task QuietWhereThePackageThatMapsIsMissing(string registration, string mapping) => QuietAsync(
        $"""
        var builder = WebApplication.CreateBuilder(args);
        {registration}
        var app = builder.Build();
        {mapping}
        app.Run();
        """,
        code => code.MayNotCompile = true);

    [Fact]
    public Task OtherMissingPackagesMapNothing() => ReportsAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddServiceDiscovery();
        var app = builder.[|Build()|];
        app.Run();
        """,
        code => code.MayNotCompile = true);

    [Fact]
    public Task QuietInALibrary() => QuietAsync(
        "public static class Web { public static void Serve() => WebApplication.CreateBuilder().Build().Run(); }",
        code => code.OutputKind = OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public Task QuietWhereTheUserNamesThePath() => QuietAsync(
        "WebApplication.CreateBuilder(args).Build().Run();",
        code => code.GlobalConfig.Add("shutdown_analyzers.readiness_paths = /gateway/up"));

    [Theory]
    [InlineData("var app = WebApplication.Create(args; app.Run(")]
    [InlineData("WebApplication.CreateBuilder().Build().Run(); Missing.MapDefaultEndpoints(")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
