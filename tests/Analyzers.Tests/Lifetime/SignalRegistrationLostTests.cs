using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class SignalRegistrationLostTests : RuleTest<SignalRegistrationLost, SignalRegistrationLostFix>
{
    private static readonly Action<Code> Console = code => code.NetOnly = true;

    [Fact]
    public Task Dropped() => FixesAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            cts.Cancel();
        });

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
    public Task Discarded() => FixesAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        _ = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            cts.Cancel();
        });

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
    public Task UnusedLocal() => FixesAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        var reg = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            cts.Cancel();
        });

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        using var reg = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            cts.Cancel();
        });

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task InHelper() => FixesAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        internal static class Program
        {
            private static readonly CancellationTokenSource Stop = new();

            private static void Main()
            {
                Listen();
                Stop.Token.WaitHandle.WaitOne();
            }

            private static void Listen()
            {
                [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, context => { context.Cancel = true; Stop.Cancel(); });
            }
        }
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        internal static class Program
        {
            private static PosixSignalRegistration? _sigterm;
            private static readonly CancellationTokenSource Stop = new();

            private static void Main()
            {
                Listen();
                Stop.Token.WaitHandle.WaitOne();
            }

            private static void Listen()
            {
                _sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => { context.Cancel = true; Stop.Cancel(); });
            }
        }
        """,
        Console);

    [Fact]
    public Task UsingInHelper() => FixesAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        internal static class Program
        {
            private static readonly CancellationTokenSource Stop = new();

            private static void Main()
            {
                Listen();
                Stop.Token.WaitHandle.WaitOne();
            }

            private static void Listen()
            {
                using var reg = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, context => { context.Cancel = true; Stop.Cancel(); });
            }
        }
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        internal static class Program
        {
            private static PosixSignalRegistration? _sigterm;
            private static readonly CancellationTokenSource Stop = new();

            private static void Main()
            {
                Listen();
                Stop.Token.WaitHandle.WaitOne();
            }

            private static void Listen()
            {
                _sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => { context.Cancel = true; Stop.Cancel(); });
            }
        }
        """,
        Console);

    [Fact]
    public Task UsingInProgram() => QuietAsync(
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
    public Task KeptAlive() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        var reg = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            cts.Cancel();
        });

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        GC.KeepAlive(reg);
        """,
        Console);

    [Fact]
    public Task Field() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        internal static class Program
        {
            private static PosixSignalRegistration? _sigterm;
            private static readonly CancellationTokenSource Stop = new();

            private static void Main()
            {
                Listen();
                Stop.Token.WaitHandle.WaitOne();
            }

            private static void Listen()
            {
                _sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => { context.Cancel = true; Stop.Cancel(); });
            }
        }
        """,
        Console);

    [Theory]
    [InlineData("[|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, OnSignal); void OnSignal(PosixSignalContext context) => Stop(context);")]
    [InlineData("[|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, delegate (PosixSignalContext context) { Stop(context); });")]
    [InlineData("_ = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, Stop); _ = [|PosixSignalRegistration.Create|](PosixSignal.SIGINT, Stop);")]
    [InlineData("Listen(); void Listen() { var kept = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, Stop); }")]
    [InlineData("if (args.Length == 0) { using var r = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, Stop); Console.WriteLine(); }")]
    [InlineData("using (PosixSignalRegistration r = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, Stop)) { }")]
    [InlineData("var all = new[] { [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, Stop), [|PosixSignalRegistration.Create|](PosixSignal.SIGINT, Stop) };")]
    [InlineData("PosixSignalRegistration? r; r = [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, Stop);")]
    public Task EveryForm(string code) => ReportsAsync(Program(code), Console);

    [Theory]
    [InlineData("using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)) { cts.Token.WaitHandle.WaitOne(); }")]
    [InlineData("if (args.Length == 0) { using var r = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop); cts.Token.WaitHandle.WaitOne(); }")]
    [InlineData("var all = new List<IDisposable>(); all.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));")]
    [InlineData("var all = new[] { PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop) }; cts.Token.WaitHandle.WaitOne(); GC.KeepAlive(all);")]
    [InlineData("PosixSignalRegistration? r = null; Listen(); cts.Token.WaitHandle.WaitOne(); r?.Dispose(); void Listen() => r = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);")]
    [InlineData("var kept = Listen(); cts.Token.WaitHandle.WaitOne(); kept.Dispose(); IDisposable Listen() => PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);")]
    public Task Kept(string code) => QuietAsync(Program(code), Console);

    [Fact]
    public Task InAnotherPartOfTheClass() => ReportsAsync(
        "using System.Runtime.InteropServices; static partial class Program { static void Listen() { [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, OnSignal); } }",
        code =>
        {
            code.NetOnly = true;
            code.OtherFiles.Add(("Main.cs", "using System.Runtime.InteropServices; static partial class Program { static void Main() => Listen(); static void OnSignal(PosixSignalContext context) => context.Cancel = true; }"));
        });

    [Fact]
    public Task FixesSeveral() => FixesAsync(
        Program("""
            [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, Stop);
            [|PosixSignalRegistration.Create|](PosixSignal.SIGTERM, Stop);
            _ = [|PosixSignalRegistration.Create|](PosixSignal.SIGINT, Stop);
            """),
        Program("""
            using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            using var sigterm2 = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            using var sigint = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            """),
        code => (code.NetOnly, code.FixAllIterations) = (true, 1));

    [Theory]
    [InlineData("System.Console.CancelKeyPress += (;")]
    [InlineData("System.AppDomain.CurrentDomain.ProcessExit += null!;")]
    [InlineData("System.Runtime.InteropServices.PosixSignalRegistration.Create(, ctx => );")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Program(string code) =>
        $$"""
        using System;
        using System.Collections.Generic;
        using System.Runtime.InteropServices;
        using System.Threading;

        using var cts = new CancellationTokenSource();
        {{code}}
        cts.Token.WaitHandle.WaitOne();
        void Stop(PosixSignalContext context) { context.Cancel = true; cts.Cancel(); }
        """;
}
