using System.Net;
using System.Runtime.InteropServices;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>The runtime library in a service published as native code: without a warning, and with the same drain.</summary>
public sealed class NativeAotTests
{
    [SkippableFact]
    public async Task DrainsThereAsWell()
    {
        InstalledProgram.Find("clang");
        using var folder = new TemporaryFolder();
        var project = Path.Combine(Repository.Root, "tests", "Services", "AotWeb");
        var published = await Command.RunAsync("dotnet", ["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", folder.Path, "-nodeReuse:false"]);
        Assert.DoesNotContain("warning", published);

        await using var service = ServiceUnderTest.StartFile(folder.File("AotWeb"), [], new Dictionary<string, string> { ["SHUTDOWN_DRAIN_DELAY"] = "3" });
        const string Listening = "Now listening on: ";
        var line = await service.LineAsync(Listening);
        await service.LineAsync("Application started");
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()) };
        Assert.Equal("yes", await client.GetStringAsync("/native"));
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/events");
        ask.Headers.Accept.ParseAdd("text/event-stream");
        using var events = await client.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead);
        var slow = client.GetAsync("/slow/5000");
        await service.LineAsync("slow begins");

        service.Signal();
        await service.LineAsync("Draining because of SIGTERM");

        foreach (var probe in new[] { "/health/ready", "/checks" })
        {
            using var readiness = await client.GetAsync(probe);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
        }

        using (var liveness = await client.GetAsync("/health/live"))
            Assert.Equal(HttpStatusCode.OK, liveness.StatusCode);
        Assert.Matches("^data: begun\n\nretry: [0-9]+\n\n$", await events.Content.ReadAsStringAsync());
        using (var answer = await slow)
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await service.ExitAsync());
        Assert.Equal(["cleanup: last", "cleanup: shelf"], service.Output.Split('\n').Where(text => text.StartsWith("cleanup: ", StringComparison.Ordinal)));
    }
}
