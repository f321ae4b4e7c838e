using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class SignalHandlerDoesNotCancelTests : RuleTest<SignalHandlerDoesNotCancel, SignalHandlerDoesNotCancelFix>
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
        using var sigterm = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, _ => cts.Cancel());

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
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
    public Task Cancels() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
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
    public Task EndsProcess() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => { cts.Cancel(); Environment.Exit(0); });
        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task OtherSignal() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        using var hup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => cts.Cancel());
        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task HostOwnsIt() => QuietAsync(
        """
        var cts = new CancellationTokenSource();
        using var s = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, _ => cts.Cancel());
        WebApplication.CreateBuilder(args).Build().Run();
        """);

    [Theory]
    [InlineData("using var r = [|PosixSignalRegistration.Create|](PosixSignal.SIGINT, delegate { cts.Cancel(); });")]
    [InlineData("using var r = [|PosixSignalRegistration.Create|](PosixSignal.SIGQUIT, OnSignal); void OnSignal(PosixSignalContext context) => cts.Cancel();")]
    [InlineData("using var r = [|PosixSignalRegistration.Create|]((PosixSignal)15, _ => cts.Cancel());")]
    [InlineData("Action<PosixSignalContext> stop = _ => cts.Cancel(); using var r = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, stop);")]
    [InlineData("using var r = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, async c => { await Task.Delay(1); c.Cancel = true; cts.Cancel(); });")]
    [InlineData("using var r = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, c => { c.Cancel = false; cts.Cancel(); });")]
    [InlineData("using var a = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, _ => cts.Cancel()); using var b = [|PosixSignalRegistration.Create|](PosixSignal.SIGINT, _ => cts.Cancel());")]
    public Task EveryForm(string code) => ReportsAsync(Program(code), Console);

    [Theory]
    [InlineData("using var r = PosixSignalRegistration.Create(PosixSignal.SIGTERM, async c => { c.Cancel = true; await Task.Delay(1); cts.Cancel(); });")]
    [InlineData("using var r = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Console.WriteLine());")]
    [InlineData("var done = new ManualResetEventSlim(); using var r = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => { cts.Cancel(); done.Wait(); });")]
    [InlineData("using var r = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => { Keep(c); cts.Cancel(); }); void Keep(PosixSignalContext c) => c.Cancel = true;")]
    [InlineData("using var r = PosixSignalRegistration.Create(args.Length > 0 ? PosixSignal.SIGTERM : PosixSignal.SIGHUP, _ => cts.Cancel());")]
    public Task RightHandlers(string code) => QuietAsync(Program(code), Console);

    [Fact]
    public Task FixesOneHandlerOfSeveralSignals() => FixesAsync(
        Program("""
            using var term = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, OnSignal);
            using var quit = [|PosixSignalRegistration.Create|](PosixSignal.SIGQUIT, OnSignal);
            using var interrupt = [|PosixSignalRegistration.Create|](PosixSignal.SIGINT, delegate { cts.Cancel(); });

            void OnSignal(PosixSignalContext signal) => cts.Cancel();
            """),
        Program("""
            using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
            using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, delegate (PosixSignalContext context) { context.Cancel = true; cts.Cancel(); });

            void OnSignal(PosixSignalContext signal)
            {
                signal.Cancel = true;
                cts.Cancel();
            }
            """),
        code => (code.NetOnly, code.FixAllIterations) = (true, 1));

    [Fact]
    public Task FixesAMethodInAnotherPartOfTheClass() => FixesAsync(
        EntryPoint("[|PosixSignalRegistration.Create|]"),
        EntryPoint("PosixSignalRegistration.Create"),
        code =>
        {
            code.NetOnly = true;
            code.OtherFiles.Add(("Stop.cs", Handler("")));
            code.FixedOtherFiles = [("Stop.cs", Handler("        context.Cancel = true;\n"))];
        });

    [Theory]
    [InlineData("System.Console.CancelKeyPress += (;")]
    [InlineData("System.AppDomain.CurrentDomain.ProcessExit += null!;")]
    [InlineData("System.Runtime.InteropServices.PosixSignalRegistration.Create(, ctx => );")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Program(string code) =>
        $$"""
        using System;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;

        using var cts = new CancellationTokenSource();
        {{code}}
        cts.Token.WaitHandle.WaitOne();
        """;

    private static string EntryPoint(string create) =>
        $$"""
        using System.Runtime.InteropServices;

        internal static partial class Program
        {
            private static void Main()
            {
                using var term = {{create}}(PosixSignal.SIGTERM, OnSignal);
                Stop.Token.WaitHandle.WaitOne();
            }
        }
        """;

    private static string Handler(string first) =>
        $$"""
        using System.Runtime.InteropServices;
        using System.Threading;

        internal static partial class Program
        {
            private static readonly CancellationTokenSource Stop = new();

            private static void OnSignal(PosixSignalContext context)
            {
        {{first}}        Stop.Cancel();
            }
        }
        """;
}
