using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class CleanupAfterRunTests : RuleTest<CleanupAfterRun, CleanupAfterRunFix>
{
    [Theory]
    [InlineData("app.Run(); await Store.[|FlushAsync|]();")]
    [InlineData("await app.RunAsync(); await Store.[|FlushAsync|]().ConfigureAwait(false);")]
    [InlineData("app.RunAsync().Wait(); Store.[|FlushAsync|]().Wait();")]
    [InlineData("app.Run(); Store.[|FlushAsync|]().GetAwaiter().GetResult();")]
    [InlineData("app.Run(); [|Thread.Sleep|](1000);")]
    [InlineData("app.Run(); worker.[|Join|]();")]
    [InlineData("app.Run(); if (args.Length > 0) { await Store.[|FlushAsync|](); }")]
    [InlineData("try { app.Run(); } finally { await Store.[|FlushAsync|](); }")]
    [InlineData("try { app.Run(); } catch (Exception) { } await Store.[|FlushAsync|]();")]
    [InlineData("if (args.Length == 0) { app.Run(); } await Store.[|FlushAsync|]();")]
    [InlineData("app.Run(); await Store.[|FlushAsync|](); await Store.[|FlushAsync|](); Console.WriteLine();")]
    public Task Reports(string code) => ReportsAsync(Program(code.Replace("Store.[|FlushAsync|]", "[|Store.FlushAsync|]", StringComparison.Ordinal)));

    [Theory]
    [InlineData("await Store.FlushAsync(); app.Run();")]
    [InlineData("app.Run(); Console.WriteLine(\"stopped\");")]
    [InlineData("app.Run(); Log.CloseAndFlush();")]
    [InlineData("app.Run(); await Log.CloseAndFlushAsync();")]
    [InlineData("try { app.Run(); } finally { await Log.CloseAndFlushAsync(); }")]
    [InlineData("try { app.Run(); } catch (Exception) { await Store.FlushAsync(); }")]
    [InlineData("app.Run(); await app.DisposeAsync();")]
    [InlineData("app.Run(); await Console.Out.WriteLineAsync(\"stopped\");")]
    [InlineData("_ = app.RunAsync(); await Store.FlushAsync();")]
    [InlineData("await app.StartAsync(); await Store.FlushAsync(); await app.StopAsync();")]
    [InlineData("await app.RunAsync(); await WebApplication.Create(args).RunAsync();")]
    [InlineData("app.Run(); Action later = () => Store.FlushAsync().Wait();")]
    [InlineData("while (args.Length > 0) { app.Run(); await Store.FlushAsync(); }")]
    [InlineData("if (args.Length > 0) { await Store.FlushAsync(); } else { app.Run(); }")]
    [InlineData("await using var store = new Store(); app.Run();")]
    [InlineData("using var shutdown = ShutdownAnalyzers.Runtime.ShutdownSignal.Register(); app.Run(); await Store.FlushAsync();")]
    [InlineData("app.Run(); static async Task After() => await Store.FlushAsync();")]
    [InlineData("Func<Task> run = async () => { await app.RunAsync(); await Store.FlushAsync(); }; GC.KeepAlive(run);")]
    public Task Quiet(string code) => QuietAsync(Program(code));

    [Fact]
    public Task Main() => ReportsAsync(
        """
        public static class Program
        {
            public static async Task<int> Main(string[] args)
            {
                var host = Host.CreateApplicationBuilder(args).Build();
                await host.RunAsync();
                await [|File.WriteAllTextAsync|]("state", "stopped");
                return 0;
            }

            public static async Task Elsewhere(IHost host)
            {
                await host.RunAsync();
                await File.WriteAllTextAsync("state", "stopped");
            }
        }
        """);

    [Fact]
    public Task ClassicHost() => ReportsAsync(
        """
        await Host.CreateDefaultBuilder(args).RunConsoleAsync();
        await [|File.WriteAllTextAsync|]("state", "stopped");
        """);

    [Fact]
    public Task Libraries() => QuietAsync(
        "public static class Runner { public static async Task Run(IHost host) { await host.RunAsync(); await Task.Delay(1000); } }",
        code => code.OutputKind = Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public Task MakesACleanupHandler() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        var path = "state.json";
        await app.RunAsync();
        await [|File.WriteAllTextAsync|](path, "{}");
        Console.WriteLine("stopped");
        """,
        """
        using ShutdownAnalyzers.Runtime;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        var path = "state.json";
        app.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("write all text", async cancellationToken => await File.WriteAllTextAsync(path, "{}"));
        await app.RunAsync();
        Console.WriteLine("stopped");
        """);

    [Fact]
    public Task MakesACleanupHandlerInMain() => FixesAsync(
        """
        using ShutdownAnalyzers.Runtime;

        public static class Program
        {
            public static async Task Main(string[] args)
            {
                var builder = Host.CreateApplicationBuilder(args);
                builder.AddGracefulShutdown();

                using var host = builder.Build();
                host.Run();
                await [|FlushAsync|]();
            }

            private static Task FlushAsync() => Task.Delay(1);
        }
        """,
        """
        using ShutdownAnalyzers.Runtime;

        public static class Program
        {
            public static async Task Main(string[] args)
            {
                var builder = Host.CreateApplicationBuilder(args);
                builder.AddGracefulShutdown();

                using var host = builder.Build();
                host.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("flush", async cancellationToken => await FlushAsync());
                host.Run();
            }

            private static Task FlushAsync() => Task.Delay(1);
        }
        """);

    [Theory]
    [InlineData("await [|Store.FlushAsync|](); await [|Store.FlushAsync|]();")]
    [InlineData("var late = 1; await [|Task.Delay|](late);")]
    [InlineData("[|Store.FlushAsync|]().Wait();")]
    [InlineData("await [|Store.FlushAsync|](); // at last")]
    [InlineData("if (args.Length > 0) await [|Store.FlushAsync|]();")]
    public Task NoFix(string after) => OffersNoFixAsync(
        $$"""
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        app.Run();
        {{after}}

        static class Store
        {
            public static Task FlushAsync() => Task.CompletedTask;
        }
        """);

    [Fact]
    public Task NoFixWithoutTheDrain() => OffersNoFixAsync(Program("app.Run(); await [|Store.FlushAsync|]();"));

    [Theory]
    [InlineData("var app = WebApplication.Create(); app.Run(); await Missing(")]
    [InlineData("app.Run(); await ; Thread.Sleep(")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Program(string code) =>
        $$"""
        var worker = new Thread(() => { });
        var app = WebApplication.Create(args);
        {{code}}

        class Store : IAsyncDisposable
        {
            public static Task FlushAsync() => Task.CompletedTask;
            public ValueTask DisposeAsync() => default;
        }

        static class Log
        {
            public static void CloseAndFlush() { }
            public static Task CloseAndFlushAsync() => Task.CompletedTask;
        }
        """;
}
