using System.Net;
using System.Runtime.InteropServices;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>The runtime library on .NET 8. The service is published with its own runtime, since a machine with the SDK alone has only the newest.</summary>
public sealed class Net8Tests
{
    [Fact]
    public async Task DrainsThereAsWell()
    {
        using var folder = new TemporaryFolder();
        var project = Path.Combine(Repository.Root, "tests", "Services", "Net8Web");
        await Command.RunAsync("dotnet", ["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-o", folder.Path, "-nodeReuse:false"]);

        await using var service = ServiceUnderTest.StartFile(folder.File("Net8Web"), [], new Dictionary<string, string> { ["SHUTDOWN_DRAIN_DELAY"] = "3" });
        const string Listening = "Now listening on: ";
        var line = await service.LineAsync(Listening);
        await service.LineAsync("Application started");
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()) };
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
}
