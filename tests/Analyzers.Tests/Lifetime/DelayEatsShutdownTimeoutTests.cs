using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class DelayEatsShutdownTimeoutTests : RuleTest<DelayEatsShutdownTimeout, DelayEatsShutdownTimeoutFix>
{
    [Theory]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => [|Thread.Sleep|](5000));")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => { Console.WriteLine(); [|Thread.Sleep|](TimeSpan.FromSeconds(5)); });")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(delegate { [|Thread.Sleep|](5000); });")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(Wait); static void Wait() => [|Thread.Sleep|](5000);")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => Wait()); static void Wait() => [|Thread.Sleep|](5000);")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => [|Task.Delay|](5000).Wait());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => [|Task.Delay|](5000).GetAwaiter().GetResult());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => [|Thread.Sleep|](args.Length * 1000));")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => { while (args.Length > 0) [|Thread.Sleep|](100); });")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => idle.[|Wait|]());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => done.[|WaitOne|](10_000));")]
    [InlineData("var stopping = app.Lifetime.ApplicationStopping; stopping.Register(_ => [|Thread.Sleep|](5000), null);")]
    public Task EveryFormOfCallback(string registration) => ReportsAsync(App(registration));

    [Theory]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => Console.WriteLine());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => Thread.Sleep(100));")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => done.WaitOne(500));")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => LeaveAsync().Wait());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => LeaveAsync().GetAwaiter().GetResult());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(async () => await Task.Delay(5000));")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => { _ = Task.Delay(5000); });")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => { new Thread(() => Thread.Sleep(5000)).Start(); });")]
    [InlineData("app.Lifetime.ApplicationStopped.Register(() => Thread.Sleep(5000));")]
    [InlineData("app.Lifetime.ApplicationStarted.Register(() => Thread.Sleep(5000));")]
    [InlineData("new CancellationTokenSource().Token.Register(() => Thread.Sleep(5000));")]
    [InlineData("Thread.Sleep(5000);")]
    public Task Quiet(string registration) => QuietAsync(App(registration));

    [Theory]
    [InlineData("public Task StoppingAsync(CancellationToken cancellationToken) => [|Task.Delay|](5000, cancellationToken);")]
    [InlineData("public async Task StoppingAsync(CancellationToken cancellationToken) => await [|Task.Delay|](TimeSpan.FromSeconds(5), cancellationToken);")]
    [InlineData("public async Task StoppingAsync(CancellationToken cancellationToken) { await Task.Yield(); await [|Task.Delay|](TimeSpan.FromSeconds(5)); }")]
    [InlineData("public async Task StoppingAsync(CancellationToken cancellationToken) { await WaitAsync(); } private static async Task WaitAsync() => await [|Task.Delay|](9000);")]
    [InlineData("public Task StoppingAsync(CancellationToken cancellationToken) { [|Thread.Sleep|](5000); return Task.CompletedTask; }")]
    [InlineData("Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => [|Task.Delay|](5000, cancellationToken);")]
    [InlineData("public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(100, cancellationToken);")]
    [InlineData("public Task StoppingAsync(CancellationToken cancellationToken) => Task.WhenAny(Task.CompletedTask); private Task Later() => Task.Delay(5000);")]
    public Task StoppingAsync(string stopping) => ReportsAsync(Service(stopping), code => code.OutputKind = Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public Task MovesTheDelayToTheRegistration() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(() => [|Thread.Sleep|](5000));
        app.Run();
        """,
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown(options => options.DrainDelay = TimeSpan.FromSeconds(5));
        var app = builder.Build();
        app.Run();
        """);

    [Fact]
    public Task AddsTheRegistration() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            Console.WriteLine("stopping");
            [|Thread.Sleep|](TimeSpan.FromMilliseconds(2500));
        });
        app.Run();
        """,
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown(options => options.DrainDelay = TimeSpan.FromMilliseconds(2500));
        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            Console.WriteLine("stopping");
        });
        app.Run();
        """);

    [Fact]
    public Task MergesWithALambda() => FixesAsync(
        """
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown(drain => drain.RequestTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddHostedService<Announcer>();
        builder.Build().Run();

        """ + Service("""
        public async Task StoppingAsync(CancellationToken cancellationToken)
        {
            Console.WriteLine("stopping");
            await [|Task.Delay|](5000, cancellationToken);
        }
        """),
        """
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown(drain =>
        {
            drain.RequestTimeout = TimeSpan.FromSeconds(20);
            drain.DrainDelay = TimeSpan.FromSeconds(5);
        });
        builder.Services.AddHostedService<Announcer>();
        builder.Build().Run();

        """ + Service("""
        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            Console.WriteLine("stopping");
            return Task.CompletedTask;
        }
        """));

    [Fact]
    public Task MergesWithABlockAcrossFiles() => FixesAsync(
        Service("public Task StoppingAsync(CancellationToken cancellationToken) => [|Task.Delay|](5000, cancellationToken);"),
        Service("public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;"),
        code =>
        {
            code.OtherFiles.Add(("Program.cs", """
                var builder = Host.CreateApplicationBuilder(args);
                builder.AddGracefulShutdown(drain =>
                {
                    drain.RequestTimeout = TimeSpan.FromSeconds(20);
                });
                builder.Build().Run();
                """));
            code.FixedOtherFiles = [("Program.cs", """
                var builder = Host.CreateApplicationBuilder(args);
                builder.AddGracefulShutdown(drain =>
                {
                    drain.RequestTimeout = TimeSpan.FromSeconds(20);
                    drain.DrainDelay = TimeSpan.FromSeconds(5);
                });
                builder.Build().Run();
                """)];
        });

    [Theory]
    [InlineData("builder.AddGracefulShutdown(options => options.DrainDelay = TimeSpan.FromSeconds(3));", "[|Thread.Sleep|](5000)")]
    [InlineData("builder.AddGracefulShutdown(Configure); static void Configure(ShutdownAnalyzers.Runtime.GracefulShutdownOptions options) { }", "[|Thread.Sleep|](5000)")]
    [InlineData("builder.AddGracefulShutdown();", "[|Thread.Sleep|](args.Length)")]
    [InlineData("builder.AddGracefulShutdown();", "new ManualResetEventSlim().[|Wait|](5000)")]
    public Task NoFix(string drain, string delay) => OffersNoFixAsync(
        $$"""
        var builder = WebApplication.CreateBuilder(args);
        {{drain}}
        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(() => {{delay}});
        app.Run();
        """);

    [Fact]
    public Task NoFixWithoutTheRuntime() => OffersNoFixAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(() => [|Thread.Sleep|](5000));
        app.Run();
        """,
        code => code.Runtime = false);

    [Theory]
    [InlineData("var app = WebApplication.Create(); app.Lifetime.ApplicationStopping.Register(() => Thread.Sleep( ); app.Run();")]
    [InlineData("class S : IHostedLifecycleService { public Task StoppingAsync(CancellationToken c) => Task.Delay(; }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string App(string registration) =>
        $$"""
        using var idle = new ManualResetEventSlim();
        using var done = new ManualResetEvent(false);
        var app = WebApplication.CreateBuilder(args).Build();
        {{registration}}
        app.Run();

        static Task LeaveAsync() => Task.Delay(1);
        """;

    private static string Service(string stopping) =>
        $$"""
        public class Announcer : IHostedLifecycleService
        {
            public Task StartingAsync(CancellationToken cancellationToken) => Task.Delay(5000, cancellationToken);
            public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            {{stopping.ReplaceLineEndings("\n    ")}}
            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """;
}
