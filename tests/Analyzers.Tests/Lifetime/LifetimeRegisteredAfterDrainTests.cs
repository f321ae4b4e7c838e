using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class LifetimeRegisteredAfterDrainTests : RuleTest<LifetimeRegisteredAfterDrain, LifetimeRegisteredAfterDrainFix>
{
    // The real extensions are in packages of their own.
    private const string Lifetimes = """
        namespace Microsoft.Extensions.Hosting
        {
            public static class LifetimeExtensions
            {
                public static IHostBuilder UseSystemd(this IHostBuilder builder) => builder;
                public static IHostBuilder UseWindowsService(this IHostBuilder builder) => builder;
                public static IServiceCollection AddSystemd(this IServiceCollection services) => services;
                public static IServiceCollection AddWindowsService(this IServiceCollection services) => services;
            }

            public class OwnLifetime : IHostLifetime
            {
                public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
                public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            }
        }
        """;

    private static readonly Action<Code> WithLifetimes = code => code.OtherFiles.Add(("Lifetimes.cs", Lifetimes));

    [Theory]
    [InlineData("builder.AddGracefulShutdown(); builder.Services.[|AddSystemd|]();")]
    [InlineData("builder.AddGracefulShutdown(); builder.Services.[|AddWindowsService|]();")]
    [InlineData("builder.AddGracefulShutdown(); builder.Host.[|UseSystemd|]();")]
    [InlineData("builder.AddGracefulShutdown(); builder.Host.[|UseConsoleLifetime|]();")]
    [InlineData("builder.AddGracefulShutdown(); builder.Services.[|AddSingleton|]<IHostLifetime, OwnLifetime>();")]
    [InlineData("builder.AddGracefulShutdown(); builder.Services.[|AddSingleton|]<IHostLifetime>(_ => new OwnLifetime());")]
    [InlineData("builder.Services.AddGracefulShutdown().[|AddSystemd|]();")]
    [InlineData("builder.Services.AddGracefulShutdown(); if (OperatingSystem.IsLinux()) builder.Services.[|AddSystemd|]();")]
    [InlineData("builder.Services.AddSystemd(); builder.AddGracefulShutdown(); builder.Services.[|AddWindowsService|]();")]
    [InlineData("builder.Host.UseGracefulShutdown().[|UseSystemd|]().[|UseWindowsService|]();")]
    [InlineData("builder.Host.UseGracefulShutdown().ConfigureServices(services => services.[|AddSystemd|]());")]
    [InlineData("builder.Host.ConfigureServices(services => { services.AddGracefulShutdown(); services.[|AddSystemd|](); });")]
    public Task Reports(string registrations) => ReportsAsync(Program(registrations), WithLifetimes);

    [Theory]
    [InlineData("builder.Services.AddSystemd(); builder.AddGracefulShutdown();")]
    [InlineData("builder.Host.UseSystemd().UseWindowsService().UseGracefulShutdown();")]
    [InlineData("builder.Services.AddSystemd();")]
    [InlineData("builder.AddGracefulShutdown();")]
    [InlineData("builder.AddGracefulShutdown(); builder.Services.AddSingleton<IHostedService>(_ => null!);")]
    [InlineData("builder.AddGracefulShutdown(); builder.Services.TryAddSingleton<IHostLifetime, OwnLifetime>();")]
    [InlineData("if (args.Length > 0) builder.AddGracefulShutdown(); else builder.Services.AddSystemd();")]
    [InlineData("builder.AddGracefulShutdown(); var other = Host.CreateApplicationBuilder(args); other.Services.AddSystemd();")]
    public Task Quiet(string registrations) => QuietAsync(Program(registrations), WithLifetimes);

    [Fact]
    public Task MovesTheStatement() => FixesAsync(
        """
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown(options => options.DrainDelay = TimeSpan.FromSeconds(5));
        builder.Services.[|AddSystemd|](); // under systemd
        if (OperatingSystem.IsWindows())
        {
            builder.Services.[|AddWindowsService|]();
        }
        builder.Services.AddLogging();
        builder.Build().Run();
        """,
        """
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddSystemd(); // under systemd
        if (OperatingSystem.IsWindows())
        {
            builder.Services.AddWindowsService();
        }
        builder.AddGracefulShutdown(options => options.DrainDelay = TimeSpan.FromSeconds(5));
        builder.Services.AddLogging();
        builder.Build().Run();
        """,
        WithLifetimes);

    [Fact]
    public Task MovesTheLink() => FixesAsync(
        """
        public static class Program
        {
            public static void Main(string[] args) =>
                Host.CreateDefaultBuilder(args)
                    .UseGracefulShutdown()
                    .[|UseSystemd|]()
                    .ConfigureServices(services => services.AddLogging())
                    .Build()
                    .Run();
        }
        """,
        """
        public static class Program
        {
            public static void Main(string[] args) =>
                Host.CreateDefaultBuilder(args)
                    .UseSystemd()
                    .UseGracefulShutdown()
                    .ConfigureServices(services => services.AddLogging())
                    .Build()
                    .Run();
        }
        """,
        WithLifetimes);

    [Fact]
    public Task NoFixAcrossExpressions() => OffersNoFixAsync(
        """
        var builder = Host.CreateApplicationBuilder(args);
        var same = builder.AddGracefulShutdown();
        builder.Services.[|AddSystemd|]();
        builder.Build().Run();
        """,
        WithLifetimes);

    [Theory]
    [InlineData("var builder = Host.CreateApplicationBuilder(args); builder.AddGracefulShutdown(); builder.Services.AddSystemd(")]
    [InlineData("builder.UseGracefulShutdown().UseSystemd().Missing(; IHostLifetime x")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Program(string registrations) =>
        $$"""
        using Microsoft.Extensions.DependencyInjection.Extensions;

        var builder = WebApplication.CreateBuilder(args);
        {{registrations}}
        builder.Build().Run();
        """;
}
