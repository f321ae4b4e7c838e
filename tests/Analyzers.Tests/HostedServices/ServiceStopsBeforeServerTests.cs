using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class ServiceStopsBeforeServerTests : RuleTest<ServiceStopsBeforeServer, ServiceStopsBeforeServerFix>
{
    private const string Types =
        """

        public class Startup { public void ConfigureServices(IServiceCollection services) => services.AddHostedService<Worker>(); public void Configure(IApplicationBuilder app) { } }
        public class Worker : BackgroundService { protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask; }
        public class Other : BackgroundService { protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask; }
        public static class Workers { public static IServiceCollection AddWorkers(this IServiceCollection services) => services.AddHostedService<Worker>(); }
        """;

    [Theory]
    [InlineData("services => services.[|AddHostedService|]<Worker>()", "services => services.AddHostedService<Worker>()")]
    [InlineData("(context, services) => { services.[|AddHostedService|]<Worker>(); }", "(context, services) => { services.AddHostedService<Worker>(); }")]
    [InlineData("delegate (IServiceCollection services) { services.[|AddHostedService|](provider => new Worker()); }", "delegate (IServiceCollection services) { services.AddHostedService(provider => new Worker()); }")]
    [InlineData("services => services.[|AddSingleton|]<IHostedService, Worker>()", "services => services.AddSingleton<IHostedService, Worker>()")]
    [InlineData("services => services.[|AddHostedService|]<Worker>().[|AddHostedService|]<Other>()", "services => services.AddHostedService<Worker>().AddHostedService<Other>()")]
    public Task ServicesAfterTheServer(string configure, string moved) => FixesAsync(
        Program(
            $"""
            Host.CreateDefaultBuilder(args)
                .ConfigureWebHostDefaults(web => web.UseStartup<Startup>())
                .ConfigureServices({configure})
                .Build()
                .Run();
            """),
        Program(
            $"""
            Host.CreateDefaultBuilder(args)
                .ConfigureServices({moved})
                .ConfigureWebHostDefaults(web => web.UseStartup<Startup>())
                .Build()
                .Run();
            """));

    [Theory]
    [InlineData("Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.UseStartup<Startup>()).ConfigureLogging(logging => { }).ConfigureServices(services => services.[|AddHostedService|]<Worker>()).Build().Run();")]
    [InlineData("Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.UseStartup<Startup>()).ConfigureServices(services => services.AddOptions().[|AddHostedService|]<Worker>()).Build().Run();")]
    [InlineData("Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.UseStartup<Startup>()).ConfigureServices(services => services.[|AddWorkers|]()).Build().Run();")]
    [InlineData("Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.UseStartup<Startup>()).ConfigureServices(Configure).Build().Run(); static void Configure(IServiceCollection services) => services.[|AddHostedService|]<Worker>();", true)]
    [InlineData("var builder = Host.CreateDefaultBuilder(args); builder.ConfigureWebHostDefaults(web => web.UseStartup<Startup>()); builder.ConfigureServices(services => services.[|AddHostedService|]<Worker>()); builder.Build().Run();")]
    [InlineData("var builder = Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.UseStartup<Startup>()); builder.ConfigureServices(services => services.[|AddHostedService|]<Worker>()); builder.Build().Run();")]
    public Task OtherFormsHaveNoFix(string program, bool hasFix = false) => hasFix ? ReportsAsync(Program(program)) : OffersNoFixAsync(Program(program));

    [Theory]
    [InlineData("Host.CreateDefaultBuilder(args).ConfigureServices(services => services.AddHostedService<Worker>()).ConfigureWebHostDefaults(web => web.UseStartup<Startup>()).Build().Run();")]
    [InlineData("Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.UseStartup<Startup>().ConfigureServices(services => services.AddHostedService<Worker>())).Build().Run();")]
    [InlineData("Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.UseStartup<Startup>()).ConfigureServices(services => services.AddSingleton<Worker>()).Build().Run();")]
    [InlineData("var builder = Host.CreateDefaultBuilder(args); builder.ConfigureServices(services => services.AddHostedService<Worker>()); builder.ConfigureWebHostDefaults(web => web.UseStartup<Startup>()); builder.Build().Run();")]
    [InlineData("Host.CreateDefaultBuilder(args).ConfigureServices(services => services.AddHostedService<Worker>()).Build().Run();")]
    [InlineData("var builder = WebApplication.CreateBuilder(args); builder.Services.AddHostedService<Worker>(); builder.Host.ConfigureServices(services => services.AddHostedService<Other>()); builder.Build().Run();")]
    public Task QuietWhereTheServerStopsFirst(string program) => QuietAsync(Program(program));

    [Fact]
    public Task InABuilderMethod() => ReportsAsync(
        """
        CreateHostBuilder(args).Build().Run();

        static IHostBuilder CreateHostBuilder(string[] args) =>
            Host.CreateDefaultBuilder(args)
                .ConfigureWebHostDefaults(web => web.UseStartup<Startup>())
                .ConfigureServices(services => services.[|AddHostedService|]<Worker>());
        """ + Types);

    [Theory]
    [InlineData("builder.Services.Configure<HostOptions>(options => options.[|ServicesStopConcurrently|] = true);")]
    [InlineData("builder.Services.Configure<HostOptions>(options => { options.ShutdownTimeout = TimeSpan.FromSeconds(5); options.[|ServicesStopConcurrently|] = true; });")]
    public Task ServicesThatStopTogether(string options) => OffersNoFixAsync(Program($"var builder = WebApplication.CreateBuilder(args); {options} builder.Build().Run();"));

    [Theory]
    [InlineData("var builder = WebApplication.CreateBuilder(args); builder.Services.Configure<HostOptions>(options => options.ServicesStopConcurrently = false); builder.Build().Run();")]
    [InlineData("var builder = WebApplication.CreateBuilder(args); builder.Services.Configure<HostOptions>(options => options.ServicesStartConcurrently = true); builder.Build().Run();")]
    [InlineData("var builder = Host.CreateApplicationBuilder(args); builder.Services.Configure<HostOptions>(options => options.ServicesStopConcurrently = true); builder.Build().Run();")]
    public Task QuietWhereTheServerIsAloneOrFirst(string program) => QuietAsync(Program(program));

    [Theory]
    [InlineData("Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => ).ConfigureServices(s => s.AddHostedService<>()).ConfigureServices().Build().Run();")]
    [InlineData("var b = Host.CreateDefaultBuilder().ConfigureWebHostDefaults(; b.ConfigureServices(Missing); b.ServicesStopConcurrently = ;")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Program(string statements) => statements + "\n" + Types;
}
