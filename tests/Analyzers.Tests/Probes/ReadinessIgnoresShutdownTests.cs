using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Probes;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Probes;

public sealed class ReadinessIgnoresShutdownTests : RuleTest<ReadinessIgnoresShutdown, ReadinessIgnoresShutdownFix>
{
    /// <summary>A program that drains, with its services and its endpoints.</summary>
    private static string App(string services, string endpoints, string types = "") =>
        $$"""
        using Microsoft.AspNetCore.Diagnostics.HealthChecks;
        using Microsoft.Extensions.Diagnostics.HealthChecks;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        {{services}}
        var app = builder.Build();
        {{endpoints}}
        app.Run();
        {{types}}
        """;

    [Theory]
    [InlineData("app.MapGet([|\"/ready\"|], () => Results.Ok());", "app.MapReadiness(\"/ready\");")]
    [InlineData("app.MapGet([|\"/readyz\"|], () => \"ok\");", "app.MapReadiness(\"/readyz\");")]
    [InlineData("app.MapGet([|\"health/readiness\"|], async context => await context.Response.WriteAsync(\"ready\"));", "app.MapReadiness(\"health/readiness\");")]
    [InlineData("app.Map([|\"/health/ready\"|], () => TypedResults.Ok(new { status = \"ready\" }));", "app.MapReadiness(\"/health/ready\");")]
    [InlineData("app.MapMethods([|\"/ready\"|], [\"GET\", \"HEAD\"], (HttpContext context) => { context.Response.StatusCode = 200; return Task.CompletedTask; });", "app.MapReadiness(\"/ready\");")]
    [InlineData("app.MapGet([|\"/ready\"|], () => Results.Ok()).AllowAnonymous().WithName(\"ready\").ExcludeFromDescription();", "app.MapReadiness(\"/ready\").AllowAnonymous().WithName(\"ready\").ExcludeFromDescription();")]
    [InlineData("app.MapGet([|\"/ready\"|], () => Results.Ok()).Produces(200).AllowAnonymous();", "app.MapReadiness(\"/ready\").AllowAnonymous();")]
    [InlineData("app.MapGet([|\"/ready\"|], delegate () { return \"ok\"; });", "app.MapReadiness(\"/ready\");")]
    [InlineData("app.MapHealthChecks([|\"/ready\"|], new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();", "app.MapReadiness(\"/ready\").AllowAnonymous();")]
    public Task ConstantAnswer(string mapping, string fixedMapping) => FixesAsync(App("", mapping), App("", fixedMapping));

    [Fact]
    public Task ConventionsOnTheirOwnLines() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();

        // Asked by the ingress.
        app.MapGet([|"/ready"|], () => Results.Ok("ready"))
            .AllowAnonymous()
            .Produces(200)
            .WithTags("probes"); // no auth
        app.Run();
        """,
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();

        // Asked by the ingress.
        app.MapReadiness("/ready")
            .AllowAnonymous()
            .WithTags("probes"); // no auth
        app.Run();
        """);

    [Theory]
    [InlineData("app.MapGet([|Paths.Ready|], () => Results.Ok());")]
    [InlineData("app.MapGet([|Paths.Root + \"/ready\"|], () => Results.Ok());")]
    [InlineData("app.MapGet([|$\"{Paths.Root}/ready\"|], () => Results.Ok());")]
    [InlineData("app.MapGet([|Paths.Static|], () => Results.Ok());")]
    [InlineData("app.MapGet([|Paths.Property|], () => Results.Ok());")]
    [InlineData("var path = Paths.Root + \"/ready\"; app.MapGet([|path|], () => Results.Ok());")]
    [InlineData("var path = \"/ready\"; var (shown, length) = (path, path.Length); app.MapGet([|path|], () => Results.Ok());")]
    [InlineData("var group = app.MapGroup(\"/health\"); group.MapGet([|\"/ready\"|], () => Results.Ok());")]
    [InlineData("app.MapGroup(\"/health\").AllowAnonymous().MapGet([|\"ready\"|], () => Results.Ok());")]
    [InlineData("app.MapGroup(\"/ready\").MapGet([|\"\"|], () => Results.Ok());")]
    [InlineData("var api = app.MapGroup(\"/api\"); var health = api.MapGroup(\"/health\"); health.MapGet([|\"ready\"|], () => Results.Ok());")]
    [InlineData("MapProbes(app.MapGroup(\"/health\")); static void MapProbes(IEndpointRouteBuilder group) => group.MapGet([|\"/ready\"|], () => Results.Ok());")]
    [InlineData("app.MapGroup(\"/readiness\").MapGet([|\"/health\"|], () => Results.Ok());")]
    [InlineData("app.MapGet([|\"/orders-api/ready\"|], () => Results.Ok());")]
    [InlineData("app.MapGet([|\"/orders-api/readyz\"|], (Paths paths) => paths.ToString());")]
    [InlineData("app.MapGet([|\"/health-ready\"|], () => Results.Ok());")]
    [InlineData("app.MapGet([|\"/ready\"|], Probe);")]
    [InlineData("app.MapGet([|\"/ready\"|], Paths.Answer);")]
    [InlineData("Func<IResult> answer = () => Results.Ok(); app.MapGet([|\"/ready\"|], answer);")]
    [InlineData("app.MapGet([|\"/ready\"|], async (Paths paths) => { await Task.Yield(); return paths.ToString(); });")]
    public Task RoutesAndDelegates(string mapping) => ReportsAsync(App("", mapping,
        """
        static IResult Probe() => Results.Ok();

        class Paths
        {
            public const string Root = "/health";
            public const string Ready = Root + "/ready";
            public static readonly string Static = "/ready";
            public static string Property => Root + "/ready";
            public static string Answer() => "ready";
        }
        """));

    [Theory]
    [InlineData("app.Map([|\"/ready\"|], ready => ready.Run(context => context.Response.WriteAsync(\"ok\")));")]
    [InlineData("app.Map(\"/health\", health => health.Map([|\"/ready\"|], ready => ready.Run(context => Task.CompletedTask)));")]
    [InlineData("app.UseHealthChecks([|\"/ready\"|]);")]
    [InlineData("app.UseHealthChecks([|new PathString(\"/ready\")|], 8080);")]
    [InlineData("app.Map(\"/health\", health => health.UseHealthChecks([|\"/ready\"|]));")]
    public Task PipelineBranches(string mapping) => ReportsAsync(App("builder.Services.AddHealthChecks();", mapping));

    [Fact]
    public Task AttributeRoutes() => ReportsAsync(App("builder.Services.AddControllers();", "app.MapControllers();",
        """

        [Microsoft.AspNetCore.Mvc.ApiController, Microsoft.AspNetCore.Mvc.Route("api/[controller]")]
        public class HealthController(IConfiguration configuration) : Microsoft.AspNetCore.Mvc.ControllerBase
        {
            [Microsoft.AspNetCore.Mvc.HttpGet("ready")]
            public Microsoft.AspNetCore.Mvc.IActionResult [|Get|]() => Ok(configuration["version"]);

            [Microsoft.AspNetCore.Mvc.HttpGet("[action]")]
            public Microsoft.AspNetCore.Mvc.IActionResult [|Ready|]() => Ok();

            [Microsoft.AspNetCore.Mvc.HttpGet("~/readyz")]
            public Task<Microsoft.AspNetCore.Mvc.IActionResult> [|Absolute|]() => throw new NotImplementedException();

            [Microsoft.AspNetCore.Mvc.HttpPost("ready")]
            public void Set() { }

            [Microsoft.AspNetCore.Mvc.HttpGet("ready/{order}")]
            public string Order(int order) => "";
        }

        [Microsoft.AspNetCore.Mvc.Route("[controller]")]
        public class ReadinessController : Microsoft.AspNetCore.Mvc.ControllerBase
        {
            [Microsoft.AspNetCore.Mvc.HttpGet]
            public string [|Get|]() => "ready";
        }
        """));

    [Fact]
    public Task AttributeRoutesThatLookAtTheStop() => QuietAsync(App("builder.Services.AddControllers();", "app.MapControllers();",
        """

        [Microsoft.AspNetCore.Mvc.Route("[controller]")]
        public class ReadyController : Microsoft.AspNetCore.Mvc.ControllerBase
        {
            private readonly IHostApplicationLifetime _lifetime;

            public ReadyController(IHostApplicationLifetime lifetime) => _lifetime = lifetime;

            [Microsoft.AspNetCore.Mvc.HttpGet]
            public Microsoft.AspNetCore.Mvc.IActionResult Get() => IsStopping ? StatusCode(503) : Ok();

            private bool IsStopping => _lifetime.ApplicationStopping.IsCancellationRequested;
        }
        """));

    [Theory]
    [InlineData("app.MapReadiness();")]
    [InlineData("app.MapGet(\"/ready\", (IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.IsCancellationRequested ? Results.StatusCode(503) : Results.Ok());")]
    [InlineData("app.MapGet(\"/ready\", () => app.Lifetime.ApplicationStopping.IsCancellationRequested ? 503 : 200);")]
    [InlineData("app.MapGet(\"/ready\", (ShutdownAnalyzers.Runtime.IGracefulShutdown shutdown) => shutdown.IsDraining ? 503 : 200);")]
    [InlineData("var ready = true; app.Lifetime.ApplicationStopping.Register(() => ready = false); app.MapGet(\"/ready\", () => ready ? 200 : 503);")]
    [InlineData("var stopping = app.Lifetime.ApplicationStopping; app.MapGet(\"/ready\", () => stopping.IsCancellationRequested ? 503 : 200);")]
    [InlineData("var stopping = app.Lifetime.ApplicationStopping; stopping.Register(Gate.Close); app.MapGet(\"/ready\", () => Gate.Open ? 200 : 503);")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(Gate.Close); app.MapGet(\"/ready\", () => Gate.Open ? 200 : 503);")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => Gate.Close(); app.MapGet(\"/ready\", Gate.Answer);")]
    [InlineData("var linked = CancellationTokenSource.CreateLinkedTokenSource(app.Lifetime.ApplicationStopping); app.MapGet(\"/ready\", () => linked.IsCancellationRequested ? 503 : 200);")]
    [InlineData("var source = new CancellationTokenSource(); app.Lifetime.ApplicationStopping.Register(source.Cancel); app.MapGet(\"/ready\", () => source.Token.IsCancellationRequested ? 503 : 200);")]
    [InlineData("CancellationTokenSource? source = new(); app.Lifetime.ApplicationStopping.Register(source!.Cancel); app.MapGet(\"/ready\", () => source.IsCancellationRequested ? 503 : 200);")]
    [InlineData("CancellationTokenSource? source = new(); app.Lifetime.ApplicationStopping.Register(() => source?.Cancel()); app.MapGet(\"/ready\", () => source.IsCancellationRequested ? 503 : 200);")]
    [InlineData("IDisposable source = new CancellationTokenSource(); app.Lifetime.ApplicationStopping.Register(() => ((CancellationTokenSource)source).Cancel()); app.MapGet(\"/ready\", () => (source as CancellationTokenSource)!.IsCancellationRequested ? 503 : 200);")]
    [InlineData("var stops = 0; app.Lifetime.ApplicationStopping.Register(() => ++stops); app.MapGet(\"/ready\", () => stops > 0 ? 503 : 200);")]
    [InlineData("var stops = 0; app.Lifetime.ApplicationStopping.Register(() => Interlocked.Increment(ref stops)); app.MapGet(\"/ready\", () => stops > 0 ? 503 : 200);")]
    [InlineData("var stops = new bool[1]; app.Lifetime.ApplicationStopping.Register(() => stops[0] = true); app.MapGet(\"/ready\", () => stops[0] ? 503 : 200);")]
    [InlineData("var stops = new System.Runtime.CompilerServices.StrongBox<bool>(); app.Lifetime.ApplicationStopping.Register(() => stops.Value = true); app.MapGet(\"/ready\", () => stops.Value ? 503 : 200);")]
    [InlineData("var closed = 0; app.Lifetime.ApplicationStopping.Register(() => Interlocked.Exchange(ref closed, 1)); app.MapGet(\"/ready\", () => Volatile.Read(ref closed) == 1 ? 503 : 200);")]
    [InlineData("app.MapGet(\"/ready\", (IState state) => state.IsReady ? 200 : 503);")]
    [InlineData("app.MapGet(\"/ready\", (Watch watch) => watch.Ready() ? 200 : 503);")]
    [InlineData("app.Map(\"/ready\", ready => ready.UseMiddleware<ReadyMiddleware>());")]
    // Not probes, or not known to be.
    [InlineData("app.MapGet(\"/orders/ready\", (Watch watch) => watch.ToString());")]
    [InlineData("app.MapGet(\"/orders/{id}/ready/{x}\", () => 200);")]
    [InlineData("app.MapGet(app.Configuration[\"probe\"]!, () => 200);")]
    [InlineData("var path = \"/ready\"; path += args[0]; app.MapGet(path, () => 200);")]
    [InlineData("var path = \"/ready\"; (path, _) = (args[0], 1); app.MapGet(path, () => 200);")]
    [InlineData("var path = \"/ready\"; ref var other = ref path; other = args[0]; app.MapGet(path, () => 200);")]
    [InlineData("var path = \"/ready\"; Interlocked.Exchange(ref path, args[0]); app.MapGet(path, () => 200);")]
    [InlineData("app.MapPost(\"/ready\", () => 200);")]
    [InlineData("app.MapGet(\"/already\", () => 200); app.MapGet(\"/ready-orders\", () => 200); app.MapGet(\"/live\", () => 200);")]
    [InlineData("app.MapGet(\"/ready\", Handlers.Made());")]
    public Task QuietWhereItLooksAtTheStop(string mapping) => QuietAsync(App("builder.Services.AddHostedService<Worker>();", mapping,
        """

        static class Handlers
        {
            public static Delegate Made() => throw new NotImplementedException();
        }

        static class Gate
        {
            private static volatile bool s_open = true;
            public static bool Open => s_open;
            public static void Close() => s_open = false;
            public static IResult Answer() => Open ? Results.Ok() : Results.StatusCode(503);
        }

        interface IState { bool IsReady { get; set; } }

        class State : IState { public bool IsReady { get; set; } = true; }

        class Worker(IState state) : IHostedService
        {
            public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StopAsync(CancellationToken cancellationToken)
            {
                state.IsReady = false;
                return Task.CompletedTask;
            }
        }

        class Watch
        {
            private readonly CancellationToken _stopping;
            public Watch(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping;
            public bool Ready() => !_stopping.IsCancellationRequested;
        }

        class ReadyMiddleware(RequestDelegate next, IHostApplicationLifetime lifetime)
        {
            public Task InvokeAsync(HttpContext context)
            {
                context.Response.StatusCode = lifetime.ApplicationStopping.IsCancellationRequested ? 503 : 200;
                return Task.CompletedTask;
            }
        }
        """));

    [Theory]
    [InlineData("app.Lifetime.ApplicationStarted.Register(() => State.Started = true); app.MapGet([|\"/ready\"|], () => State.Started ? 200 : 503);")]
    [InlineData("app.MapGet([|\"/ready\"|], (IHostApplicationLifetime lifetime) => lifetime.ApplicationStarted.IsCancellationRequested ? 200 : 503);")]
    [InlineData("app.MapGet([|\"/ready\"|], (ILogger<State> logger, State state) => state.Check(logger) ? 200 : 503); app.Lifetime.ApplicationStopping.Register(() => State.Log());")]
    public Task TheStartIsNoAnswerToTheStop(string mapping) => OffersNoFixAsync(App("", mapping,
        """

        class State
        {
            private static readonly object s_gate = new();
            public static bool Started;
            public bool Check(ILogger logger) { lock (s_gate) return Started; }
            public static void Log() { lock (s_gate) Console.WriteLine("stopping"); }
        }
        """));

    [Theory]
    [InlineData("\"/ready\"", "")]
    [InlineData("\"/ready\", new HealthCheckOptions()", "")]
    [InlineData("\"/ready\", new HealthCheckOptions { Predicate = check => check.Tags.Contains(\"ready\") }", "")]
    [InlineData("\"/ready\", new() { Predicate = check => check.Tags.Contains(\"ready\"), AllowCachingResponses = false }", "")]
    [InlineData("\"/ready\", new HealthCheckOptions { Predicate = check => !check.Tags.Contains(\"live\") }", "")]
    [InlineData("\"/ready\", new HealthCheckOptions { Predicate = check => check.Tags.Contains(\"readiness\") }", "\"shutdown-readiness\", \"readiness\"")]
    [InlineData("\"/ready\", new HealthCheckOptions { Predicate = check => check.Tags.Any(tag => tag == Tags.Traffic) }", "\"shutdown-traffic\", \"traffic\"")]
    [InlineData("\"/ready\", new HealthCheckOptions { Predicate = Selects }", "")]
    [InlineData("\"/ready\", options", "")]
    [InlineData("\"/ready\", Tags.Options", "\"shutdown-traffic\", \"traffic\"")]
    public Task HealthChecksGetTheShutdownCheck(string mapping, string check)
    {
        var pattern = mapping.Split(',')[0];
        const string types =
            """

            static bool Selects(HealthCheckRegistration check) => check.Tags.Contains("ready") || check.Name == "all";

            static class Tags
            {
                public const string Traffic = "traffic";
                public static readonly HealthCheckOptions Options = new() { Predicate = check => check.Tags.Contains(Traffic) };
            }
            """;
        string Program(string services, string pattern) => App(
            services,
            $$"""
            var options = new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") };
            app.MapHealthChecks({{pattern}}{{mapping[mapping.Split(',')[0].Length..]}});
            app.MapHealthChecks("/live", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") });
            """,
            types);
        return FixesAsync(
            Program("builder.Services.AddHealthChecks().AddCheck(\"self\", () => HealthCheckResult.Healthy());", $"[|{pattern}|]"),
            Program($"builder.Services.AddHealthChecks().AddCheck(\"self\", () => HealthCheckResult.Healthy()).AddShutdownCheck({check});", pattern));
    }

    [Fact]
    public Task NotWhereLivenessWouldRunTheCheck() => OffersNoFixAsync(App(
        "builder.Services.AddHealthChecks();",
        """
        app.MapHealthChecks([|"/ready"|]);
        app.MapHealthChecks("/live");
        """));

    [Fact]
    public Task ADelegateThatAsksSomethingElseIsLeftAlone() => OffersNoFixAsync(App(
        "",
        """
        app.MapGet([|"/ready"|], async (HttpClient client) => await client.GetStringAsync("http://db/"));
        """));

    [Fact]
    public Task StartupClassAndTheMissingDrain() => FixesAsync(
        """
        Host.CreateDefaultBuilder(args)
            .ConfigureWebHostDefaults(web =>
            {
                web.UseStartup<Startup>();
            })
            .Build()
            .Run();
        """,
        """
        Host.CreateDefaultBuilder(args)
            .ConfigureWebHostDefaults(web =>
            {
                web.UseStartup<Startup>();
                web.UseGracefulShutdown();
            })
            .Build()
            .Run();
        """,
        code =>
        {
            code.OtherFiles.Add(("Startup.cs", Startup("[|\"/ready\"|]", "")));
            code.FixedOtherFiles = [("Startup.cs", Startup("\"/ready\"", "\n            .AddShutdownCheck()"))];
        });

    private static string Startup(string pattern, string check) =>
        $$"""
        using Microsoft.Extensions.Diagnostics.HealthChecks;

        public class Startup
        {
            public void ConfigureServices(IServiceCollection services)
            {
                // What the pod needs.
                services.AddHealthChecks()
                    .AddCheck<Database>("database"){{check}};
            }

            public void Configure(IApplicationBuilder app)
            {
                app.UseRouting();
                app.UseEndpoints(endpoints => endpoints.MapHealthChecks({{pattern}}));
            }
        }

        public class Database : IHealthCheck
        {
            public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
                Task.FromResult(HealthCheckResult.Healthy());
        }
        """;

    [Fact]
    public Task ChecksInAnotherFile() => FixesAsync(
        App("Services.Add(builder.Services);", "app.MapHealthChecks([|\"/ready\"|]);\napp.MapHealthChecks([|\"/readyz\"|]);"),
        App("Services.Add(builder.Services);", "app.MapHealthChecks(\"/ready\");\napp.MapHealthChecks(\"/readyz\");"),
        code =>
        {
            code.OtherFiles.Add(("Services.cs", "static class Services\n{\n    public static void Add(IServiceCollection services) => services.AddHealthChecks(); // all\n}\n"));
            code.FixedOtherFiles = [("Services.cs", "static class Services\n{\n    public static void Add(IServiceCollection services) => services.AddHealthChecks().AddShutdownCheck(); // all\n}\n")];
        });

    [Fact]
    public Task WithoutTheDrainTheFixRegistersIt() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();
        app.MapGet([|"/ready"|], () => Results.Ok());
        app.MapGet([|"/health/ready"|], () => Results.Ok());
        app.Run();
        """,
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        app.MapReadiness("/ready");
        app.MapReadiness("/health/ready");
        app.Run();
        """);

    [Fact]
    public Task WithoutTheRuntimeNoFix() => OffersNoFixAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapGet([|"/ready"|], () => Results.Ok());
        app.Run();
        """,
        code => code.Runtime = false);

    [Theory]
    [InlineData("AddShutdownCheck()", "")]
    [InlineData("AddShutdownCheck()", "ready")]
    [InlineData("AddShutdownCheck(\"stop\", \"live\", \"traffic\")", "traffic")]
    [InlineData("AddCheck<StoppingCheck>(\"stopping\", tags: new[] { \"ready\" })", "ready")]
    [InlineData("AddCheck<StoppingCheck>(\"stopping\", null, TagList.Ready)", "ready")]
    [InlineData("AddCheck<DerivedCheck>(\"stopping\")", "")]
    [InlineData("AddCheck(\"stopping\", new FlagCheck())", "")]
    [InlineData("AddCheck(\"stopping\", TagList.Flag)", "")]
    [InlineData("AddTypeActivatedCheck<StoppingCheck>(\"stopping\", null, new List<string> { \"ready\" })", "ready")]
    [InlineData("AddCheck(\"stopping\", () => FlagCheck.Stopping ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy())", "")]
    [InlineData("AddAsyncCheck(\"stopping\", async () => { await Task.Yield(); return FlagCheck.Result(); }, tags: [\"ready\"])", "ready")]
    [InlineData("Add(new HealthCheckRegistration(\"stopping\", sp => new StoppingCheck(sp.GetRequiredService<IHostApplicationLifetime>()), null, [\"ready\"]))", "ready")]
    [InlineData("Add(new HealthCheckRegistration(\"stopping\", sp => ActivatorUtilities.CreateInstance<StoppingCheck>(sp), null, null))", "")]
    [InlineData("AddApplicationLifecycleHealthCheck(\"ready\")", "ready")]
    [InlineData("AddMine()", "mine")]
    [InlineData("AddCheck<StoppingCheck>(\"stopping\", null, tags)", "ready")]
    [InlineData("AddCheck<CompanyCheck>(\"company\")", "")]
    [InlineData("AddCompanyCheck()", "")]
    public Task QuietWhereACheckLooksAtTheStop(string check, string tag) => QuietAsync(
        App(
            $"""
            string[] tags = args;
            builder.Services.AddHealthChecks().{check};
            """,
            $"""
            app.Lifetime.ApplicationStopping.Register(() => FlagCheck.Stopping = true);
            app.MapHealthChecks("/ready"{(tag.Length == 0 ? "" : $", new HealthCheckOptions {{ Predicate = check => check.Tags.Contains(\"{tag}\") }}")});
            """,
            !check.StartsWith("AddMine", StringComparison.Ordinal) ? Checks : Checks + """

            static class Mine
            {
                public static IHealthChecksBuilder AddMine(this IHealthChecksBuilder builder) => builder.AddCheck<StoppingCheck>("mine", tags: ["mine"]);
            }
            """),
        code => code.GlobalConfig.Add("shutdown_analyzers.lifecycle_checks = CompanyCheck, AddCompanyCheck"));

    [Theory]
    [InlineData("AddShutdownCheck(\"stop\", \"live\")", "ready")]
    [InlineData("AddCheck<StoppingCheck>(\"stopping\", tags: [\"live\"])", "ready")]
    [InlineData("AddCheck<CompanyCheck>(\"company\")", "")]
    [InlineData("AddCheck(\"constant\", () => HealthCheckResult.Healthy())", "")]
    public Task ACheckThatIsNotRunChangesNothing(string check, string tag) => ReportsAsync(App(
        $"builder.Services.AddHealthChecks().{check};",
        $"""app.MapHealthChecks([|"/ready"|]{(tag.Length == 0 ? "" : $", new HealthCheckOptions {{ Predicate = check => check.Tags.Contains(\"{tag}\") }}")});""",
        Checks));

    [Theory]
    [InlineData("AddShutdownCheck()", "\"/ready\"")]
    [InlineData("AddShutdownCheck(\"stop\", \"live\")", "[|\"/ready\"|]")]
    public Task ThePredicateOfAVariableIsSetLater(string check, string pattern) => ReportsAsync(App(
        $"builder.Services.AddHealthChecks().{check};",
        $"""
        var options = new HealthCheckOptions();
        options.Predicate = check => check.Tags.Contains("ready");
        app.MapHealthChecks({pattern}, options);
        """,
        Checks));

    private const string Checks =
        """

        static class TagList { public static readonly string[] Ready = ["ready"]; public static readonly FlagCheck Flag = new(); }

        class CompanyCheck : IHealthCheck
        {
            public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(HealthCheckResult.Healthy());
        }

        class StoppingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
        {
            public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
                Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
        }

        class DerivedCheck(IHostApplicationLifetime lifetime) : StoppingCheck(lifetime);

        class FlagCheck : IHealthCheck
        {
            public static bool Stopping { get; set; }
            public static HealthCheckResult Result() => Stopping ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy();
            public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Result());
        }

        static class Extensions
        {
            public static IHealthChecksBuilder AddApplicationLifecycleHealthCheck(this IHealthChecksBuilder builder, params string[] tags) => builder;
            public static IHealthChecksBuilder AddCompanyCheck(this IHealthChecksBuilder builder) => builder;
        }
        """;

    [Theory]
    [InlineData("/internal/up")]
    [InlineData("up")]
    public Task OptionReadinessPaths(string option) => ReportsAsync(
        App("", "app.MapGet([|\"/internal/up\"|], (IConfiguration configuration) => configuration[\"x\"]);"),
        code => code.GlobalConfig.Add("shutdown_analyzers.readiness_paths = " + option));

    [Fact]
    public Task InALibraryTheChecksAreOutOfSight() => ReportsAsync(
        """
        public static class Endpoints
        {
            public static void MapProbes(this IEndpointRouteBuilder app)
            {
                app.MapHealthChecks("/ready");
                app.MapGet([|"/readyz"|], () => Results.Ok());
            }
        }
        """,
        code => code.OutputKind = OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public Task AReferencedProjectThatUsesTheRuntimeMayAddTheCheck() => QuietAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        Company.Defaults.AddDefaults(builder);
        var app = builder.Build();
        app.MapHealthChecks("/ready");
        app.Run();
        """,
        code => code.MoreReferences.Add(References.Library(
            """
            namespace Company
            {
                public static class Defaults
                {
                    public static void AddDefaults(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder) => Microsoft.AspNetCore.Builder.GracefulShutdownWebApplicationExtensions.AddGracefulShutdown(builder);
                }
            }
            """)));

    [Theory]
    [InlineData("app.MapGet(\"/ready\", ); app.MapHealthChecks(\"/ready\", new { Predicate = })")]
    [InlineData("WebApplication.Create().MapGet(\"/ready\", () => Missing.Flag);")]
    [InlineData("var app = WebApplication.Create(); app.MapHealthChecks(\"/ready\", new HealthCheckOptions { Predicate = x => x. })")]
    [InlineData("class C : ControllerBase { [HttpGet( ] [Route(\"ready\"] public void Ready( ")]
    [InlineData("var x = x; WebApplication.Create().MapGet(x, x); string y = y + y; WebApplication.Create().MapGet(y, () => y);")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
