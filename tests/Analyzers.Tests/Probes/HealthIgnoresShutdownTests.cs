using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Probes;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Probes;

public sealed class HealthIgnoresShutdownTests : RuleTest<HealthIgnoresShutdown, HealthIgnoresShutdownFix>
{
    private static string App(string services, string endpoints) =>
        $$"""
        using Microsoft.AspNetCore.Diagnostics.HealthChecks;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        {{services}}
        var app = builder.Build();
        {{endpoints}}
        app.Run();
        """;

    [Theory]
    [InlineData("app.MapHealthChecks([|\"/health\"|]);")]
    [InlineData("app.MapHealthChecks([|\"healthz\"|]).AllowAnonymous();")]
    [InlineData("app.MapHealthChecks([|\"/\"|]);")]
    [InlineData("app.UseHealthChecks([|\"/hc\"|]);")]
    [InlineData("app.MapHealthChecks([|\"/health\"|]); app.MapHealthChecks(\"/alive\", new HealthCheckOptions { Predicate = check => check.Tags.Contains(\"live\") });")]
    [InlineData("app.MapHealthChecks([|\"/health\"|]); app.MapLiveness();")]
    public Task HealthChecks(string mapping) => FixesAsync(
        App("builder.Services.AddHealthChecks();", mapping),
        App("builder.Services.AddHealthChecks().AddShutdownCheck();", mapping.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal)));

    [Theory]
    [InlineData("app.MapGet([|\"/health\"|], () => \"ok\");", "app.MapReadiness(\"/health\");")]
    [InlineData("app.MapGroup(\"/api\").MapGet([|\"healthz\"|], () => Results.Ok()).AllowAnonymous();", "app.MapGroup(\"/api\").MapReadiness(\"healthz\").AllowAnonymous();")]
    public Task ConstantAnswers(string mapping, string fixedMapping) => FixesAsync(App("", mapping), App("", fixedMapping));

    [Fact]
    public Task Controllers() => OffersNoFixAsync(App("builder.Services.AddControllers();", "app.MapControllers();") +
        """

        [Microsoft.AspNetCore.Mvc.Route("[controller]")]
        public class HealthController : Microsoft.AspNetCore.Mvc.ControllerBase
        {
            [Microsoft.AspNetCore.Mvc.HttpGet]
            public string [|Get|]() => "ok";
        }
        """);

    [Fact]
    public Task QuietForAHostThatItsOwnerStops() => QuietAsync(Owned("\"/health\"", "_app.StartAsync()"));

    [Fact]
    public Task AHostThatItsOwnerRunsIsTheProcesss() => ReportsAsync(Owned("[|\"/health\"|]", "_app.RunAsync()"));

    private static string Owned(string path, string start) => OwnedHost.Program(
        $"""
        builder.Services.AddHealthChecks();
                _app = builder.Build();
                _app.MapHealthChecks({path});
                await {start};
        """);

    [Fact]
    public Task TheSamePathInTwoBranchesIsOneEndpoint() => ReportsAsync(App(
        "builder.Services.AddHealthChecks();",
        """
        if (args.Length > 0)
            app.MapHealthChecks([|"/health"|]).RequireAuthorization();
        else
            app.MapHealthChecks([|"/health"|]);
        """));

    [Theory]
    [InlineData("app.MapHealthChecks(\"/health\"); app.MapHealthChecks(\"/ready\");")]
    [InlineData("app.MapHealthChecks(\"/health\"); app.MapReadiness();")]
    [InlineData("app.MapHealthChecks(\"/health\"); app.MapHealthChecks(\"/status\");")]
    [InlineData("app.MapHealthChecks(\"/health\"); app.MapHealthChecks(app.Configuration[\"probe\"]!);")]
    [InlineData("if (app.Environment.IsDevelopment()) app.MapHealthChecks(\"/health\");")]
    [InlineData("app.MapGet(\"/health\", () => app.Lifetime.ApplicationStopping.IsCancellationRequested ? 503 : 200);")]
    [InlineData("app.MapGet(\"/\", () => \"hello\");")]
    [InlineData("app.MapGet(\"/patients/{id}/health\", (int id) => id);")]
    [InlineData("app.MapGet(\"/animals/health\", (HttpClient client) => client.GetStringAsync(\"http://x/\"));")]
    [InlineData("app.MapHealthChecks(\"/status\");")]
    public Task Quiet(string mapping) => QuietAsync(App("builder.Services.AddHealthChecks();", mapping));

    [Fact]
    public Task QuietWithTheShutdownCheck() => QuietAsync(App("builder.Services.AddHealthChecks().AddShutdownCheck();", "app.MapHealthChecks(\"/health\");"));

    [Fact]
    public Task QuietInALibrary() => QuietAsync(
        "public static class Probes { public static void Map(WebApplication app) => app.MapGet(\"/health\", () => \"ok\"); }",
        code => code.OutputKind = OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public Task QuietWhereAReferencedProjectGetsTheApp() => QuietAsync(
        App("builder.Services.AddHealthChecks();", "app.MapHealthChecks(\"/health\"); Company.Defaults.Configure(app);"),
        code => code.MoreReferences.Add(References.Library(
            "namespace Company { public static class Defaults { public static void Configure(Microsoft.AspNetCore.Builder.WebApplication app) { } } }")));

    [Fact]
    public Task WithoutTheRuntimeNoFix() => OffersNoFixAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapGet([|"/health"|], () => Results.Ok());
        app.Run();
        """,
        code => code.Runtime = false);

    [Theory]
    [InlineData("WebApplication.Create().MapHealthChecks(\"/health\", ")]
    [InlineData("var app = WebApplication.Create(); app.MapGet(\"/health\" => )")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
