using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class ShutdownTimeoutUnsafeTests : RuleTest<ShutdownTimeoutUnsafe, ShutdownTimeoutUnsafeFix>
{
    [Theory]
    [InlineData("builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = [|TimeSpan.Zero|]);")]
    [InlineData("builder.Services.Configure<HostOptions>(options => { options.ShutdownTimeout = [|Timeout.InfiniteTimeSpan|]; });")]
    [InlineData("builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = [|TimeSpan.FromSeconds(-5)|]);")]
    [InlineData("builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = [|TimeSpan.MaxValue|]);")]
    [InlineData("builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = [|default|]);")]
    [InlineData("builder.Host.ConfigureHostOptions(options => options.ShutdownTimeout = [|new TimeSpan(0, 0, 0)|]);")]
    [InlineData("builder.Host.ConfigureHostOptions((_, options) => options.ShutdownTimeout = [|TimeSpan.FromMilliseconds(-1)|]);")]
    [InlineData("builder.WebHost.UseShutdownTimeout([|TimeSpan.Zero|]);")]
    [InlineData("var none = TimeSpan.Zero; builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = [|none|]);")]
    [InlineData("builder.Services.PostConfigure<HostOptions>(options => options.ShutdownTimeout = [|TimeSpan.FromSeconds(0)|]);")]
    [InlineData("builder.Services.Configure<HostOptions>(Set); static void Set(HostOptions options) => options.ShutdownTimeout = [|TimeSpan.Zero|];")]
    public Task NoTimeAtAllOrNoEnd(string configuration) => ReportsAsync(Program(configuration));

    [Theory]
    [InlineData("builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));")]
    [InlineData("builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));")]
    [InlineData("builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(args.Length));")]
    [InlineData("builder.Services.Configure<HostOptions>(options => options.ServicesStopConcurrently = false);")]
    [InlineData("new Other().ShutdownTimeout = TimeSpan.Zero;")]
    [InlineData("var wait = TimeSpan.Zero; wait = TimeSpan.FromSeconds(9); builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = wait);")]
    public Task Quiet(string configuration) => QuietAsync(Program(configuration));

    [Fact]
    public Task SetTwice() => ReportsAsync(Program(
        """
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.WebHost.UseShutdownTimeout([|TimeSpan.FromSeconds(20)|]);
        """));

    [Theory]
    [InlineData("builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(30)); builder.WebHost.UseShutdownTimeout(TimeSpan.FromMinutes(0.5));")]
    [InlineData("builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(30)); if (builder.Environment.IsDevelopment()) builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(1));")]
    [InlineData("if (args.Length > 0) builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(30)); else builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(1));")]
    [InlineData("builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(30)); builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(args.Length));")]
    public Task SetTwiceAndRight(string configuration) => QuietAsync(Program(configuration));

    [Theory]
    [InlineData("RequestTimeout = TimeSpan.FromSeconds(20)", 26)]
    [InlineData("CleanupTimeout = TimeSpan.FromSeconds(15)", 26)]
    public Task BelowWhatTheDrainNeeds(string option, int seconds) => ReportsAsync(Drained(option, $"[|TimeSpan.FromSeconds({seconds})|]"));

    [Theory]
    [InlineData("RequestTimeout = TimeSpan.FromSeconds(20)", 27)]
    [InlineData("DrainDelay = TimeSpan.FromSeconds(20)", 5)]
    [InlineData("RequestTimeout = TimeSpan.FromSeconds(args.Length)", 5)]
    [InlineData("RequestTimeout = TimeSpan.FromSeconds(-1)", 5)]
    public Task EnoughOrUnknown(string option, int seconds) => QuietAsync(Drained(option, $"TimeSpan.FromSeconds({seconds})"));

    [Fact]
    public Task FixesToTheSum() => FixesAsync(
        Drained("RequestTimeout = TimeSpan.FromSeconds(20)", "[|TimeSpan.FromSeconds(10)|]"),
        Drained("RequestTimeout = TimeSpan.FromSeconds(20)", "TimeSpan.FromSeconds(27)"));

    [Fact]
    public Task FixesEveryPlace() => FixesAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown(options =>
        {
            options.RequestTimeout = TimeSpan.FromSeconds(20);
            options.CleanupTimeout = TimeSpan.FromMilliseconds(500);
        });
        if (builder.Environment.IsDevelopment())
            builder.WebHost.UseShutdownTimeout(/* at once */ [|TimeSpan.Zero|]);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = [|TimeSpan.MaxValue|]);
        builder.Build().Run();
        """,
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown(options =>
        {
            options.RequestTimeout = TimeSpan.FromSeconds(20);
            options.CleanupTimeout = TimeSpan.FromMilliseconds(500);
        });
        if (builder.Environment.IsDevelopment())
            builder.WebHost.UseShutdownTimeout(/* at once */ TimeSpan.FromMilliseconds(22500));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(22500));
        builder.Build().Run();
        """);

    [Theory]
    [InlineData("builder.WebHost.UseShutdownTimeout([|TimeSpan.Zero|]);")]
    [InlineData("builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(9)); builder.WebHost.UseShutdownTimeout([|TimeSpan.FromSeconds(8)|]);")]
    public Task NoFix(string configuration) => OffersNoFixAsync(Program(configuration));

    [Theory]
    [InlineData("var builder = WebApplication.CreateBuilder(args); builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = );")]
    [InlineData("builder.WebHost.UseShutdownTimeout(; new HostOptions { ShutdownTimeout = TimeSpan. };")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Program(string configuration) =>
        $$"""
        var builder = WebApplication.CreateBuilder(args);
        {{configuration}}
        builder.Build().Run();

        class Other { public TimeSpan ShutdownTimeout { get; set; } }
        """;

    private static string Drained(string option, string timeout) =>
        $$"""
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown(options => options.{{option}});
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = {{timeout}});
        builder.Build().Run();
        """;
}
