using System.Runtime.InteropServices;
using ShutdownAnalyzers.TestSupport;
using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>The facts that .NET 10 changed, on .NET 8: the same scenarios, published with a runtime of their own.</summary>
public sealed class Net8Facts : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public Task InitializeAsync() => Command.RunAsync(
        "dotnet",
        ["publish", Path.Combine(Repository.Root, "tests", "Services", "Net8Facts"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-o", _folder.Path, "-nodeReuse:false"]);

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    // One test, since each would publish anew.
    [Fact]
    [Shows("1.1, 1.2, 6.3", "On .NET 8 SIGTERM raises ProcessExit and Unloading, and the old pattern that waits for Main in ProcessExit works; ExecuteAsync holds the start until its first await", "SHUT102", "SHUT104")]
    public async Task WhatChanged()
    {
        await using (var plain = Start("PlainProgram"))
        {
            await plain.LineAsync("ready");
            plain.Signal();
            await plain.ExitAsync();
            Assert.Contains("ProcessExit", plain.Output);
            Assert.Contains("Unloading", plain.Output);
            Assert.DoesNotContain("finally", plain.Output);
        }

        await using (var waiting = Start("WaitsInProcessExit"))
        {
            await waiting.LineAsync("ready");
            waiting.Signal();
            await waiting.ExitAsync();
            Assert.Contains("cleaned up", waiting.Output);
        }

        await using (var sleeping = Start("SleepsBeforeFirstAwait"))
        {
            await sleeping.LineAsync(Started);
            InOrder(sleeping.Output, "first step is done", Started);
        }
    }

    private ServiceProcess Start(string scenario) => ServiceUnderTest.StartFile(_folder.File("Net8Facts"), [scenario]);
}
