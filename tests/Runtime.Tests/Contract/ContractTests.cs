using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>What <see cref="ContractUse"/> can't show by compiling: the assemblies, the values of the defaults, and that the calls do what they say.</summary>
public sealed class ContractTests
{
    [Theory]
    [InlineData("ShutdownAnalyzers.Runtime", typeof(GracefulShutdownHostingExtensions), typeof(GracefulShutdownServiceCollectionExtensions), typeof(IGracefulShutdown), typeof(GracefulShutdownOptions), typeof(ShutdownSignal), typeof(DrainPhase), typeof(CleanupStage), typeof(LateRequests), typeof(ReadinessMode))]
    [InlineData("ShutdownAnalyzers.Runtime.AspNetCore", typeof(GracefulShutdownHealthChecksExtensions), typeof(GracefulShutdownWebHostBuilderExtensions), typeof(GracefulShutdownWebApplicationExtensions), typeof(DrainHttpContextExtensions), typeof(LongRunningAttribute))]
    public void TypesAreInTheirAssembly(string assembly, params Type[] types) => Assert.All(types, type => Assert.Equal(assembly, type.Assembly.GetName().Name));

    [Fact]
    public void TheRuntimeNeedsNoAspNetCore() =>
        Assert.DoesNotContain(typeof(IGracefulShutdown).Assembly.GetReferencedAssemblies(), reference => reference.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Theory]
    [InlineData(typeof(GracefulShutdownServiceCollectionExtensions), "AddShutdownCleanup", "services, name, cleanup, stage = Close, timeout = null")]
    [InlineData(typeof(GracefulShutdownServiceCollectionExtensions), "AddGracefulShutdown", "services, configure = null")]
    [InlineData(typeof(GracefulShutdownHostingExtensions), "AddGracefulShutdown", "builder, configure = null")]
    [InlineData(typeof(GracefulShutdownHostingExtensions), "UseGracefulShutdown", "builder, configure = null")]
    [InlineData(typeof(GracefulShutdownWebHostBuilderExtensions), "UseGracefulShutdown", "builder, configure = null")]
    [InlineData(typeof(GracefulShutdownWebApplicationExtensions), "AddGracefulShutdown", "builder, configure = null")]
    [InlineData(typeof(GracefulShutdownWebApplicationExtensions), "MapReadiness", "endpoints, pattern = /health/ready")]
    [InlineData(typeof(GracefulShutdownWebApplicationExtensions), "MapLiveness", "endpoints, pattern = /health/live")]
    [InlineData(typeof(GracefulShutdownHealthChecksExtensions), "AddShutdownCheck", "builder, name = shutdown, tags")]
    [InlineData(typeof(IGracefulShutdown), "OnCleanup", "name, cleanup, stage = Close, timeout = null")]
    [InlineData(typeof(IGracefulShutdown), "StartAsync", "reason, cancellationToken = null")]
    public void DefaultsAreTheContracts(Type type, string method, string parameters) =>
        Assert.Contains(parameters, type.GetMethods().Where(m => m.Name == method).Select(m => string.Join(", ", m.GetParameters().Select(Show))));

    [Fact]
    public void NumbersOfTheEnumsStay()
    {
        Assert.Equal("Running Announce Shed Refuse Stop CleanUp Exit", string.Join(' ', Enum.GetNames<DrainPhase>()));
        Assert.Equal("StopIntake Flush Close", string.Join(' ', Enum.GetNames<CleanupStage>()));
        Assert.Equal("CloseListener Refuse", string.Join(' ', Enum.GetNames<LateRequests>()));
        Assert.Equal("Immediate AfterDelay Never", string.Join(' ', Enum.GetNames<ReadinessMode>()));
        Assert.Equal(0, (int)default(LateRequests));
        Assert.Equal(LateRequests.CloseListener, default);
        Assert.Equal(ReadinessMode.Immediate, default);
    }

    [Fact]
    public void OptionsHaveTheirDefaults()
    {
        var options = new GracefulShutdownOptions();
        Assert.Equal((10.0, 10.0, 5.0), (options.DrainDelay.TotalSeconds, options.RequestTimeout.TotalSeconds, options.CleanupTimeout.TotalSeconds));
        Assert.Null(options.ShedAfter);
        Assert.Null(options.PlatformGrace);
        Assert.Equal((LateRequests.CloseListener, ReadinessMode.Immediate), (options.LateRequests, options.ReadinessMode));
    }

    [Fact]
    public async Task TheContractsCallsRun()
    {
        await using DrainHost host = await DrainHost.StartAsync();
        await ContractUse.ShutdownAsync(host.Shutdown);
        Assert.Equal(DrainPhase.Announce, host.Phase);
        host.Process.Advance(10);
        await host.EndAsync();
        Assert.Equal(5, ((string)Assert.Single(host.Logs.Reports)["Cleanup"]!).Split("'pool'").Length - 1);
        Assert.Equal("RunningCloseRefuseNever", ContractUse.Words(DrainPhase.Running, CleanupStage.Close, LateRequests.Refuse, ReadinessMode.Never));
    }

    [Fact]
    public async Task AnotherImplementationRunsTheForcedStepWhereTheGracefulOneFails()
    {
        var stub = new ContractUse.Stub();
        bool forced = false;
        IGracefulShutdown shutdown = stub;
        shutdown.OnCleanup("pool", _ => throw new InvalidOperationException("no broker"), _ =>
        {
            forced = true;
            return ValueTask.CompletedTask;
        });
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Assert.Single(stub.Handlers)(CancellationToken.None));
        Assert.True(forced);
    }

    private static string Show(ParameterInfo parameter) => parameter.HasDefaultValue ? $"{parameter.Name} = {parameter.DefaultValue ?? "null"}" : parameter.Name!;
}
