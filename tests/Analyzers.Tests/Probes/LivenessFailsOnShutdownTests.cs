using ShutdownAnalyzers.Probes;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Probes;

public sealed class LivenessFailsOnShutdownTests : RuleTest<LivenessFailsOnShutdown, LivenessFailsOnShutdownFix>
{
    private static string App(string services, string endpoints, string types = "") =>
        $$"""
        using Microsoft.AspNetCore.Diagnostics.HealthChecks;
        using Microsoft.Extensions.Diagnostics.HealthChecks;
        using ShutdownAnalyzers.Runtime;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        {{services}}
        var app = builder.Build();
        {{endpoints}}
        app.Run();
        {{types}}

        class StoppingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
        {
            public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
                Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
        }
        """;

    [Theory]
    [InlineData("app.MapGet([|\"/live\"|], (IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.IsCancellationRequested ? Results.StatusCode(503) : Results.Ok());", "app.MapLiveness(\"/live\");")]
    [InlineData("app.MapGet([|\"/health/alive\"|], () => app.Lifetime.ApplicationStopping.IsCancellationRequested ? Results.StatusCode(503) : Results.Ok()).AllowAnonymous();", "app.MapLiveness(\"/health/alive\").AllowAnonymous();")]
    [InlineData("app.MapGet([|\"/livez\"|], (IGracefulShutdown shutdown) => shutdown.IsDraining ? Results.StatusCode(503) : Results.Ok());", "app.MapLiveness(\"/livez\");")]
    [InlineData("app.MapGet([|\"/liveness\"|], (IGracefulShutdown shutdown) => { if (!shutdown.IsDraining) return Results.Ok(); return Results.StatusCode(503); });", "app.MapLiveness(\"/liveness\");")]
    public Task Delegates(string mapping, string fixedMapping) => FixesAsync(App("", mapping), App("", fixedMapping));

    [Theory]
    [InlineData("AddShutdownCheck()", "app.MapHealthChecks([|\"/live\"|]);", "app.MapLiveness(\"/live\");")]
    [InlineData("AddCheck<StoppingCheck>(\"stopping\", tags: [\"ready\"])", "app.MapHealthChecks([|\"/health/live\"|], new HealthCheckOptions()).AllowAnonymous();", "app.MapLiveness(\"/health/live\").AllowAnonymous();")]
    [InlineData("AddCheck<StoppingCheck>(\"stopping\")", "app.MapHealthChecks([|\"/livez\"|], new HealthCheckOptions { Predicate = check => check.Name == \"stopping\" });", "app.MapLiveness(\"/livez\");")]
    [InlineData("AddCheck<StoppingCheck>(\"stopping\")", "app.MapHealthChecks([|\"/livez\"|], new HealthCheckOptions { Predicate = check => !check.Tags.Contains(\"ready\") });", "app.MapLiveness(\"/livez\");")]
    public Task ChecksOfTheEndpoint(string check, string mapping, string fixedMapping) => FixesAsync(
        App($"builder.Services.AddHealthChecks().{check};", mapping),
        App($"builder.Services.AddHealthChecks().{check};", fixedMapping));

    [Theory]
    [InlineData("[|AddShutdownCheck|](\"shutdown\", \"live\")", "AddShutdownCheck(\"shutdown\", \"ready\")")]
    [InlineData("[|AddShutdownCheck|](\"shutdown\", \"live\", \"ready\")", "AddShutdownCheck(\"shutdown\", \"ready\")")]
    [InlineData("[|AddCheck<StoppingCheck>|](\"stopping\", tags: [\"ready\", \"live\"])", "AddCheck<StoppingCheck>(\"stopping\", tags: [\"ready\"])")]
    [InlineData("[|AddCheck<StoppingCheck>|](\"stopping\", tags: new[] { \"live\", \"ready\" })", "AddCheck<StoppingCheck>(\"stopping\", tags: new[] { \"ready\" })")]
    [InlineData("[|AddCheck<StoppingCheck>|](\"stopping\", tags: [\"up\"])", "AddCheck<StoppingCheck>(\"stopping\", tags: [\"ready\"])")]
    [InlineData("Add(new [|HealthCheckRegistration|](\"live\", sp => new StoppingCheck(sp.GetRequiredService<IHostApplicationLifetime>()), null, [\"live\"]))", "Add(new HealthCheckRegistration(\"live\", sp => new StoppingCheck(sp.GetRequiredService<IHostApplicationLifetime>()), null, [\"ready\"]))")]
    public Task TheTagIsTheFault(string check, string fixedCheck)
    {
        const string endpoints = "app.MapHealthChecks(\"/live\", new HealthCheckOptions { Predicate = check => check.Tags.Contains(\"live\") || check.Tags.Contains(\"up\") });";
        return FixesAsync(
            App($"builder.Services.AddHealthChecks().{check};", endpoints),
            App($"builder.Services.AddHealthChecks().{fixedCheck};", endpoints));
    }

    [Fact]
    public Task ATagOfLivenessWithoutItsEndpointInSight() => ReportsAsync(App("builder.Services.AddHealthChecks().[|AddShutdownCheck|](\"shutdown\", \"live\");", ""));

    [Fact]
    public Task ADelegateThatAsksSomethingElseIsLeftAlone() => OffersNoFixAsync(App(
        "",
        "app.MapGet([|\"/live\"|], async (IHostApplicationLifetime lifetime, HttpClient client) => lifetime.ApplicationStopping.IsCancellationRequested ? \"no\" : await client.GetStringAsync(\"http://x/\"));"
            .Replace("? \"no\"", "? throw new InvalidOperationException()", StringComparison.Ordinal)));

    [Fact]
    public Task Actions() => OffersNoFixAsync(App("builder.Services.AddControllers();", "app.MapControllers();",
        """

        [Microsoft.AspNetCore.Mvc.Route("health")]
        public class HealthController(IHostApplicationLifetime lifetime) : Microsoft.AspNetCore.Mvc.ControllerBase
        {
            [Microsoft.AspNetCore.Mvc.HttpGet("live")]
            public Microsoft.AspNetCore.Mvc.IActionResult [|Live|]() => lifetime.ApplicationStopping.IsCancellationRequested ? StatusCode(503) : Ok();

            [Microsoft.AspNetCore.Mvc.HttpGet("ready")]
            public Microsoft.AspNetCore.Mvc.IActionResult Ready() => lifetime.ApplicationStopping.IsCancellationRequested ? StatusCode(503) : Ok();
        }
        """));

    [Theory]
    [InlineData("", "app.MapLiveness();")]
    [InlineData("", "app.MapGet(\"/live\", () => Results.Ok());")]
    [InlineData("", "app.MapGet(\"/ready\", () => app.Lifetime.ApplicationStopping.IsCancellationRequested ? 503 : 200);")]
    [InlineData("", "app.MapGet(\"/live\", () => app.Lifetime.ApplicationStopping.IsCancellationRequested ? Results.Ok(\"draining\") : Results.Ok(\"serving\"));")]
    [InlineData("", "app.MapGet(\"/live\", (IHostApplicationLifetime lifetime) => lifetime.ApplicationStarted.IsCancellationRequested ? 200 : 503);")]
    [InlineData("", "app.MapGet(\"/matches/live\", (HttpContext context, IGracefulShutdown shutdown) => Stream(context, shutdown.Draining)); static Task Stream(HttpContext context, CancellationToken stop) => Task.Delay(-1, stop);")]
    [InlineData("builder.Services.AddHealthChecks().AddShutdownCheck();", "app.MapHealthChecks(\"/live\", new HealthCheckOptions { Predicate = check => check.Tags.Contains(\"live\") });")]
    [InlineData("builder.Services.AddHealthChecks().AddShutdownCheck();", "app.MapHealthChecks(\"/live\", new HealthCheckOptions { Predicate = _ => false });")]
    [InlineData("builder.Services.AddHealthChecks().AddCheck(\"self\", () => HealthCheckResult.Healthy(), tags: [\"live\"]);", "app.MapHealthChecks(\"/live\");")]
    [InlineData("builder.Services.AddHealthChecks().AddShutdownCheck();", "app.MapHealthChecks(\"/ready\"); app.MapHealthChecks(\"/health\");")]
    public Task Quiet(string services, string endpoints) => QuietAsync(App(services, endpoints));

    [Fact]
    public Task OptionLivenessPaths() => ReportsAsync(
        App("", "app.MapGet([|\"/internal/ping\"|], () => app.Lifetime.ApplicationStopping.IsCancellationRequested ? 503 : 200);"),
        code => code.GlobalConfig.Add("shutdown_analyzers.liveness_paths = /internal/ping"));

    [Theory]
    [InlineData("WebApplication.Create().MapGet(\"/live\", (IHostApplicationLifetime l) => l.ApplicationStopping. ")]
    [InlineData("class C { void M(IHealthChecksBuilder b) => b.AddShutdownCheck(tags: ); }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
