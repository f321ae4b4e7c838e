using ShutdownAnalyzers.TestSupport;
using static ShutdownAnalyzers.Facts.Tests.Scenario;

namespace ShutdownAnalyzers.Facts.Tests;

/// <summary>Sections 1.4 and 12: the process that a container starts. A PID namespace stands for the container; making one takes root.</summary>
public sealed class ContainerInitFacts
{
    // Not the log's line: a shell passes no settings on whose names have dots.
    private const string Runs = "host runs";

    private static readonly string Host = $"dotnet '{ServiceUnderTest.AssemblyFile("Facts")}' StockHost";

    [SkippableFact]
    [Shows("1.4", "As PID 1 of a container a program without a handler doesn't end in order either: as the kernel has it, SIGTERM kills it or does nothing", "SHUT102", "SHUT104")]
    public async Task APlainProgramEndsNothing()
    {
        await using var process = await InNamespaceAsync("ready", "dotnet", ServiceUnderTest.AssemblyFile("Facts"), "PlainProgram");
        await DiesOrRunsOnAsync(process);
        Assert.Equal("ready", process.Output);
    }

    [SkippableFact]
    [Shows("1.4", "As PID 1 a handler without Cancel runs, then SIGTERM kills the process or it runs on: no finally, no ProcessExit", "SHUT107")]
    public async Task AHandlerWithoutCancelEndsNothing()
    {
        await using var process = await InNamespaceAsync("ready", "dotnet", ServiceUnderTest.AssemblyFile("Facts"), "HandlerOnly");
        await DiesOrRunsOnAsync(process);
        Assert.Equal("ready\nhandler", process.Output);
    }

    [SkippableFact]
    [Shows("12", "A shell as PID 1 keeps SIGTERM to itself: the application never hears of it", "SHUT611", "SHUT612")]
    public async Task AShellKeepsTheSignal()
    {
        await using var process = await InNamespaceAsync(Runs, "sh", "-c", Host + "; true");
        await SignalAndSettleAsync(process);
        Assert.False(process.HasExited, process.Output);
        Assert.DoesNotContain("witness", process.Output);
    }

    [SkippableTheory]
    [InlineData("dotnet")]
    [InlineData("sh", "-c", "exec ")]
    [Shows("12", "Started directly or by exec, the application as PID 1 gets SIGTERM and stops in order", "SHUT611", "SHUT612")]
    public async Task ExecPassesTheSignalOn(params string[] start)
    {
        string[] command = start is ["dotnet"] ? ["dotnet", ServiceUnderTest.AssemblyFile("Facts"), "StockHost"] : [start[0], start[1], start[2] + Host];
        await using var process = await InNamespaceAsync(Runs, command);

        ServiceProcess.Signal(process.Child(), SigTerm);

        Assert.Equal(0, await process.ExitAsync());
        Assert.Contains("witness disposed", process.Output);
    }

    [Fact]
    [Shows("12", "Outside of a container the shell dies of SIGTERM and leaves the application behind", "SHUT611", "SHUT612")]
    public async Task AShellLeavesTheApplicationBehind()
    {
        await using var shell = ServiceUnderTest.StartFile("sh", ["-c", Host + "; true"]);
        await shell.LineAsync(Runs);
        var application = shell.Child();

        shell.Signal();

        for (var waited = 0; !shell.HasExited && waited < 20_000; waited += 50)
            await Task.Delay(50);
        Assert.True(shell.HasExited);
        Assert.DoesNotContain("witness", shell.Output);
        ServiceProcess.Signal(application, SigTerm);
        Assert.Equal(KilledBySigTerm, await shell.ExitAsync());
        Assert.Contains("witness disposed", shell.Output);
    }

    private static async Task<ServiceProcess> InNamespaceAsync(string line, params string[] command)
    {
        Skip.IfNot(await MayMakeNamespaces.Value, "A PID namespace takes root on Linux.");
        var process = ServiceUnderTest.StartFile("unshare", ["--pid", "--fork", "--kill-child", .. command]);
        await process.LineAsync(line);
        return process;
    }

    private static readonly Lazy<Task<bool>> MayMakeNamespaces = new(async () =>
        OperatingSystem.IsLinux() && (await Command.RunAsync("unshare", ["--pid", "--fork", "echo", "made"], mayFail: true)).Contains("made", StringComparison.Ordinal));

    private static async Task SignalAndSettleAsync(ServiceProcess process)
    {
        ServiceProcess.Signal(process.Child(), SigTerm);
        await Task.Delay(TimeSpan.FromSeconds(2));
    }

    /// <summary>
    /// The runtime puts SIGTERM's default back inside its signal handler and sends itself the signal again. Linux drops a default signal that
    /// PID 1 gets, but since 4.15 (commit 426915796cca) not one that the main thread blocks, as it does in a handler, while another thread takes it.
    /// </summary>
    private static async Task DiesOrRunsOnAsync(ServiceProcess process)
    {
        await SignalAndSettleAsync(process);
        if (process.HasExited)
            Assert.Equal(KilledBySigTerm, await process.ExitAsync());
    }
}
