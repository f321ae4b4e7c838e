using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Section 5: what the container disposes.</summary>
public sealed class ContainerFacts
{
    [Fact]
    [Shows("5.1", "The container never disposes an instance that it was given, keyed and hosted ones included; a hosted one is stopped", "SHUT301")]
    public async Task InstancesAreNotDisposed()
    {
        var output = await RunAsync(0, "Registrations");
        Assert.Contains("hosted instance stopped", output);
        Assert.Contains("by type disposed", output);
        Assert.DoesNotContain("instance disposed", output);
    }

    [Fact]
    [Shows("5.2", "What a factory returns is disposed, also where it is shared", "SHUT301")]
    public async Task WhatAFactoryReturnsIsDisposed() =>
        Assert.Contains("shared by a factory disposed", await RunAsync(0, "Registrations"));

    [Fact]
    [Shows("5.3", "Disposal comes after ApplicationStopped, in reverse order of creation, before Run returns", "SHUT302")]
    public async Task DisposalComesLast() =>
        InOrder(await RunAsync(0, "Registrations"), "hosted instance stopped", "stopped", "shared by a factory disposed", "by type disposed", "run returned");

    [Fact]
    [Shows("5.4", "A service that is only IAsyncDisposable makes the synchronous disposal of a scope or provider throw, and what was created before it is left; a host disposes it", "SHUT307")]
    public async Task AsyncOnlyDisposables()
    {
        var output = await RunAsync(0, "AsyncOnlyDisposables");
        InOrder(output, "async-only disposed", "host is done", "scope threw", "IAsyncDisposable", "provider threw", "IAsyncDisposable");
        Assert.DoesNotContain("by type disposed", output);
    }

    [Fact]
    [Shows("5.5", "A Dispose that throws keeps the rest from being disposed")]
    public async Task AThrowingDisposeAbortsTheRest()
    {
        var output = await RunAsync(0, "ThrowingDispose");
        Assert.Contains("threw: no disposal today", output);
        Assert.DoesNotContain("by type disposed", output);
    }

    [Fact]
    [Shows("5.6", "A host that is stopped and not disposed disposes nothing", "SHUT109")]
    public async Task AStopIsNoDisposal()
    {
        var output = await RunAsync(0, "StoppedNotDisposed");
        Assert.Contains("witness stopped", output);
        Assert.DoesNotContain("disposed", output);
    }

    [Fact]
    [Shows("5.7", "A second AddHostedService of the same type by a factory is dropped")]
    public async Task TheSameHostedServiceTwice()
    {
        var output = await RunAsync(0, "SameServiceTwice");
        Assert.Contains("first stopped", output);
        Assert.DoesNotContain("second", output);
    }
}
