using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class HostStoppedFromInsideTests : RuleTest<HostStoppedFromInside, HostStoppedFromInsideFix>
{
    [Theory]
    [InlineData("app.MapPost(\"/stop\", async () => { await app.[|StopAsync|](); return 1; });")]
    [InlineData("app.MapPost(\"/stop\", () => app.[|StopAsync|]());")]
    [InlineData("app.MapPost(\"/stop\", async (IHost host) => { await host.[|StopAsync|](); });")]
    [InlineData("app.MapPost(\"/stop\", async (IServiceProvider services) => { var host = services.GetRequiredService<IHost>(); await host.[|StopAsync|](); });")]
    [InlineData("app.MapPost(\"/stop\", async delegate (HttpContext context) { await context.RequestServices.GetRequiredService<IHost>().[|StopAsync|](); });")]
    [InlineData("app.MapPost(\"/stop\", Stop); async Task Stop() => await app.[|StopAsync|]();")]
    [InlineData("app.Use(async (context, next) => { await app.[|StopAsync|](TimeSpan.FromSeconds(1)); await next(context); });")]
    [InlineData("Console.CancelKeyPress += (_, e) => { e.Cancel = true; app.[|StopAsync|]().Wait(); };")]
    [InlineData("Console.CancelKeyPress += OnCancel; void OnCancel(object? s, ConsoleCancelEventArgs e) => app.[|StopAsync|]();")]
    [InlineData("using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, _ => app.[|StopAsync|]().Wait());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => app.[|StopAsync|]().Wait());")]
    [InlineData("_ = Task.Run(async () => { await Task.Delay(1000); await app.[|StopAsync|](); });")]
    [InlineData("using var timer = new Timer(_ => app.[|StopAsync|]());")]
    [InlineData("new Thread(() => app.[|StopAsync|]().Wait()).Start();")]
    public Task OfARunningApplication(string code) => ReportsAsync(Run(code));

    [Theory]
    [InlineData("private readonly IHost _host; public Worker(IHost host) => _host = host; protected override async Task ExecuteAsync(CancellationToken t) { await Task.Delay(1, t); await _host.[|StopAsync|](); }")]
    [InlineData("private readonly IHost _host; public Worker(IHost host) { _host = host ?? throw new Exception(); } protected override Task ExecuteAsync(CancellationToken t) => _host.[|StopAsync|](t);")]
    [InlineData("private readonly IServiceProvider _services; public Worker(IServiceProvider services) => _services = services; protected override async Task ExecuteAsync(CancellationToken t) => await End(); private Task End() => _services.GetRequiredService<IHost>().[|StopAsync|]();")]
    public Task InAHostedService(string members) => ReportsAsync(Service(members));

    [Fact]
    public Task InAController() => ReportsAsync(
        """
        WebApplication.Create(args).Run();

        public sealed class StopController(IHost host) : Microsoft.AspNetCore.Mvc.ControllerBase
        {
            public async Task<Microsoft.AspNetCore.Mvc.IActionResult> Stop()
            {
                await host.[|StopAsync|]();
                return Ok();
            }
        }
        """);

    [Fact]
    public Task InAnotherPartOfTheClass() => ReportsAsync(
        "partial class Worker : BackgroundService { protected override async Task ExecuteAsync(CancellationToken t) => await _host.[|StopAsync|](); }",
        code => code.OtherFiles.Add(("Program.cs", """
            using Microsoft.Extensions.Hosting;
            var builder = Host.CreateApplicationBuilder();
            builder.Build().Run();
            partial class Worker { private readonly IHost _host; public Worker(IHost host) { _host = host; } }
            """)));

    [Theory]
    [InlineData("await app.StartAsync(); await Task.Delay(1); await app.StopAsync();")]
    [InlineData("await app.StartAsync(); Console.CancelKeyPress += (_, _) => app.StopAsync().Wait(); Console.ReadLine();")]
    [InlineData("app.Run(); await app.StopAsync();")]
    [InlineData("app.Run(); await End(); async Task End() => await app.StopAsync();")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => app.StopAsync().Wait(); app.Run();")]
    [InlineData("app.MapPost(\"/stop\", () => app.Lifetime.StopApplication()); app.Run();")]
    [InlineData("app.MapPost(\"/stop\", (Jobs jobs) => jobs.StopAsync()); app.Run();")]
    [InlineData("app.MapPost(\"/try\", async () => { var inner = WebApplication.Create(); await inner.StartAsync(); await inner.StopAsync(); }); app.Run();")]
    public Task RightWays(string code) => QuietAsync(
        "var app = WebApplication.Create(args);\n" + code + "\nawait Task.CompletedTask;\nsealed class Jobs { public Task StopAsync() => Task.CompletedTask; }");

    [Fact]
    public Task AServiceThatStopsAHostOfItsOwn() => QuietAsync(Service(
        """
        private IHost? _inner;
        protected override async Task ExecuteAsync(CancellationToken t) { _inner = Host.CreateApplicationBuilder().Build(); await _inner.StartAsync(t); }
        public override async Task StopAsync(CancellationToken t) { await _inner!.StopAsync(t); await base.StopAsync(t); }
        """));

    [Fact]
    public Task TestProject() => QuietAsync(
        Run("app.MapPost(\"/stop\", async () => { await app.StopAsync(); });"),
        code => code.GlobalConfig.Add("build_property.IsTestProject = true"));

    [Fact]
    public Task HelperWhoseCallerIsUnknown() => QuietAsync(
        "public static class Hosts { public static Task End(IHost host) => host.StopAsync(); }",
        code => code.OutputKind = OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public Task FixesHandlers() => FixesAsync(
        Run("""
            app.MapPost("/stop", async () =>
            {
                // Politely.
                await app.[|StopAsync|](); // now
                return Results.Ok();
            });
            app.MapPost("/now", () => app.[|StopAsync|]());
            app.MapPost("/later", async () =>
            {
                await Task.Delay(10);
                await app.[|StopAsync|]().ConfigureAwait(false);
            });
            """),
        Run("""
            app.MapPost("/stop", () =>
            {
                // Politely.
                app.Lifetime.StopApplication(); // now
                return Results.Ok();
            });
            app.MapPost("/now", () => app.Lifetime.StopApplication());
            app.MapPost("/later", async () =>
            {
                await Task.Delay(10);
                app.Lifetime.StopApplication();
            });
            """));

    [Fact]
    public Task AnActionWithAResult() => FixesAsync(
        """
        using Microsoft.AspNetCore.Mvc;

        WebApplication.Create(args).Run();

        public sealed class StopController(IHost host, IHostApplicationLifetime lifetime) : ControllerBase
        {
            [HttpPost("/stop")]
            public async Task<IActionResult> Stop(bool now)
            {
                if (!now)
                {
                    return BadRequest(host.GetType().Name); // not yet
                }

                await host.[|StopAsync|](TimeSpan.FromSeconds(5));
                return Ok();
            }
        }
        """,
        """
        using Microsoft.AspNetCore.Mvc;

        WebApplication.Create(args).Run();

        public sealed class StopController(IHost host, IHostApplicationLifetime lifetime) : ControllerBase
        {
            [HttpPost("/stop")]
            public Task<IActionResult> Stop(bool now)
            {
                if (!now)
                {
                    return Task.FromResult<IActionResult>(BadRequest(host.GetType().Name)); // not yet
                }

                lifetime.StopApplication();
                return Task.FromResult<IActionResult>(Ok());
            }
        }
        """);

    [Theory]
    [InlineData("_ = host.[|StopAsync|]();")]
    [InlineData("host.[|StopAsync|]().Wait();")]
    [InlineData("host.[|StopAsync|]().GetAwaiter().GetResult();")]
    public Task FixesCallbacks(string stop) => FixesAsync(
        $$"""
        var host = Host.CreateApplicationBuilder(args).Build();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        Console.CancelKeyPress += (_, e) => { e.Cancel = true; {{stop}} };
        host.Run();
        """,
        """
        var host = Host.CreateApplicationBuilder(args).Build();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        Console.CancelKeyPress += (_, e) => { e.Cancel = true; lifetime.StopApplication(); };
        host.Run();
        """);

    [Fact]
    public Task FixesAService() => FixesAsync(
        Service("""
            private readonly IHost _host;

                public Worker(IHost host)
                {
                    _host = host;
                }

                protected override async Task ExecuteAsync(CancellationToken stoppingToken)
                {
                    await _host.[|StopAsync|](stoppingToken);
                }
            """),
        Service("""
            private readonly IHost _host;
                private readonly IHostApplicationLifetime _lifetime;

                public Worker(IHost host, IHostApplicationLifetime lifetime)
                {
                    _host = host;
                    _lifetime = lifetime;
                }

                protected override Task ExecuteAsync(CancellationToken stoppingToken)
                {
                    _lifetime.StopApplication();
                    return Task.CompletedTask;
                }
            """));

    [Theory]
    [InlineData("public sealed class Worker(IHost host) : IHostedService { public async Task StartAsync(CancellationToken t) { await host.[|StopAsync|](t); } public Task StopAsync(CancellationToken t) => Task.CompletedTask; }")]
    [InlineData("public sealed class Worker(IHost host) : BackgroundService { protected override Task ExecuteAsync(CancellationToken t) => host.[|StopAsync|](t); }")]
    [InlineData("public sealed class StopController(IHost host) : Microsoft.AspNetCore.Mvc.ControllerBase { public async Task<int> Stop() { try { await host.[|StopAsync|](); return 1; } catch (IOException) { return 2; } } }")]
    public Task NoFix(string type) => OffersNoFixAsync("WebApplication.Create(args).Run();\n" + type);

    [Theory]
    [InlineData("var app = WebApplication.Create(); app.MapGet(\"/\", () => app.StopAsync(;")]
    [InlineData("app.MapGet(\"/\", async () => await app.StopAsync()); app.Run();")]
    [InlineData("class W : BackgroundService { IHost _host = ; protected override Task ExecuteAsync(CancellationToken t) => _host.StopAsync(t); }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Run(string code) => "var app = WebApplication.Create(args);\n" + code + "\napp.Run();\n";

    private static string Service(string members) =>
        $$"""
        Host.CreateApplicationBuilder(args).Build().Run();

        public sealed class Worker : BackgroundService
        {
            {{members}}
        }
        """;
}
