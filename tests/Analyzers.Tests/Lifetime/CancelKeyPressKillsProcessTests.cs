using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class CancelKeyPressKillsProcessTests : RuleTest<CancelKeyPressKillsProcess, CancelKeyPressKillsProcessFix>
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
        [|Console.CancelKeyPress|] += (_, _) => cts.Cancel();

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            cts.Cancel();
        };

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task SetToFalse() => FixesAsync(
        """
        using System;
        using System.Threading;

        using var cts = new CancellationTokenSource();
        [|Console.CancelKeyPress|] += (_, e) =>
        {
            cts.Cancel();
            e.Cancel = false;
        };

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        """
        using System;
        using System.Threading;

        using var cts = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            cts.Cancel();
        };

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task SetAfterAwait() => FixesAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        [|Console.CancelKeyPress|] += async (_, args) =>
        {
            await Task.Delay(10);
            args.Cancel = true;
            cts.Cancel();
        };

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        Console.CancelKeyPress += async (_, args) =>
        {
            args.Cancel = true;
            await Task.Delay(10);
            cts.Cancel();
        };

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task LocalFunction() => FixesAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        [|Console.CancelKeyPress|] += OnCancel;

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);

        void OnCancel(object? sender, ConsoleCancelEventArgs e)
        {
            cts.Cancel();
        }
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        Console.CancelKeyPress += OnCancel;

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);

        void OnCancel(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            cts.Cancel();
        }
        """,
        Console);

    [Fact]
    public Task AnonymousMethod() => FixesAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        [|Console.CancelKeyPress|] += delegate { cts.Cancel(); };

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        Console.CancelKeyPress += delegate (object? sender, ConsoleCancelEventArgs e) { e.Cancel = true; cts.Cancel(); };

        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task TwoStage() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            if (!cts.IsCancellationRequested)
                e.Cancel = true;
            cts.Cancel();
        };
        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task OnlyFlushes() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        Console.CancelKeyPress += (_, _) => Console.Out.Flush();
        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task Blocks() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        using var done = new ManualResetEventSlim();
        Console.CancelKeyPress += (_, _) => { cts.Cancel(); done.Wait(); };
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
        Console.CancelKeyPress += (_, _) => { cts.Cancel(); Environment.Exit(1); };
        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);
        """,
        Console);

    [Fact]
    public Task HelperSets() => QuietAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;

        using var cts = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) => { Keep(e); cts.Cancel(); };
        while (!cts.IsCancellationRequested)
            Thread.Sleep(100);

        static void Keep(ConsoleCancelEventArgs e) => e.Cancel = true;
        """,
        Console);

    [Fact]
    public Task HostOwnsIt() => QuietAsync(
        """
        var cts = new CancellationTokenSource();
        Console.CancelKeyPress += (_, _) => cts.Cancel();
        WebApplication.CreateBuilder(args).Build().Run();
        """);

    [Theory]
    [InlineData("ConsoleCancelEventHandler onCancel = (_, _) => cts.Cancel(); [|Console.CancelKeyPress|] += onCancel;")]
    [InlineData("[|Console.CancelKeyPress|] += static (_, _) => Stop.Wish();")]
    [InlineData("[|Console.CancelKeyPress|] += (_, e) => { e.Cancel = false; cts.Cancel(); };")]
    [InlineData("[|Console.CancelKeyPress|] += (_, e) => { Console.WriteLine(e.SpecialKey); cts.Cancel(); };")]
    [InlineData("[|Console.CancelKeyPress|] += (_, _) => cts.Cancel(); [|Console.CancelKeyPress|] += delegate { Stop.Wish(); };")]
    [InlineData("var done = new TaskCompletionSource(); [|Console.CancelKeyPress|] += (_, _) => done.TrySetResult();")]
    public Task EveryForm(string hook) => ReportsAsync(Program(hook), Console);

    [Theory]
    [InlineData("Console.CancelKeyPress += (_, e) => { e.Cancel = !cts.IsCancellationRequested; cts.Cancel(); };")]
    [InlineData("Console.CancelKeyPress += async (_, e) => { e.Cancel = true; await Task.Delay(1); cts.Cancel(); };")]
    [InlineData("Console.CancelKeyPress -= (_, _) => cts.Cancel();")]
    [InlineData("Console.CancelKeyPress += (_, _) => Console.WriteLine(cts.IsCancellationRequested);")]
    public Task RightHandlers(string hook) => QuietAsync(Program(hook), Console);

    [Fact]
    public Task FixesSeveral() => FixesAsync(
        Program("""
            [|Console.CancelKeyPress|] += (_, _) => cts.Cancel();
            [|Console.CancelKeyPress|] += OnCancel;
            [|Console.CancelKeyPress|] += OnCancel;

            void OnCancel(object? sender, ConsoleCancelEventArgs e) => cts.Cancel();
            """),
        Program("""
            Console.CancelKeyPress += (_, e) =>
            {
                e.Cancel = true;
                cts.Cancel();
            };
            Console.CancelKeyPress += OnCancel;
            Console.CancelKeyPress += OnCancel;

            void OnCancel(object? sender, ConsoleCancelEventArgs e)
            {
                e.Cancel = true;
                cts.Cancel();
            }
            """),
        code => (code.NetOnly, code.FixAllIterations) = (true, 1));

    [Fact]
    public Task FixesAMethodInAnotherPartOfTheClass() => FixesAsync(
        """
        using System;

        internal static partial class Program
        {
            private static void Main() => [|Console.CancelKeyPress|] += OnCancel;
        }
        """,
        """
        using System;

        internal static partial class Program
        {
            private static void Main() => Console.CancelKeyPress += OnCancel;
        }
        """,
        code =>
        {
            code.NetOnly = true;
            code.OtherFiles.Add(("Stop.cs", Handler("")));
            code.FixedOtherFiles = [("Stop.cs", Handler("        e.Cancel = true;\n"))];
        });

    [Theory]
    [InlineData("System.Console.CancelKeyPress += (;")]
    [InlineData("System.AppDomain.CurrentDomain.ProcessExit += null!;")]
    [InlineData("System.Runtime.InteropServices.PosixSignalRegistration.Create(, ctx => );")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Program(string hook) =>
        $$"""
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        using var cts = new CancellationTokenSource();
        {{hook}}

        static class Stop
        {
            private static readonly CancellationTokenSource Source = new();
            public static void Wish() => Source.Cancel();
        }
        """;

    private static string Handler(string first) =>
        $$"""
        using System;
        using System.Threading;

        internal static partial class Program
        {
            private static readonly CancellationTokenSource Stop = new();

            private static void OnCancel(object? sender, ConsoleCancelEventArgs e)
            {
        {{first}}        Stop.Cancel();
            }
        }
        """;
}
