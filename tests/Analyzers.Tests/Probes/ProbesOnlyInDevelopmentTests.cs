using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Probes;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Probes;

public sealed class ProbesOnlyInDevelopmentTests : RuleTest<ProbesOnlyInDevelopment, ProbesOnlyInDevelopmentFix>
{
    private static string App(string endpoints) =>
        $$"""
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        {{endpoints}}
        app.Run();
        """;

    [Fact]
    public Task UnderTheCondition() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();

        // Not for the public.
        if (app.Environment.IsDevelopment())
        {
            app.MapHealthChecks([|"/health"|]);
            app.MapHealthChecks("/alive");
        } // development

        app.MapGet("/", () => "hello");
        app.Run();
        """,
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();

        // Not for the public.
        if (app.Environment.IsDevelopment())
        {
            app.MapHealthChecks("/health");
            app.MapHealthChecks("/alive");
        } // development

        app.MapReadiness();
        app.MapLiveness();

        app.MapGet("/", () => "hello");
        app.Run();
        """);

    /// <summary>The service defaults of the Aspire template, in a library as there.</summary>
    private static string ServiceDefaults(string drain, string pattern, string probes) =>
        $$"""
        using Microsoft.AspNetCore.Diagnostics.HealthChecks;
        using Microsoft.Extensions.Diagnostics.HealthChecks;

        namespace Microsoft.Extensions.Hosting;

        public static class Extensions
        {
            public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
            {
                {{drain}}builder.Services.AddHealthChecks()
                    // Add a default liveness check to ensure app is responsive
                    .AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
                return builder;
            }

            public static WebApplication MapDefaultEndpoints(this WebApplication app)
            {
                if (app.Environment.IsDevelopment())
                {
                    // All health checks must pass for app to be considered ready
                    app.MapHealthChecks({{pattern}});

                    // Only health checks tagged with the "live" tag must pass for app to be considered alive
                    app.MapHealthChecks("/alive", new HealthCheckOptions
                    {
                        Predicate = r => r.Tags.Contains("live")
                    });
                }{{probes}}

                return app;
            }
        }
        """;

    [Fact]
    public Task TheServiceDefaultsTemplate() => OffersNoFixAsync(
        ServiceDefaults("", "[|\"/health\"|]", ""),
        code => code.OutputKind = OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public Task TheServiceDefaultsTemplateWithTheDrain() => FixesAsync(
        ServiceDefaults("builder.AddGracefulShutdown();\n        ", "[|\"/health\"|]", ""),
        ServiceDefaults("builder.AddGracefulShutdown();\n        ", "\"/health\"", "\n\n        app.MapReadiness();\n        app.MapLiveness();"),
        code => code.OutputKind = OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public async Task NoOtherRuleReportsTheServiceDefaultsTemplate()
    {
        var code = new Code { OutputKind = OutputKind.DynamicallyLinkedLibrary };
        var reported = await AllRules.ReportAsync(AllRules.Project(ServiceDefaults("", "\"/health\"", ""), code).Project);
        Assert.Equal(["SHUT405"], reported.Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public async Task NoRuleReportsAProgramThatUsesServiceDefaultsWithTheDrain()
    {
        var code = new Code
        {
            MoreReferences = [References.Library(ServiceDefaults("builder.AddGracefulShutdown();\n", "\"/health\"", "app.MapReadiness();"), "ServiceDefaults")],
        };
        var reported = await AllRules.ReportAsync(AllRules.Project(
            """
            var builder = WebApplication.CreateBuilder(args);
            builder.AddServiceDefaults();
            var app = builder.Build();
            app.MapDefaultEndpoints();
            app.MapGet("/", () => "hello");
            app.Run();
            """,
            code).Project);
        Assert.Empty(reported);
    }

    [Theory]
    [InlineData("if (app.Environment.IsDevelopment()) app.MapGet([|\"/ready\"|], () => 200);")]
    [InlineData("if (!app.Environment.IsProduction()) app.MapGet([|\"/ready\"|], () => 200);")]
    [InlineData("if (app.Environment.IsProduction()) Console.WriteLine(); else app.MapGet([|\"/ready\"|], () => 200);")]
    [InlineData("if (app.Environment.IsDevelopment() && args.Length > 0) app.MapGet([|\"/ready\"|], () => 200);")]
    [InlineData("if (app.Environment.IsEnvironment(\"Development\")) app.MapGet([|\"/ready\"|], () => 200);")]
    [InlineData("if (app.Environment.EnvironmentName == Environments.Development) app.MapGet([|\"/ready\"|], () => 200);")]
    [InlineData("var isDev = app.Environment.IsDevelopment(); if (isDev) { app.MapGet([|\"/ready\"|], () => 200); }")]
    public Task Conditions(string mapping) => ReportsAsync(App(mapping));

    [Theory]
    [InlineData("Map(app); static void Map(WebApplication app) { if (!app.Environment.IsDevelopment()) return; app.MapGet([|\"/ready\"|], () => 200); }")]
    [InlineData("if (app.Environment.IsDevelopment()) Map(app); static void Map(WebApplication app) => app.MapGet([|\"/ready\"|], () => 200);")]
    [InlineData("if (app.Environment.IsDevelopment()) app.MapGet([|\"/health/ready\"|], () => 200);")]
    [InlineData("if (app.Environment.IsDevelopment()) { var group = app.MapGroup(\"/internal\"); group.MapGet([|\"/ready\"|], () => 200); }")]
    public Task WithoutAPlaceNoFix(string mapping) => OffersNoFixAsync(App(mapping));

    // However the method that maps is called.
    [Theory]
    [InlineData("Map(app, \"a\", \"b\", \"c\"); static void Map(WebApplication app, params string[] more) => app.MapGet([|\"/ready\"|], () => more);")]
    [InlineData("Map(app); static void Map(WebApplication app, int code = 200, params string[] more) => app.MapGet([|\"/ready\"|], () => code);")]
    [InlineData("Map(code: 200, app: app); static void Map(WebApplication app, int code) => app.MapGet([|\"/ready\"|], () => code);")]
    [InlineData("Map(app, 200); static void Map<T>(WebApplication app, T answer) => app.MapGet([|\"/ready\"|], () => answer);")]
    [InlineData("Map<int>(app); static void Map<T>(WebApplication app) => app.MapGet([|\"/ready\"|], () => 200);")]
    [InlineData("new List<WebApplication> { app }.ForEach(Map); static void Map(WebApplication app) => app.MapGet([|\"/ready\"|], () => 200);")]
    [InlineData("app.MapProbes();")]
    [InlineData("app.MapProbes(200);")]
    [InlineData("Probes.MapProbes(app, 200);")]
    [InlineData("global::Probes.MapProbes(app);")]
    [InlineData("P.MapProbes(app);")]
    public Task CallsUnderTheCondition(string call) => ReportsAsync(
        "using P = Probes;\n" + App("if (app.Environment.IsDevelopment()) " + call),
        code => code.OtherFiles.Add(("Probes.cs", call.Contains("Probes", StringComparison.Ordinal)
            ? "static class Probes { public static void MapProbes(this WebApplication app, int code = 200) => app.MapGet([|\"/ready\"|], () => code); }"
            : "static class Probes { }")));

    [Theory]
    [InlineData("app.MapGet(\"/ready\", () => 200);")]
    [InlineData("if (app.Environment.IsDevelopment()) app.MapHealthChecks(\"/health\"); app.MapReadiness();")]
    [InlineData("if (app.Environment.IsDevelopment()) app.MapHealthChecks(\"/health\"); else app.MapHealthChecks(\"/health\").RequireAuthorization();")]
    [InlineData("if (app.Environment.IsDevelopment() || args.Length > 0) app.MapGet(\"/ready\", () => 200);")]
    [InlineData("if (!app.Environment.IsDevelopment()) app.MapGet(\"/ready\", () => 200);")]
    [InlineData("if (app.Environment.IsStaging()) app.MapGet(\"/ready\", () => 200);")]
    [InlineData("if (app.Environment.IsEnvironment(\"Live\")) app.MapGet(\"/ready\", () => 200);")]
    [InlineData("if (app.Configuration[\"probes\"] == \"on\") app.MapGet(\"/ready\", () => 200);")]
    [InlineData("if (app.Environment.IsDevelopment()) app.MapGet(\"/debug\", () => 200);")]
    [InlineData("if (app.Environment.IsDevelopment()) Map(app); Map(app); static void Map(WebApplication app) => app.MapGet(\"/ready\", () => 200);")]
    public Task Quiet(string mapping) => QuietAsync(App(mapping));

    [Theory]
    [InlineData("var app = WebApplication.Create(); if (app.Environment.IsDevelopment() { app.MapHealthChecks(\"/health\" }")]
    [InlineData("if (x) x(); else WebApplication.Create().MapHealthChecks(\"/health\"); void x() => x();")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
