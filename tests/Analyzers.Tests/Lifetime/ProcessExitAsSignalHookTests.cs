using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class ProcessExitAsSignalHookTests : RuleTest<ProcessExitAsSignalHook, ProcessExitAsSignalHookFix>
{
    private static readonly Action<Code> Console = code => code.NetOnly = true;

    [Fact]
    public Task Lambda() => FixesAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        [|AppDomain.CurrentDomain.ProcessExit|] += (_, _) => cts.Cancel();

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;
        using ShutdownAnalyzers.Runtime;

        using var cts = new CancellationTokenSource();
        using var shutdown = ShutdownSignal.Register();
        shutdown.Token.Register(() => cts.Cancel());

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task Waits() => OffersNoFixAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        using var done = new ManualResetEventSlim();
        [|AppDomain.CurrentDomain.ProcessExit|] += (_, _) => { cts.Cancel(); done.Wait(); };
        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task OnlyLogs() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine("bye");
        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task DeletesFiles() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.File.Delete("x");
        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task SignalIsHandled() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cts.Cancel();
        using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            cts.Cancel();
        });

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task Host() => QuietAsync(
        """
        var cts = new CancellationTokenSource();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cts.Cancel();
        WebApplication.CreateBuilder(args).Build().Run();
        """);

    [Theory]
    [InlineData("System.Console.CancelKeyPress += (;")]
    [InlineData("System.AppDomain.CurrentDomain.ProcessExit += null!;")]
    [InlineData("System.Runtime.InteropServices.PosixSignalRegistration.Create(, ctx => );")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
