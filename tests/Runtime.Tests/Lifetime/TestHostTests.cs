using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Hosts within a test's process, which goes on without them: no delay, no deadline, no exit code, and nothing in the log that a test would have to explain. Their clock never moves: whoever waits, waits for ever.</summary>
public sealed class TestHostTests
{
    private readonly FakeProcess _process = new();
    private readonly LogCollector _logs = new();

    /// <summary>The factory looks for the application's content beside the solution otherwise.</summary>
    static TestHostTests() => Environment.SetEnvironmentVariable("ASPNETCORE_TEST_CONTENTROOT_SHUTDOWNANALYZERS_RUNTIME_TESTS", AppContext.BaseDirectory);

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task AWebApplicationFactory(string environment)
    {
        await using var application = new WebApplicationFactory<Program>();
        WebApplicationFactory<Program> factory = application.WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment(environment);
            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(_logs));
            builder.ConfigureServices(Pretend);
        });
        using HttpClient client = factory.CreateClient();
        Assert.Equal("hello", await client.GetStringAsync("/hello"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        factory.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("broken", _ => throw new InvalidOperationException("no broker"));
        Assert.DoesNotContain(_logs.Lines, l => l.Level >= LogLevel.Warning);

        await factory.DisposeAsync().AsTask().WaitAsync(Eventually.Patience);

        AssertUntouched("host.StopAsync");
    }

    /// <summary>The console's lifetime is there, as in a program.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATestServerOnTheGenericHost(bool fromCode)
    {
        using IHost host = await new HostBuilder()
            .ConfigureLogging(logging => logging.AddProvider(_logs))
            .ConfigureWebHost(web => web.UseTestServer().ConfigureServices(services => services.AddRouting()).UseGracefulShutdown().ConfigureServices(Pretend).Configure(Map))
            .StartAsync();
        await AskAndStopAsync(host.GetTestClient(), host.Services, async token =>
        {
            if (fromCode) host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            await host.StopAsync(token);
        });
        AssertUntouched(fromCode ? "StopApplication" : "host.StopAsync");
    }

#pragma warning disable ASPDEPR004, ASPDEPR008 // Obsolete, and in use.
    [Fact]
    public async Task ATestServerOnTheOldWebHost()
    {
        using var server = new TestServer(new WebHostBuilder()
            .ConfigureLogging(logging => logging.AddProvider(_logs))
            .ConfigureServices(services => services.AddRouting())
            .UseGracefulShutdown()
            .ConfigureServices(Pretend)
            .Configure(Map));
        await AskAndStopAsync(server.CreateClient(), server.Services, token => server.Host.StopAsync(token));
        AssertUntouched("StopApplication");
    }

    [Fact]
    public void TheOldWebHostSaysWhatItCannotDo()
    {
        using var server = new TestServer(new WebHostBuilder()
            .ConfigureLogging(logging => logging.AddProvider(_logs))
            .UseShutdownTimeout(TimeSpan.FromSeconds(5))
            .UseGracefulShutdown(options => options.LateRequests = LateRequests.Refuse)
            .ConfigureServices(Pretend)
            .Configure(_ => { }));
        Assert.Contains(_logs.Ours(LogLevel.Warning), line => line.Contains("LateRequests is Refuse"));
        Assert.Contains(_logs.Ours(LogLevel.Warning), line => line.Contains("timeout is 5 s") && line.Contains("RequestTimeout 10 s"));
    }
#pragma warning restore ASPDEPR004, ASPDEPR008

    private static void Map(IApplicationBuilder app)
    {
        app.UseRouting();
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapReadiness();
            endpoints.MapGet("/hello", () => "hello");
        });
    }

    private static async Task AskAndStopAsync(HttpClient client, IServiceProvider services, Func<CancellationToken, Task> stop)
    {
        Assert.Equal("hello", await client.GetStringAsync("/hello"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        services.GetRequiredService<IGracefulShutdown>().OnCleanup("broken", _ => throw new InvalidOperationException("no broker"));
        await stop(CancellationToken.None).WaitAsync(Eventually.Patience);
    }

    private void Pretend(IServiceCollection services) => services.Configure<GracefulShutdownOptions>(options => options.Process = _process.Hooks);

    private void AssertUntouched(string cause)
    {
        Assert.Empty(_process.Deadlines);
        Assert.Empty(_process.Exits);
        Assert.Equal(0, _process.ExitCode);
        // What went wrong is still said.
        Assert.Contains("'broken' (Close) failed", Assert.Single(_logs.Ours(LogLevel.Error)));
        Assert.Equal(cause, Assert.Single(_logs.Reports)["Cause"]);
    }
}
