using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class ExitInHandlerTests : RuleTest<ExitInHandler, ExitInHandlerFix>
{
    private static readonly Action<Code> Library = code => code.OutputKind = Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary;

    [Fact]
    public Task EndpointWithTheAppInReach() => FixesAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();

        app.MapPost("/restart", () =>
        {
            // The supervisor starts us again.
            [|Environment.Exit(3)|]; // now
        });
        app.Run();
        """,
        """
        var app = WebApplication.CreateBuilder(args).Build();

        app.MapPost("/restart", () =>
        {
            // The supervisor starts us again.
            Environment.ExitCode = 3;
            app.Lifetime.StopApplication(); // now
        });
        app.Run();
        """);

    // However a function in another file comes to the framework's call.
    [Theory]
    [InlineData("app.MapGet(\"/\", Jobs.Stop);")]
    [InlineData("app.MapGet(\"/\" + nameof(Jobs.Stop), global::Jobs.Stop);")]
    [InlineData("app.MapGet(\"/\", Other.Stop);")]
    [InlineData("app.MapGet(\"/\", Everywhere.Stop);")]
    [InlineData("app.MapGet(\"/\", Stop);")]
    [InlineData("app.MapGet(handler: Jobs.Stop, pattern: \"/\");")]
    [InlineData("app.MapMethods(\"/\", [\"GET\"], Jobs.Stop);")]
    [InlineData("app.MapFallback(Jobs.Stop);")]
    [InlineData("app?.MapGet(\"/\", Jobs.Stop);")]
    [InlineData("app.MapGroup(\"/group\").MapGet(\"/\", Jobs.Stop);")]
    [InlineData("EndpointRouteBuilderExtensions.MapGet(app, \"/\", Jobs.Stop);")]
    [InlineData("Routes.MapGet(app, \"/\", Jobs.Stop);")]
    [InlineData("app.MapGet(\"/\", (Delegate)Jobs.Stop);")]
    [InlineData("app.MapGet(\"/\", new Action(Jobs.Stop));")]
    [InlineData("app.MapGet(\"/\", args.Length > 0 ? (Action)Jobs.Stop : Console.WriteLine);")]
    [InlineData("Action stop = new(Jobs.Stop); app.MapGet(\"/\", stop);")]
    [InlineData("Action? stop = Jobs.Stop; app.MapGet(\"/\", stop!);")]
    [InlineData("app.MapGet(\"/\", Jobs.Field);")]
    [InlineData("app.MapGet(\"/\", Jobs.Property!);")]
    [InlineData("Wrapper.Map(app, Jobs.Stop);")]
    [InlineData("app.MapStop(Jobs.Stop);")]
    public Task FunctionsOfAnotherFile(string statement) => ReportsAsync(
        $$"""
        using static Jobs;
        using Other = Jobs;
        using Routes = Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions;

        var app = WebApplication.CreateBuilder(args).Build();
        {{statement}}
        app.Run();
        """,
        code =>
        {
            code.OtherFiles.Add(("Jobs.cs", "global using Everywhere = Jobs;\npublic static partial class Jobs { public static void Stop() => [|Environment.Exit(1)|]; }"));
            code.OtherFiles.Add(("Jobs.Kept.cs", "public static partial class Jobs { public static readonly Action Field = Stop; public static Delegate? Property { get; } = Stop; }"));
            code.OtherFiles.Add(("Wrapper.cs", """
                public static class Wrapper
                {
                    public static void Map(IEndpointRouteBuilder routes, Delegate handler) => routes.MapGet("/", handler);
                    public static void MapStop(this IEndpointRouteBuilder routes, Delegate handler) => Map(routes, handler);
                }
                """));
        });

    [Theory]
    [InlineData("app.MapGet(\"/\", Stop<int>); static void Stop<T>() => [|Environment.Exit(1)|];")]
    [InlineData("var stop = () => [|Environment.Exit(1)|]; app.MapGet(\"/\", stop);")]
    [InlineData("app.MapGet(handler: () => [|Environment.Exit(1)|], pattern: \"/\");")]
    [InlineData("app.MapGet(\"/\", args.Length > 0 ? () => [|Environment.Exit(1)|] : () => Console.WriteLine());")]
    [InlineData("app.MapGet(\"/\", (Delegate)(() => [|Environment.Exit(1)|]));")]
    [InlineData("Action stop; stop = delegate { [|Environment.Exit(1)|]; }; app.MapGet(\"/\", stop);")]
    [InlineData("Map(() => [|Environment.Exit(1)|]); void Map(Delegate handler) => app.MapGet(\"/\", handler);")]
    public Task FunctionsOfTheSameMethod(string statements) => ReportsAsync(
        $"""
        var app = WebApplication.CreateBuilder(args).Build();
        {statements}
        app.Run();
        """);

    // A mapper's Map, a job's Run: what they are given is no handler, whatever its name.
    [Theory]
    [InlineData("Mapper.Map(Stop); app.MapGet(\"/\", () => 1);")]
    [InlineData("new Job().Run(args.Length); app.MapGet(\"/\", () => 1);")]
    public Task QuietForOthersOfTheSameNames(string statements) => QuietAsync(
        $$"""
        var app = WebApplication.CreateBuilder(args).Build();
        {{statements}}
        app.Run();

        static void Stop() => Environment.Exit(1);

        static class Mapper { public static void Map(Action action) => Console.WriteLine(action); }
        class Job { public void Run(int code) => Console.WriteLine(code); }
        """);

    [Fact]
    public Task EndpointsInAnotherClassGetAParameter() => FixesAsync(
        """
        using System;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Http;
        using Microsoft.AspNetCore.Routing;

        public static class Admin
        {
            public static void MapAdmin(this IEndpointRouteBuilder routes)
            {
                routes.MapPost("/exit", () => [|Environment.Exit(0)|]);
                routes.MapPost("/exit/{code}", (int code) =>
                {
                    if (code > 0)
                        [|Environment.Exit(code)|];
                    else
                        [|Environment.Exit(0)|];
                });
                routes.MapPost("/restart", Restart);
            }

            private static IResult Restart(string reason = "")
            {
                [|Environment.Exit(1)|];
                return Results.Ok();
            }
        }
        """,
        """
        using System;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Http;
        using Microsoft.AspNetCore.Routing;
        using Microsoft.Extensions.Hosting;

        public static class Admin
        {
            public static void MapAdmin(this IEndpointRouteBuilder routes)
            {
                routes.MapPost("/exit", (IHostApplicationLifetime lifetime) =>
                {
                    Environment.ExitCode = 0;
                    lifetime.StopApplication();
                });
                routes.MapPost("/exit/{code}", (int code, IHostApplicationLifetime lifetime) =>
                {
                    if (code > 0)
                    {
                        Environment.ExitCode = code;
                        lifetime.StopApplication();
                    }
                    else
                    {
                        Environment.ExitCode = 0;
                        lifetime.StopApplication();
                    }
                });
                routes.MapPost("/restart", Restart);
            }

            private static IResult Restart(IHostApplicationLifetime lifetime, string reason = "")
            {
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return Results.Ok();
            }
        }
        """,
        code =>
        {
            Library(code);
            code.ImplicitUsings = false;
        });

    [Fact]
    public Task SeveralExitsOfAControllerShareOneField() => FixesAsync(
        """
        using Microsoft.AspNetCore.Mvc;

        namespace Shop;

        public class AdminController : ControllerBase
        {
            private readonly ILogger<AdminController> _logger;

            public AdminController(ILogger<AdminController> logger)
            {
                _logger = logger;
            }

            [HttpPost]
            public IActionResult Restart()
            {
                _logger.LogInformation("restart");
                [|Environment.Exit(1)|];
                return Ok();
            }

            [HttpPost]
            public void Stop()
            {
                [|Environment.Exit(0)|];
            }
        }
        """,
        """
        using Microsoft.AspNetCore.Mvc;

        namespace Shop;

        public class AdminController : ControllerBase
        {
            private readonly ILogger<AdminController> _logger;
            private readonly IHostApplicationLifetime _lifetime;

            public AdminController(ILogger<AdminController> logger, IHostApplicationLifetime lifetime)
            {
                _logger = logger;
                _lifetime = lifetime;
            }

            [HttpPost]
            public IActionResult Restart()
            {
                _logger.LogInformation("restart");
                Environment.ExitCode = 1;
                _lifetime.StopApplication();
                return Ok();
            }

            [HttpPost]
            public void Stop()
            {
                Environment.ExitCode = 0;
                _lifetime.StopApplication();
            }
        }
        """,
        Library);

    [Fact]
    public Task PrimaryConstructorOfAWorker() => FixesAsync(
        """
        public sealed class Worker(ILogger<Worker> logger) : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                while (!stoppingToken.IsCancellationRequested)
                {
                    try
                    {
                        await Task.Delay(1000, stoppingToken);
                    }
                    catch (IOException error)
                    {
                        logger.LogCritical(error, "the disk is gone");
                        [|System.Environment.Exit(exitCode: 2)|];
                    }
                }
            }
        }
        """,
        """
        public sealed class Worker(ILogger<Worker> logger, IHostApplicationLifetime lifetime) : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                while (!stoppingToken.IsCancellationRequested)
                {
                    try
                    {
                        await Task.Delay(1000, stoppingToken);
                    }
                    catch (IOException error)
                    {
                        logger.LogCritical(error, "the disk is gone");
                        System.Environment.ExitCode = 2;
                        lifetime.StopApplication();
                        return;
                    }
                }
            }
        }
        """,
        Library);

    [Fact]
    public Task AWorkerWithoutAConstructorGetsAPrimaryOne() => FixesAsync(
        """
        public class Worker : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                if (Environment.GetEnvironmentVariable("READY") is null)
                {
                    [|Environment.Exit(1)|];
                }

                Console.WriteLine("started");
                return Task.CompletedTask;
            }
        }
        """,
        """
        public class Worker(IHostApplicationLifetime lifetime) : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                if (Environment.GetEnvironmentVariable("READY") is null)
                {
                    Environment.ExitCode = 1;
                    lifetime.StopApplication();
                    return Task.CompletedTask;
                }

                Console.WriteLine("started");
                return Task.CompletedTask;
            }
        }
        """,
        Library);

    // StopApplication there lets the start fail, and the process dies with 134.
    [Fact]
    public Task NoFixWhileTheHostStarts() => OffersNoFixAsync(
        """
        public class Worker : IHostedService
        {
            public Task StartAsync(CancellationToken cancellationToken)
            {
                [|Environment.Exit(1)|];
                return Task.CompletedTask;
            }

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """,
        Library);

    [Fact]
    public Task TheConstructorInAnotherFile() => FixesAsync(
        """
        public partial class Worker : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                [|Environment.Exit(1)|];
                return Task.CompletedTask;
            }
        }
        """,
        """
        public partial class Worker : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                Environment.ExitCode = 1;
                _lifetime.StopApplication();
                return Task.CompletedTask;
            }
        }
        """,
        code =>
        {
            Library(code);
            code.OtherFiles.Add(("Worker.Setup.cs", """
                public partial class Worker
                {
                    public Worker(
                        ILogger<Worker> logger,
                        IConfiguration configuration)
                    {
                    }
                }
                """));
            code.FixedOtherFiles =
            [
                ("Worker.Setup.cs", """
                    public partial class Worker
                    {
                        private readonly IHostApplicationLifetime _lifetime;

                        public Worker(
                            ILogger<Worker> logger,
                            IConfiguration configuration,
                            IHostApplicationLifetime lifetime)
                        {
                            _lifetime = lifetime;
                        }
                    }
                    """),
            ];
        });

    [Theory]
    [InlineData("IHostApplicationLifetime lifetime", "", "lifetime")]
    [InlineData("IHostApplicationLifetime stopper", "", "stopper")]
    [InlineData("IHostApplicationLifetime stopper", "private readonly IHostApplicationLifetime _stopper = stopper;", "_stopper")]
    public Task TheLifetimeThatIsThere(string parameter, string field, string used)
    {
        var reach = field.Length > 0 ? "_stopper" : used;
        return FixesAsync(Worker("[|Environment.Exit(1)|];"), Worker($"Environment.ExitCode = 1;\n        {(field.Length > 0 ? parameter.Split(' ')[1] : reach)}.StopApplication();"), Library);

        string Worker(string exit) =>
            $$"""
            public class Worker({{parameter}}) : BackgroundService
            {
                {{field}}
                protected override async Task ExecuteAsync(CancellationToken stoppingToken)
                {
                    await Task.Yield();
                    {{exit}}
                }
            }
            """;
    }

    [Fact]
    public Task MiddlewareAndRequestDelegatesAskTheRequest() => FixesAsync(
        """
        public static class Pipeline
        {
            public static void Configure(IApplicationBuilder app)
            {
                app.Run(async context =>
                {
                    await context.Response.WriteAsync("bye");
                    [|Environment.Exit(0)|];
                });
                app.Use(async (context, next) =>
                {
                    if (context.Request.Path == "/exit")
                    {
                        [|Environment.Exit(1)|];
                    }

                    await next();
                });
            }
        }
        """,
        """
        public static class Pipeline
        {
            public static void Configure(IApplicationBuilder app)
            {
                app.Run(async context =>
                {
                    await context.Response.WriteAsync("bye");
                    Environment.ExitCode = 0;
                    context.RequestServices.GetRequiredService<IHostApplicationLifetime>().StopApplication();
                });
                app.Use(async (context, next) =>
                {
                    if (context.Request.Path == "/exit")
                    {
                        Environment.ExitCode = 1;
                        context.RequestServices.GetRequiredService<IHostApplicationLifetime>().StopApplication();
                        return;
                    }

                    await next();
                });
            }
        }
        """,
        Library);

    [Fact]
    public Task AHandlerInALocalAsksTheServices() => FixesAsync(
        """
        public static class Pipeline
        {
            public static void Configure(WebApplication web)
            {
                RequestDelegate stop = _ =>
                {
                    [|Environment.Exit(0)|];
                    return Task.CompletedTask;
                };
                web.MapGet("/stop", stop);
            }
        }
        """,
        """
        public static class Pipeline
        {
            public static void Configure(WebApplication web)
            {
                RequestDelegate stop = _ =>
                {
                    Environment.ExitCode = 0;
                    web.Lifetime.StopApplication();
                    return Task.CompletedTask;
                };
                web.MapGet("/stop", stop);
            }
        }
        """,
        Library);

    [Theory]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() =>{0});")]
    [InlineData("app.Lifetime.ApplicationStopped.Register(() =>{0});")]
    [InlineData("var stopped = app.Lifetime.ApplicationStopped; stopped.Register(_ =>{0}, null);")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) =>{0};")]
    public Task AStoppingHostNeedsNoStop(string registration) => FixesAsync(
        Registered(registration.Replace("{0}", " [|Environment.Exit(4)|]", StringComparison.Ordinal)),
        Registered(registration.Replace("{0}", " Environment.ExitCode = 4", StringComparison.Ordinal)));

    [Theory]
    [InlineData("Console.CancelKeyPress += (_, e) =>{0};")]
    [InlineData("using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>{0});")]
    public Task SignalsStopTheHost(string registration) => FixesAsync(
        Registered(registration.Replace("{0}", " [|Environment.Exit(4)|]", StringComparison.Ordinal)),
        Registered(registration.Replace("{0}", "\n{\n    Environment.ExitCode = 4;\n    app.Lifetime.StopApplication();\n}", StringComparison.Ordinal)));

    private static string Registered(string registration) =>
        $$"""
        var app = WebApplication.CreateBuilder(args).Build();
        {{registration}}
        app.Run();
        """;

    [Theory]
    [InlineData("Process.GetCurrentProcess().Kill()")]
    [InlineData("Process.GetProcessById(Environment.ProcessId).Kill(true)")]
    public Task KillingTheOwnProcess(string kill) => FixesAsync(
        $$"""
        using System.Diagnostics;

        var app = WebApplication.CreateBuilder(args).Build();
        app.MapPost("/kill", () => [|{{kill}}|]);
        app.Run();
        """,
        """
        using System.Diagnostics;

        var app = WebApplication.CreateBuilder(args).Build();
        app.MapPost("/kill", () =>
        {
            Environment.ExitCode = 1;
            app.Lifetime.StopApplication();
        });
        app.Run();
        """);

    [Fact]
    public Task KilledThroughALocal() => ReportsAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapPost("/kill", () =>
        {
            var own = System.Diagnostics.Process.GetCurrentProcess();
            [|own.Kill()|];
        });
        app.Run();
        """);

    [Fact]
    public Task WorkStartedOnItsOwn() => FixesAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapPost("/restart", () =>
        {
            _ = Task.Run(async () =>
            {
                await Task.Delay(500);
                [|Environment.Exit(0)|];
            });
            return Results.Accepted();
        });
        app.Run();
        """,
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapPost("/restart", () =>
        {
            _ = Task.Run(async () =>
            {
                await Task.Delay(500);
                Environment.ExitCode = 0;
                app.Lifetime.StopApplication();
            });
            return Results.Accepted();
        });
        app.Run();
        """);

    [Fact]
    public Task ASwitchSectionReturnsInPlaceOfItsBreak() => FixesAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapPost("/do/{what}", (string what) =>
        {
            switch (what)
            {
                case "exit":
                    [|Environment.Exit(1)|];
                    break;
                default:
                    break;
            }

            Console.WriteLine(what);
        });
        app.Run();
        """,
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapPost("/do/{what}", (string what) =>
        {
            switch (what)
            {
                case "exit":
                    Environment.ExitCode = 1;
                    app.Lifetime.StopApplication();
                    return;
                default:
                    break;
            }

            Console.WriteLine(what);
        });
        app.Run();
        """);

    // What the exit kept from running must not run now, and what the compiler wants must be there.
    [Theory]
    [InlineData("if (failed) [|Environment.Exit(1)|]; return Results.Ok(failed);")]
    [InlineData("if (failed) { [|Environment.Exit(1)|]; throw new Exception(); } return Results.Ok();")]
    [InlineData("[|Environment.Exit(1)|]; Console.WriteLine(); return Results.Ok();")]
    [InlineData("[|Environment.Exit(1)|]; return Results.Ok(Save());")]
    [InlineData("new List<int> { 1 }.ForEach(_ => [|Environment.Exit(1)|]); return Results.Ok();")]
    [InlineData("try { Save(); } finally { [|Environment.Exit(1)|]; } return Results.Ok();")]
    [InlineData("Die(); return Results.Ok();")]
    [InlineData("Action<int> exit = [|Environment.Exit|]; exit(1); return Results.Ok();")]
    public Task NoFixWhereTheFlowWouldChange(string body)
    {
        var die = body.StartsWith("Die", StringComparison.Ordinal) ? "[|Environment.Exit(1)|]" : "Console.WriteLine()";
        return OffersNoFixAsync(
            $$"""
            var app = WebApplication.CreateBuilder(args).Build();
            app.MapPost("/", (bool failed) => { {{body}} });
            app.Run();

            static int Save() => 0;
            static void Die() => {{die}};
            """);
    }

    [Theory]
    [InlineData("new Worker()")]
    [InlineData("Create()")]
    public Task NoFixWhereTheClassIsCreatedByHand(string creation) => OffersNoFixAsync(
        $$"""
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddHostedService(_ => {{creation}});
        builder.Build().Run();

        static Worker Create() => new();

        class Worker : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                [|Environment.Exit(1)|];
                return Task.CompletedTask;
            }
        }
        """);

    [Theory]
    [InlineData("class X : Microsoft.AspNetCore.SignalR.Hub { public void Stop() => [|Environment.Exit(1)|]; }")]
    [InlineData("class X : Microsoft.AspNetCore.Mvc.RazorPages.PageModel { public void OnPost() => [|Environment.Exit(1)|]; }")]
    [InlineData("class X : IMiddleware { public Task InvokeAsync(HttpContext context, RequestDelegate next) { [|Environment.Exit(1)|]; return Task.CompletedTask; } }")]
    [InlineData("class X(RequestDelegate next) { public async Task InvokeAsync(HttpContext context) { await next(context); [|Environment.Exit(1)|]; } }")]
    [InlineData("class X : IResult { public Task ExecuteAsync(HttpContext context) { [|Environment.Exit(1)|]; return Task.CompletedTask; } }")]
    [InlineData("class X : Microsoft.AspNetCore.Mvc.IActionResult { public Task ExecuteResultAsync(Microsoft.AspNetCore.Mvc.ActionContext context) { [|Environment.Exit(1)|]; return Task.CompletedTask; } }")]
    [InlineData("class X : Microsoft.Extensions.Diagnostics.HealthChecks.IHealthCheck { public async Task<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult> CheckHealthAsync(Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckContext context, CancellationToken token) { [|Environment.Exit(1)|]; return default; } }")]
    [InlineData("class X : Grpc.Core.Service { public override Task<int> Stop(int request, Grpc.Core.ServerCallContext context) { [|Environment.Exit(1)|]; return Task.FromResult(1); } }")]
    [InlineData("class X : FastEndpoints.Endpoint<int> { public override void Configure() => Environment.Exit(2); public override Task HandleAsync(int request, CancellationToken token) { [|Environment.Exit(1)|]; return Task.CompletedTask; } }")]
    [InlineData("class X : IJob { public Task Execute(string job) { [|Environment.Exit(1)|]; return Task.CompletedTask; } }")]
    [InlineData("class X : Derived { public override Task StopAsync(CancellationToken token) { [|Environment.Exit(1)|]; return base.StopAsync(token); } }")]
    [InlineData("[Microsoft.AspNetCore.Mvc.ApiController] class X { public void Stop() => [|Environment.Exit(1)|]; }")]
    [InlineData("class X : Microsoft.AspNetCore.Mvc.Controller { public void Stop() => Fail(\"x\"); private void Fail(string why) { Console.WriteLine(why); [|Environment.Exit(1)|]; } }")]
    [InlineData("class X { void Map(IEndpointRouteBuilder routes) => routes.MapCommand(\"/x\", async (int id) => { await Task.Yield(); [|Environment.Exit(id)|]; }); }")]
    [InlineData("class X { void Map(IEndpointRouteBuilder routes) => routes.MapGet(\"/x\", Stop); void Stop() => [|Environment.Exit(1)|]; }")]
    [InlineData("class X { void Map(IApplicationBuilder app) => app.Use(next => async context => { await next(context); [|Environment.Exit(1)|]; }); }")]
    [InlineData("class X(IHostApplicationLifetime lifetime) { void M() => lifetime.ApplicationStopping.Register(Stop); void Stop() => [|Environment.Exit(1)|]; }")]
    [InlineData("class X { CancellationToken _stopping; X(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping; void M() => _stopping.Register(delegate { [|Environment.Exit(1)|]; }); }")]
    [InlineData("class X { X(IHostApplicationLifetime? lifetime) => lifetime?.ApplicationStopped.Register(() => [|Environment.Exit(1)|]); }")]
    public Task WhatIsAHandler(string handler) => ReportsAsync(
        handler + """


        interface IJob { Task Execute(string job); }

        static class Wrapper
        {
            public static void MapCommand(this IEndpointRouteBuilder routes, string path, Delegate handler) => routes.MapPost(path, handler);
        }

        class Derived : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
        }

        namespace Grpc.Core
        {
            public abstract class ServerCallContext { }
            public abstract class Service { public abstract Task<int> Stop(int request, ServerCallContext context); }
        }

        namespace FastEndpoints
        {
            public abstract class Endpoint<T> { public abstract void Configure(); public abstract Task HandleAsync(T request, CancellationToken token); }
        }
        """,
        code =>
        {
            Library(code);
            code.GlobalConfig.Add("shutdown_analyzers.handler_types = IJob");
        });

    [Theory]
    [InlineData("if (args.Length == 0) Environment.Exit(2); app.Run();")]
    [InlineData("app.Run(); Environment.Exit(2);")]
    [InlineData("app.MapGet(\"/\", () => Environment.FailFast(\"corrupt\")); app.Run();")]
    [InlineData("app.MapGet(\"/\", () => System.Diagnostics.Process.GetProcessById(7).Kill()); app.Run();")]
    [InlineData("app.MapGet(\"/\", () => new Cli().Exit(1)); app.Run();")]
    [InlineData("app.Lifetime.ApplicationStarted.Register(() => Environment.Exit(0)); app.Run();")]
    [InlineData("app.MapGet(\"/\", () => Usage()); Usage(); app.Run();")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => { _ = Task.Delay(30_000).ContinueWith(_ => Environment.Exit(1)); }); app.Run();")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => new Thread(() => { Thread.Sleep(30_000); Environment.Exit(1); }) { IsBackground = true }.Start()); app.Run();")]
    [InlineData("var n = 0; Console.CancelKeyPress += (_, e) => { if (++n > 1) Environment.Exit(1); e.Cancel = true; }; app.Run();")]
    [InlineData("var cts = new CancellationTokenSource(); Console.CancelKeyPress += (_, e) => { if (!cts.IsCancellationRequested) { e.Cancel = true; cts.Cancel(); return; } Environment.Exit(1); }; app.Run();")]
    public Task QuietInAHostApp(string code) => QuietAsync(
        $$"""
        var app = WebApplication.CreateBuilder(args).Build();
        {{code}}

        static void Usage() => Environment.Exit(1);

        class Cli
        {
            public void Exit(int code) => Environment.Exit(code);
        }
        """);

    [Theory]
    [InlineData("if (_asked) Terminate(); _asked = true;")]
    [InlineData("var again = _asked; _asked = true; if (again) Environment.Exit(0);")]
    [InlineData("var again = false; lock (_gate) { again = _asked; _asked = true; } if (again) Terminate(); else _asked = true;")]
    public Task QuietInAMethodForTheSecondSignal(string handler) => QuietAsync(Cancelling(handler, "Environment.Exit(0)"));

    [Theory]
    [InlineData("Terminate();")]
    [InlineData("var first = e.SpecialKey == ConsoleSpecialKey.ControlC; if (first) Terminate();")]
    public Task AMethodForTheFirstSignal(string handler) => ReportsAsync(Cancelling(handler, "[|Environment.Exit(0)|]"));

    private static string Cancelling(string handler, string exit) =>
        $$"""
        var app = WebApplication.CreateBuilder(args).Build();
        new Cancellation().Attach();
        app.Run();

        class Cancellation
        {
            private readonly object _gate = new();
            private bool _asked;

            public void Attach() => Console.CancelKeyPress += OnCancel;

            private void OnCancel(object? sender, ConsoleCancelEventArgs e)
            {
                e.Cancel = true;
                {{handler}}
            }

            private void Terminate()
            {
                Console.WriteLine(_gate);
                {{exit}};
            }
        }
        """;

    [Fact]
    public Task QuietWithoutAHost() => QuietAsync(
        """
        using System.Runtime.InteropServices;

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Environment.Exit(0));
        Console.CancelKeyPress += (_, e) => Environment.Exit(130);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Environment.Exit(1);
        Thread.Sleep(Timeout.Infinite);
        """);

    [Theory]
    [InlineData("var app = WebApplication.Create(); app.MapGet(\"/\", () => Environment.Exit(; app.Run();")]
    [InlineData("class W : BackgroundService { void M() => Environment.Exit(Missing); W(W w) { } }")]
    [InlineData("app.ApplicationStopping.Register(Missing); Console.CancelKeyPress += ; AppDomain.CurrentDomain.ProcessExit += Foo; PosixSignalRegistration.Create();")]
    [InlineData("app.MapGet(, Exit); void Exit() => Exit(); void Exit() => Environment.Exit(1);")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
