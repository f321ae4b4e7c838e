using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class WorkIgnoresHostStopTests : RuleTest<WorkIgnoresHostStop, WorkIgnoresHostStopFix>
{
    private const string Jobs =
        """

        static async Task LoopAsync(CancellationToken token = default) { while (!token.IsCancellationRequested) await Task.Delay(10, token); }
        static async Task ReadAsync(CancellationToken token = default) { await foreach (var x in System.Threading.Channels.Channel.CreateUnbounded<int>().Reader.ReadAllAsync(token)) { } }
        static Task DeafAsync() => LoopAsync();
        static async Task ShortAsync(CancellationToken token = default) { await Task.Delay(10, token); }
        static async Task PacedAsync() { foreach (var name in new[] { "a", "b" }) { Console.WriteLine(name); await Task.Delay(1000); } }
        static async Task ShortLoopAsync() { foreach (var name in new[] { "a", "b" }) await File.WriteAllTextAsync(name, ""); }
        static async Task<int> CountAsync(CancellationToken token = default) { await LoopAsync(token); return 1; }
        """;

    [Theory]
    [InlineData("await [|LoopAsync|]();")]
    [InlineData("await [|LoopAsync|](default);")]
    [InlineData("await [|LoopAsync|](CancellationToken.None).ConfigureAwait(false);")]
    [InlineData("await [|ReadAsync|]();")]
    [InlineData("await [|DeafAsync|]();")]
    [InlineData("var count = await [|CountAsync|](); Console.WriteLine(count);")]
    [InlineData("await ShortAsync(); await [|LoopAsync|]();")]
    [InlineData("while (DateTime.Now.Hour < 3) { await [|Task.Delay|](1000); }")]
    [InlineData("for (var i = 0; i < 100; i++) { Console.WriteLine(i); await [|Task.Delay|](1000); }")]
    [InlineData("await [|PacedAsync|]();")]
    [InlineData("await [|Task.Delay|](-1);")]
    [InlineData("[|Thread.Sleep|](Timeout.Infinite);")]
    [InlineData("using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); while (await timer.[|WaitForNextTickAsync|]()) { }")]
    [InlineData("using var process = System.Diagnostics.Process.Start(\"x\"); await process.[|WaitForExitAsync|]();")]
    [InlineData("try { await [|LoopAsync|](); } catch (IOException) { }")]
    public Task LongWork(string work) => ReportsAsync("var host = Host.CreateApplicationBuilder(args).Build();\nawait host.StartAsync();\n" + work + "\nawait host.StopAsync();" + Jobs);

    [Fact]
    public Task InMain() => ReportsAsync(
        """
        internal static partial class Program
        {
            private static async Task Main()
            {
                using var app = Host.CreateApplicationBuilder().Build();
                await app.StartAsync();
                try
                {
                    await [|WorkAsync|]();
                }
                finally
                {
                    await app.StopAsync();
                }
            }
        }
        """,
        code => code.OtherFiles.Add(("Work.cs", "using System.Threading.Tasks; static partial class Program { private static async Task WorkAsync() { while (true) await Task.Delay(1); } }")));

    [Theory]
    [InlineData("await ShortAsync();")]
    [InlineData("await Task.Delay(100);")]
    [InlineData("Console.ReadLine();")]
    [InlineData("foreach (var x in new[] { 1, 2 }) await ShortAsync();")]
    [InlineData("await File.WriteAllTextAsync(\"x\", \"y\");")]
    [InlineData("await ShortLoopAsync();")]
    [InlineData("await host.WaitForShutdownAsync();")]
    [InlineData("await LoopAsync(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);")]
    [InlineData("var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping; await LoopAsync(stopping);")]
    [InlineData("using var cts = new CancellationTokenSource(); Console.CancelKeyPress += (_, e) => { e.Cancel = true; cts.Cancel(); }; await LoopAsync(cts.Token);")]
    [InlineData("using var cts = new CancellationTokenSource(1000); await LoopAsync(cts.Token);")]
    [InlineData("_ = LoopAsync();")]
    public Task ShortOrLinkedWork(string work) => QuietAsync("var host = Host.CreateApplicationBuilder(args).Build();\nawait host.StartAsync();\n" + work + "\nawait host.StopAsync();" + Jobs);

    [Theory]
    [InlineData("await LoopAsync(); await host.StartAsync(); await host.StopAsync();")]
    [InlineData("await host.StartAsync(); await host.StopAsync(); await LoopAsync();")]
    [InlineData("await host.StartAsync(); await LoopAsync();")]
    [InlineData("await host.RunAsync(); await LoopAsync(); await host.StopAsync();")]
    [InlineData("await host.StartAsync(); Keep(host); await LoopAsync(); await host.StopAsync(); void Keep(IHost h) { }")]
    public Task OtherOrders(string code) => QuietAsync("var host = Host.CreateApplicationBuilder(args).Build();\n" + code + Jobs);

    [Fact]
    public Task ALifetimeThatIsAskedElsewhere() => QuietAsync(
        "var host = Host.CreateApplicationBuilder(args).Build(); await host.StartAsync(); await new Work(host.Services.GetRequiredService<IHostApplicationLifetime>()).RunAsync(); await host.StopAsync();\n"
        + "sealed class Work(IHostApplicationLifetime lifetime) { public async Task RunAsync() { while (!lifetime.ApplicationStopping.IsCancellationRequested) await Task.Delay(1); } }");

    [Fact]
    public Task Library() => QuietAsync(
        "public static class P { public static async Task Main2() { var host = Host.CreateApplicationBuilder().Build(); await host.StartAsync(); await Task.Delay(-1); await host.StopAsync(); } }",
        code => code.OutputKind = OutputKind.DynamicallyLinkedLibrary);

    [Fact]
    public Task TestProject() => QuietAsync(
        "var host = Host.CreateApplicationBuilder().Build(); await host.StartAsync(); await Task.Delay(-1); await host.StopAsync();",
        code => code.GlobalConfig.Add("build_property.IsTestProject = true"));

    [Fact]
    public Task FixesAllTheWork() => FixesAsync(
        """
        var app = WebApplication.Create(args);
        await app.StartAsync();
        Console.WriteLine("up");

        // The work.
        var number = await [|CountAsync|]();
        if (number > 1)
        {
            await LoopAsync(default);
        }

        await app.StopAsync();
        """ + Jobs,
        """
        var app = WebApplication.Create(args);
        await app.StartAsync();
        var stopping = app.Lifetime.ApplicationStopping;
        Console.WriteLine("up");

        try
        {
            // The work.
            var number = await CountAsync(stopping);
            if (number > 1)
            {
                await LoopAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }

        await app.StopAsync();
        """ + Jobs);

    [Fact]
    public Task FixesInAFinally() => FixesAsync(
        """
        internal static class Program
        {
            private static async Task Main()
            {
                using var host = Host.CreateApplicationBuilder().Build();
                await host.StartAsync();
                try
                {
                    await [|Task.Delay|](-1);
                }
                finally
                {
                    await host.StopAsync();
                }
            }
        }
        """,
        """
        internal static class Program
        {
            private static async Task Main()
            {
                using var host = Host.CreateApplicationBuilder().Build();
                await host.StartAsync();
                var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                try
                {
                    await Task.Delay(-1, stopping);
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                }
                finally
                {
                    await host.StopAsync();
                }
            }
        }
        """);

    [Fact]
    public Task FixesALoopInAFinally() => FixesAsync(
        """
        var host = Host.CreateApplicationBuilder(args).Build();
        await host.StartAsync();
        try
        {
            while (true)
            {
                await [|Task.Delay|](-1);
            }
        }
        finally
        {
            await host.StopAsync();
        }
        """,
        """
        var host = Host.CreateApplicationBuilder(args).Build();
        await host.StartAsync();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            while (true)
            {
                await Task.Delay(-1, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        finally
        {
            await host.StopAsync();
        }
        """);

    [Fact]
    public Task FixesAdjacentLines() => FixesAsync(
        """
        var first = Host.CreateApplicationBuilder(args).Build();
        await first.StartAsync();
        await [|LoopAsync|]();
        await first.StopAsync();
        """ + Jobs,
        """
        var first = Host.CreateApplicationBuilder(args).Build();
        await first.StartAsync();
        var stopping = first.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await LoopAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        await first.StopAsync();
        """ + Jobs);

    [Theory]
    [InlineData("await host.StartAsync(); await [|DeafAsync|](); await host.StopAsync();")]
    [InlineData("await host.StartAsync(); var count = await [|CountAsync|](); await host.StopAsync(); Console.WriteLine(count);")]
    [InlineData("await host.StartAsync(); int count; count = await [|CountAsync|](); await host.StopAsync(); Console.WriteLine(count);")]
    [InlineData("await host.StartAsync(); [|Thread.Sleep|](-1); await host.StopAsync();")]
    [InlineData("if (args.Length == 0) { await host.StartAsync(); } await [|LoopAsync|](); await host.StopAsync();")]
    [InlineData("await host.StartAsync(); try { await [|LoopAsync|](); return 0; } catch (Exception) { return 1; } finally { await host.StopAsync(); }")]
    public Task NoFix(string code) => OffersNoFixAsync("var host = Host.CreateApplicationBuilder(args).Build();\n" + code + Jobs);

    [Theory]
    [InlineData("var host = WebApplication.Create(); await host.StartAsync(); await Missing(; await host.StopAsync();")]
    [InlineData("await host.StartAsync(); await Task.Delay(-1); await host.StopAsync();")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
