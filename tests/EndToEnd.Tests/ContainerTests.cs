using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>The service as the first process of its namespace, as in a container: the kernel drops every signal there that nobody handles.</summary>
public sealed class ContainerTests
{
    [SkippableTheory]
    [InlineData("Shop", "minimal")]
    [InlineData("Shop", "webhost")]
    [InlineData("ShopJobs", "worker")]
    [InlineData("ShopJobs", "program")]
    public async Task DrainsAsProcessOne(string project, string form)
    {
        var prefix = await ProcessNamespace.PrefixAsync();
        await using var service = ServiceUnderTest.StartFile(
            prefix[0], [.. prefix[1..], "dotnet", ServiceUnderTest.AssemblyFile(project), form], new Dictionary<string, string> { ["SHUTDOWN_DRAIN_DELAY"] = "1" });
        await service.LineAsync(project == "Shop" ? "Application started" : "item 1 begins");

        ServiceProcess.Signal(service.Child(), 15);

        Assert.Equal(0, await service.ExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains(form == "program" ? "shelf closed" : "exit code 0", service.Output);
    }
}
