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
    [InlineData("System.Console.CancelKeyPress += (;")]
    [InlineData("System.AppDomain.CurrentDomain.ProcessExit += null!;")]
    [InlineData("System.Runtime.InteropServices.PosixSignalRegistration.Create(, ctx => );")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
