using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class AsyncShutdownCallbackTests : RuleTest<AsyncShutdownCallback, AsyncShutdownCallbackFix>
{
    [Fact]
    public Task AsyncLambda() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();

        // Tell the registry.
        app.Lifetime.ApplicationStopping.[|Register|](async () =>
        {
            await Registry.LeaveClusterAsync(); // politely
        });
        app.Lifetime.ApplicationStopped.[|Register|](async () => await Registry.LeaveClusterAsync());
        app.Run();

        static class Registry
        {
            public static Task LeaveClusterAsync() => Task.Delay(1);
        }
        """,
        """
        using ShutdownAnalyzers.Runtime;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();

        // Tell the registry.
        app.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("leave cluster", async cancellationToken =>
        {
            await Registry.LeaveClusterAsync(); // politely
        });
        app.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("leave cluster", async cancellationToken => await Registry.LeaveClusterAsync());
        app.Run();

        static class Registry
        {
            public static Task LeaveClusterAsync() => Task.Delay(1);
        }
        """);

    [Fact]
    public Task TheFixRegistersTheDrainToo() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();
        app.Lifetime.ApplicationStopping.[|Register|](async () => await Registry.LeaveAsync());
        app.Lifetime.ApplicationStopped.[|Register|](async () => await Registry.FlushAsync());
        app.Run();

        static class Registry
        {
            public static Task LeaveAsync() => Task.Delay(1);
            public static Task FlushAsync() => Task.Delay(1);
        }
        """,
        """
        using ShutdownAnalyzers.Runtime;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        app.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("leave", async cancellationToken => await Registry.LeaveAsync());
        app.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("flush", async cancellationToken => await Registry.FlushAsync());
        app.Run();

        static class Registry
        {
            public static Task LeaveAsync() => Task.Delay(1);
            public static Task FlushAsync() => Task.Delay(1);
        }
        """);

    [Fact]
    public Task WithoutTheRuntimeNoFix() => OffersNoFixAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        app.Lifetime.ApplicationStopping.[|Register|](async () => await Task.Delay(1));
        app.Run();
        """,
        code => code.Runtime = false);

    [Fact]
    public Task WhereNoDrainCanBeAddedNoFix() => OffersNoFixAsync(
        """
        var host = Host.CreateDefaultBuilder(args).Build();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.[|Register|](async () => await Task.Delay(1));
        host.Run();
        """);

    [Theory]
    [InlineData("app.Lifetime.ApplicationStopping.[|Register|](Close);")]
    [InlineData("app.Lifetime.ApplicationStopping.[|Register|](() => CloseAsync());")]
    [InlineData("app.Lifetime.ApplicationStopping.[|Register|](() => { _ = CloseAsync(); });")]
    [InlineData("app.Lifetime.ApplicationStopping.[|Register|](delegate { Task.Run(CloseAsync); });")]
    [InlineData("app.Lifetime.ApplicationStopping.[|Register|](async _ => await CloseAsync(), null);")]
    [InlineData("var stopped = app.Lifetime.ApplicationStopped; stopped.[|Register|](async () => await CloseAsync());")]
    [InlineData("Action close = async () => await CloseAsync(); app.Lifetime.ApplicationStopping.[|Register|](close);")]
    [InlineData("AppDomain.CurrentDomain.[|ProcessExit|] += async (_, _) => await CloseAsync();")]
    [InlineData("System.Runtime.Loader.AssemblyLoadContext.Default.[|Unloading|] += async _ => await CloseAsync();")]
    public Task EveryFormOfCallback(string registration) => ReportsAsync(App(registration));

    [Theory]
    [InlineData("app.Lifetime.ApplicationStarted.Register(async () => await CloseAsync());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => CloseAsync().Wait());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => CloseAsync().GetAwaiter().GetResult());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => Console.WriteLine());")]
    [InlineData("app.Lifetime.ApplicationStopping.Register(() => Task.Run(async () => { await Task.Delay(30_000); Environment.Exit(1); }));")]
    [InlineData("Console.CancelKeyPress += async (_, e) => { e.Cancel = true; await CloseAsync(); };")]
    [InlineData("new System.Runtime.Loader.AssemblyLoadContext(null).Unloading += async _ => await CloseAsync();")]
    [InlineData("new CancellationTokenSource().Token.Register(async () => await CloseAsync());")]
    public Task Quiet(string registration) => QuietAsync(App(registration));

    private static string App(string registration) =>
        $$"""
        var app = WebApplication.CreateBuilder(args).Build();
        {{registration}}
        app.Run();

        static async void Close() => await CloseAsync();
        static Task CloseAsync() => Task.Delay(1);
        """;

    [Theory]
    [InlineData("var app = WebApplication.Create(); app.Lifetime.ApplicationStopping.Register(async () => await ); app.Run();")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += async (_, _) => await Missing();")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
