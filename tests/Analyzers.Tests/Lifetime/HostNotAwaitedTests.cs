using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class HostNotAwaitedTests : RuleTest<HostNotAwaited, HostNotAwaitedFix>
{
    [Theory]
    [InlineData("_ = app.[|RunAsync|]();")]
    [InlineData("app.[|RunAsync|]();")]
    [InlineData("var run = app.[|RunAsync|]();")]
    [InlineData("Task run; run = app.[|RunAsync|]();")]
    [InlineData("_ = app.[|RunAsync|](); Console.ReadLine();")]
    [InlineData("await app.[|StartAsync|]();")]
    [InlineData("await app.[|StartAsync|]().ConfigureAwait(false); Console.ReadLine();")]
    [InlineData("app.[|Start|]();")]
    [InlineData("app.[|StartAsync|]().Wait(); app.Services.GetRequiredService<IConfiguration>();")]
    [InlineData("await app.[|StartAsync|](); await app.DisposeAsync();")]
    [InlineData("await app.[|StartAsync|](); app.Lifetime.ApplicationStopping.Register(() => { });")]
    public Task OfAWebApplication(string code) => ReportsAsync("var app = WebApplication.Create(args); app.MapGet(\"/\", () => 1);\n" + code);

    [Theory]
    [InlineData("_ = WebApplication.Create(args).[|RunAsync|]();")]
    [InlineData("await Host.CreateDefaultBuilder(args).Build().[|StartAsync|]();")]
    [InlineData("await Host.CreateDefaultBuilder(args).[|StartAsync|]();")]
    [InlineData("using var host = await Host.CreateDefaultBuilder(args).[|StartAsync|](); Console.WriteLine();")]
    [InlineData("using (var host = Host.CreateApplicationBuilder(args).Build()) { await host.[|StartAsync|](); Console.WriteLine(); }")]
    [InlineData("var host = new WebHostBuilder().Build(); host.[|Start|]();")]
    public Task OfAnyHost(string code) => ReportsAsync(code + "\nawait Task.CompletedTask;");

    [Theory]
    [InlineData("await app.RunAsync();")]
    [InlineData("app.Run();")]
    [InlineData("app.RunAsync().Wait();")]
    [InlineData("app.RunAsync().GetAwaiter().GetResult();")]
    [InlineData("var run = app.RunAsync(); Console.WriteLine(); await run;")]
    [InlineData("await Task.WhenAll(app.RunAsync(), Task.Delay(1));")]
    [InlineData("_ = app.RunAsync(); await app.WaitForShutdownAsync();")]
    [InlineData("_ = app.RunAsync(); Console.ReadLine(); await app.StopAsync();")]
    [InlineData("await app.StartAsync(); await app.WaitForShutdownAsync();")]
    [InlineData("app.Start(); app.WaitForShutdown();")]
    [InlineData("await app.StartAsync(); try { Console.WriteLine(); } finally { await app.StopAsync(); }")]
    [InlineData("await app.StartAsync(); Console.CancelKeyPress += (_, _) => app.StopAsync().Wait(); Console.ReadLine();")]
    [InlineData("await app.StartAsync(); await app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.WaitAsync();")]
    [InlineData("await app.StartAsync(); await Finish(app);")]
    [InlineData("await app.StartAsync(); Kept.App = app;")]
    [InlineData("await app.StartAsync(); var other = app; await other.StopAsync();")]
    [InlineData("await app.StartAsync(); await app.FinishAsync();")]
    [InlineData("Func<Task> start = () => app.StartAsync(); await start();")]
    public Task Ends(string code) => QuietAsync(
        "var app = WebApplication.Create(args);\n" + code + """

        await Task.CompletedTask;
        static Task Finish(IHost host) => host.StopAsync();
        static class Kept
        {
            public static IHost? App;
            public static Task FinishAsync(this IHost host) => host.StopAsync();
            public static Task WaitAsync(this CancellationToken token) => Task.Delay(-1, token);
        }
        """);

    [Fact]
    public Task AWebHostStopsWhenDisposed() => QuietAsync("using var host = new WebHostBuilder().Build(); host.Start(); Console.ReadLine();");

    [Fact]
    public Task AHostThatIsReturned() => QuietAsync(
        """
        await (await Make()).StopAsync();
        static async Task<IHost> Make() { var host = Host.CreateApplicationBuilder().Build(); await host.StartAsync(); return host; }
        """);

    [Fact]
    public Task Library() => QuietAsync(
        "public static class Starter { public static void Main2() { var host = Host.CreateApplicationBuilder().Build(); _ = host.RunAsync(); } }",
        code => code.OutputKind = OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public Task DesktopProgram() => QuietAsync("_ = WebApplication.Create(args).RunAsync();", code => code.OutputKind = OutputKind.WindowsApplication);

    [Fact]
    public Task TestProject() => QuietAsync("_ = WebApplication.Create(args).RunAsync();", code => code.GlobalConfig.Add("build_property.IsTestProject = true"));

    [Fact]
    public Task FixesRun() => FixesAsync(
        """
        var app = WebApplication.Create(args);

        // Go.
        _ = app.[|RunAsync|](); // now

        static void Unused() { }
        """,
        """
        var app = WebApplication.Create(args);

        // Go.
        await app.RunAsync(); // now

        static void Unused() { }
        """);

    [Fact]
    public Task FixesRunInASynchronousMain() => FixesAsync(
        """
        internal static class Program
        {
            private static int Main(string[] args)
            {
                var app = WebApplication.Create(args);
                app.[|RunAsync|]("http://localhost:5000");
                return 0;
            }
        }
        """,
        """
        internal static class Program
        {
            private static int Main(string[] args)
            {
                var app = WebApplication.Create(args);
                app.Run("http://localhost:5000");
                return 0;
            }
        }
        """);

    [Fact]
    public Task FixesStart() => FixesAsync(
        """
        var host = Host.CreateApplicationBuilder(args).Build();
        await host.[|StartAsync|]();
        """,
        """
        var host = Host.CreateApplicationBuilder(args).Build();
        await host.StartAsync();
        await host.WaitForShutdownAsync();
        """);

    [Fact]
    public Task FixesStartInASynchronousMain() => FixesAsync(
        """
        internal static class Program
        {
            private static void Main(string[] args)
            {
                using var host = Host.CreateApplicationBuilder(args).Build();
                host.[|Start|]();
            }
        }
        """,
        """
        internal static class Program
        {
            private static void Main(string[] args)
            {
                using var host = Host.CreateApplicationBuilder(args).Build();
                host.Start();
                host.WaitForShutdown();
            }
        }
        """);

    [Fact]
    public Task FixesAnEndlessWait() => FixesAsync(
        """
        var host = Host.CreateApplicationBuilder(args).Build();
        await host.[|StartAsync|]();
        await Task.Delay(-1); // for ever
        """,
        """
        var host = Host.CreateApplicationBuilder(args).Build();
        await host.StartAsync();
        await host.WaitForShutdownAsync(); // for ever
        """);

    [Fact]
    public Task FixesWorkThatEnds() => FixesAsync(
        """
        using var host = Host.CreateApplicationBuilder(args).Build();
        await host.[|StartAsync|]();

        var exitCode = await WorkAsync();
        return exitCode;

        static Task<int> WorkAsync() => Task.FromResult(1);
        """,
        """
        using var host = Host.CreateApplicationBuilder(args).Build();
        await host.StartAsync();

        var exitCode = await WorkAsync();
        await host.StopAsync();
        return exitCode;

        static Task<int> WorkAsync() => Task.FromResult(1);
        """);

    [Fact]
    public Task FixesAChain() => FixesAsync(
        "await Host.CreateDefaultBuilder(args).Build().[|StartAsync|]();",
        "await Host.CreateDefaultBuilder(args).Build().RunAsync();");

    [Fact]
    public Task FixesSeveral() => FixesAsync(
        """
        var first = Host.CreateApplicationBuilder(args).Build();
        var second = Host.CreateApplicationBuilder(args).Build();
        await first.[|StartAsync|]();
        await second.[|StartAsync|]();
        Console.WriteLine();
        """,
        """
        var first = Host.CreateApplicationBuilder(args).Build();
        var second = Host.CreateApplicationBuilder(args).Build();
        await first.StartAsync();
        await second.StartAsync();
        Console.WriteLine();
        await second.StopAsync();
        await first.StopAsync();
        """,
        code => code.FixAllIterations = 1);

    [Theory]
    [InlineData("var app = WebApplication.Create(args); _ = app.[|RunAsync|](); Console.ReadLine();")]
    [InlineData("var app = WebApplication.Create(args); var run = app.[|RunAsync|]();")]
    [InlineData("var app = WebApplication.Create(args); await app.[|StartAsync|](); if (args.Length > 0) return; Console.WriteLine();")]
    [InlineData("var app = WebApplication.Create(args); if (args.Length > 0) { await app.[|StartAsync|](); }")]
    [InlineData("await Host.CreateDefaultBuilder(args).[|StartAsync|]();")]
    [InlineData("var app = WebApplication.Create(args); await app.[|StartAsync|](); while (true) Thread.Sleep(10);")]
    public Task NoFix(string code) => OffersNoFixAsync(code);

    [Theory]
    [InlineData("var app = WebApplication.Create(args); _ = app.RunAsync(;")]
    [InlineData("var app = Missing(); await app.StartAsync();")]
    [InlineData("host.StartAsync(); var host = WebApplication.Create();")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
