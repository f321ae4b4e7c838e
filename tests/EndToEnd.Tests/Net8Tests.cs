using System.Net;
using System.Runtime.InteropServices;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>The runtime library on .NET 8, whose signal handlers run in another order.</summary>
public sealed class Net8Tests(Net8Tests.Published published) : IClassFixture<Net8Tests.Published>
{
    private const string Listening = "Now listening on: ";

    [Fact]
    public async Task DrainsThereAsWell()
    {
        await using var service = published.Start();
        using var client = await ClientAsync(service);
        Assert.StartsWith("8.0.", await client.GetStringAsync("/version"), StringComparison.Ordinal);
        var slow = client.GetAsync("/slow/5000");
        await service.LineAsync("slow begins");

        service.Signal();
        await service.LineAsync("Draining because of SIGTERM");

        using (var readiness = await client.GetAsync("/health/ready"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
        using (var liveness = await client.GetAsync("/health/live"))
            Assert.Equal(HttpStatusCode.OK, liveness.StatusCode);
        using (var answer = await slow)
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await service.ExitAsync());
        Assert.Contains("cleanup: last", service.Output);
    }

    [Fact]
    public async Task ASecondSignalForcesTheExitThereToo()
    {
        await using var service = published.Start();
        using var client = await ClientAsync(service);
        var slow = client.GetAsync("/slow/60000");
        await service.LineAsync("slow begins");

        // Several times over is one wish.
        for (var i = 0; i < 3; i++)
            service.Signal();
        await service.LineAsync("Draining because of SIGTERM");
        await Task.Delay(1500);
        service.Signal(2);

        Assert.Equal(85, await service.ExitAsync());
        Assert.Contains("A second signal (SIGINT)", service.Output);
        Assert.Single(service.Output.Split('\n'), line => line.Contains("Draining because of", StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => slow);
    }

    private static async Task<HttpClient> ClientAsync(ServiceProcess service)
    {
        var line = await service.LineAsync(Listening);
        await service.LineAsync("Application started");
        return new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false }) { BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()) };
    }

    /// <summary>The service, published with its own runtime, since a machine with the SDK alone has only the newest.</summary>
    public sealed class Published : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        public ServiceProcess Start() => ServiceUnderTest.StartFile(_folder.File("Net8Web"), [], new Dictionary<string, string> { ["SHUTDOWN_DRAIN_DELAY"] = "3" });

        public Task InitializeAsync()
        {
            var project = Path.Combine(Repository.Root, "tests", "Services", "Net8Web");
            return Command.RunAsync("dotnet", ["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-o", _folder.Path, "-nodeReuse:false"]);
        }

        public Task DisposeAsync()
        {
            _folder.Dispose();
            return Task.CompletedTask;
        }
    }
}
