using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class NoTerminationSignalTests : RuleTest<NoTerminationSignal, NoTerminationSignalFix>
{
    private static readonly Action<Code> Console = code => code.NetOnly = true;

    private const string Usings =
        """
        using System;
        using System.Collections.Concurrent;
        using System.IO;
        using System.Net;
        using System.Net.Sockets;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;

        """;

    [Theory]
    [InlineData("[|while (true)|] { Work(); Thread.Sleep(1000); }")]
    [InlineData("[|for (;;)|] Work();")]
    [InlineData("[|do|] { Work(); } while (true);")]
    [InlineData("bool go = true; [|while (go)|] Work();")]
    [InlineData("[|while (true)|] { try { Work(); } catch (Exception) { } await Task.Delay(1000); }")]
    [InlineData("[|Thread.Sleep|](Timeout.Infinite);")]
    [InlineData("[|Thread.Sleep|](-1);")]
    [InlineData("await [|Task.Delay|](-1);")]
    [InlineData("await [|Task.Delay|](Timeout.InfiniteTimeSpan).ConfigureAwait(false);")]
    [InlineData("[|Task.Delay|](-1).Wait();")]
    [InlineData("new TcpListener(IPAddress.Any, 1).Start(); Thread.CurrentThread.[|Join|]();")]
    [InlineData("var exit = new ManualResetEvent(false); exit.[|WaitOne|]();")]
    [InlineData("using var exit = new ManualResetEventSlim(); exit.[|Wait|]();")]
    [InlineData("var done = new TaskCompletionSource(); await [|done.Task|];")]
    [InlineData("var done = new SemaphoreSlim(0); await done.[|WaitAsync|]();")]
    [InlineData("using var cts = new CancellationTokenSource(); [|while (!cts.IsCancellationRequested)|] Work();")]
    [InlineData("using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); [|while (await timer.WaitForNextTickAsync())|] Work();")]
    [InlineData("using var cts = new CancellationTokenSource(); using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); [|while (await timer.WaitForNextTickAsync(cts.Token).ConfigureAwait(false))|] Work();")]
    [InlineData("var listener = new TcpListener(IPAddress.Any, 80); listener.Start(); [|while (true)|] { using var client = listener.AcceptTcpClient(); }")]
    [InlineData("var listener = new HttpListener(); listener.Start(); [|while (listener.IsListening)|] { var context = await listener.GetContextAsync(); } listener.Stop();")]
    [InlineData("await Serve(); async Task Serve() { [|while (true)|] await Task.Delay(10); }")]
    [InlineData("await Task.Run(() => { [|while (true)|] Work(); });")]
    [InlineData("new Thread(Loop).Start(); void Loop() { [|while (true)|] Work(); }")]
    [InlineData("Console.CancelKeyPress += (_, _) => Console.WriteLine(\"bye\"); [|while (true)|] Work();")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine(\"bye\"); [|while (true)|] Work();")]
    public Task Endless(string code) => ReportsAsync(Program(code), Console);

    [Theory]
    [InlineData("using var cts = new CancellationTokenSource(); Console.CancelKeyPress += (_, e) => { e.Cancel = true; cts.Cancel(); }; [|while (!cts.IsCancellationRequested)|] Work();")]
    [InlineData("using var cts = new CancellationTokenSource(); Console.CancelKeyPress += (_, e) => { e.Cancel = true; cts.Cancel(); }; var token = cts.Token; [|while (!token.IsCancellationRequested)|] Work();")]
    [InlineData("using var cts = new CancellationTokenSource(); Console.CancelKeyPress += (_, e) => { e.Cancel = true; cts.Cancel(); }; await [|Task.Delay|](-1, cts.Token);")]
    [InlineData("using var cts = new CancellationTokenSource(); Console.CancelKeyPress += (_, e) => { e.Cancel = true; cts.Cancel(); }; cts.Token.WaitHandle.[|WaitOne|]();")]
    [InlineData("using var cts = new CancellationTokenSource(); Console.CancelKeyPress += (_, e) => { e.Cancel = true; cts.Cancel(); }; await Serve(cts.Token); async Task Serve(CancellationToken token) { [|while (!token.IsCancellationRequested)|] await Task.Delay(9, token); }")]
    [InlineData("using var cts = new CancellationTokenSource(); Console.CancelKeyPress += (_, e) => { e.Cancel = true; cts.Cancel(); }; try { [|while (true)|] await Task.Delay(9, cts.Token); } catch (OperationCanceledException) { }")]
    [InlineData("using var cts = new CancellationTokenSource(); Console.CancelKeyPress += (_, e) => { e.Cancel = true; cts.Cancel(); }; [|while (true)|] { try { await Task.Delay(9, cts.Token); } catch (OperationCanceledException) { break; } }")]
    [InlineData("using var cts = new CancellationTokenSource(); Console.CancelKeyPress += (_, e) => { e.Cancel = true; cts.Cancel(); }; [|while (true)|] { if (cts.IsCancellationRequested) break; Work(); }")]
    [InlineData("var stop = false; Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop = true; }; [|while (!stop)|] Work();")]
    [InlineData("var exit = new ManualResetEvent(false); Console.CancelKeyPress += delegate (object? s, ConsoleCancelEventArgs e) { e.Cancel = true; exit.Set(); }; exit.[|WaitOne|]();")]
    [InlineData("var done = new TaskCompletionSource(); Console.CancelKeyPress += OnCancel; await [|done.Task|]; void OnCancel(object? s, ConsoleCancelEventArgs e) { e.Cancel = true; done.TrySetResult(); }")]
    public Task CtrlCAlone(string code) => ReportsAsync(Program(code), Console);

    [Theory]
    [InlineData("while (true) { Work(); if (DateTime.Now.Hour == 3) break; }")]
    [InlineData("while (true) { if (DateTime.Now.Hour == 3) return; }")]
    [InlineData("while (true) { if (DateTime.Now.Hour == 3) throw new Exception(); }")]
    [InlineData("while (true) { if (DateTime.Now.Hour == 3) Environment.Exit(0); }")]
    [InlineData("while (true) { if (DateTime.Now.Hour == 3) Quit(); } void Quit() => Environment.Exit(0);")]
    [InlineData("while (DateTime.Now.Hour < 3) Work();")]
    [InlineData("for (var i = 0; i < 3; i++) Work();")]
    [InlineData("try { while (true) Work(); } catch (EndOfStreamException) { }")]
    [InlineData("while (true) { var line = Console.ReadLine(); Work(); }")]
    [InlineData("while (true) { Console.ReadKey(true); }")]
    [InlineData("while (true) { Menu(); } void Menu() { Console.In.ReadLine(); }")]
    [InlineData("new Thread(() => { while (true) Work(); }).Start(); Console.ReadLine();")]
    [InlineData("new Thread(() => { while (true) Work(); }) { IsBackground = true }.Start();")]
    [InlineData("var thread = new Thread(() => { while (true) Work(); }); thread.IsBackground = true; thread.Start();")]
    [InlineData("_ = Task.Run(() => { while (true) Work(); }); Work();")]
    [InlineData("Thread.Sleep(1000); await Task.Delay(5);")]
    [InlineData("await Task.WhenAny(Task.Delay(-1), Task.Delay(5));")]
    [InlineData("var exit = new ManualResetEvent(false); new Timer(_ => exit.Set()); exit.WaitOne();")]
    [InlineData("var exit = new ManualResetEvent(false); Give(exit); exit.WaitOne(); void Give(ManualResetEvent e) => e.Set();")]
    [InlineData("var exit = new ManualResetEvent(true); exit.WaitOne();")]
    [InlineData("var exit = new ManualResetEvent(false); exit.WaitOne(1000);")]
    [InlineData("var gate = new SemaphoreSlim(3); await gate.WaitAsync();")]
    [InlineData("var done = new TaskCompletionSource(); _ = Task.Run(() => done.SetResult()); await done.Task;")]
    [InlineData("using var cts = new CancellationTokenSource(1000); while (!cts.IsCancellationRequested) Work();")]
    [InlineData("using var cts = new CancellationTokenSource(); cts.CancelAfter(1000); while (!cts.IsCancellationRequested) Work();")]
    [InlineData("using var cts = new CancellationTokenSource(); _ = Task.Run(() => cts.Cancel()); while (!cts.IsCancellationRequested) Work();")]
    [InlineData("using var cts = new CancellationTokenSource(); _ = Task.Run(() => cts.Cancel()); while (true) await Task.Delay(9, cts.Token);")]
    [InlineData("var running = true; _ = Task.Run(() => running = false); while (running) Work();")]
    [InlineData("using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); _ = Task.Run(() => timer.Dispose()); while (await timer.WaitForNextTickAsync()) Work();")]
    [InlineData("using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); using var cts = new CancellationTokenSource(9000); while (await timer.WaitForNextTickAsync(cts.Token)) Work();")]
    [InlineData("var c = new BlockingCollection<int>(); foreach (var x in c.GetConsumingEnumerable()) Work();")]
    [InlineData("Func<Task> never = async () => { while (true) await Task.Delay(1); };")]
    public Task EndsByItself(string code) => QuietAsync(Program(code), Console);

    [Theory]
    [InlineData("using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => { c.Cancel = true; Environment.Exit(0); }); while (true) Work();")]
    [InlineData("PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Environment.Exit(0)); Thread.Sleep(-1);")]
    [InlineData("using var shutdown = ShutdownAnalyzers.Runtime.ShutdownSignal.Register(); while (!shutdown.Token.IsCancellationRequested) Work();")]
    [InlineData("using var cts = new CancellationTokenSource(); AppDomain.CurrentDomain.ProcessExit += (_, _) => cts.Cancel(); while (!cts.IsCancellationRequested) Work();")]
    public Task SignalIsKnown(string code) => QuietAsync(Program(code), Console);

    [Fact]
    public Task MainInAnotherFileOfThePartialClass() => ReportsAsync(
        """
        using System.Threading;

        internal static partial class Program
        {
            private static void Serve()
            {
                [|while (true)|]
                    Thread.Sleep(100);
            }
        }
        """,
        code =>
        {
            code.NetOnly = true;
            code.OtherFiles.Add(("Main.cs", "internal static partial class Program { private static void Main() => Serve(); }"));
        });

    [Fact]
    public Task MethodOfAnotherClass() => ReportsAsync(
        """
        using System.Threading.Tasks;

        internal static class Program
        {
            private static async Task Main() => await new Server().RunAsync();
        }

        internal sealed class Server
        {
            private bool _stopped;

            public async Task RunAsync()
            {
                [|while (!_stopped)|]
                    await Task.Delay(100);
            }
        }
        """,
        Console);

    [Fact]
    public Task WithAHostTheHostKnowsTheSignal() => QuietAsync(
        """
        var app = WebApplication.Create(args);
        _ = Task.Run(() => app.RunAsync());
        while (true) Thread.Sleep(1000);
        """);

    [Fact]
    public Task Library() => QuietAsync(
        "public class Server { public void Run() { while (true) System.Threading.Thread.Sleep(10); } }",
        code => (code.NetOnly, code.OutputKind) = (true, OutputKind.DynamicallyLinkedLibrary));

    [Fact]
    public Task DesktopProgram() => QuietAsync(Program("while (true) Work();"), code => (code.NetOnly, code.OutputKind) = (true, OutputKind.WindowsApplication));

    [Fact]
    public Task FixesLoop() => FixesAsync(
        """
        using System;
        using System.Threading;

        Console.WriteLine("up");

        // Every second.
        [|while (true)|]
        {
            Console.WriteLine("tick");
            Thread.Sleep(1000); // one second
        }
        """,
        """
        using System;
        using System.Threading;
        using ShutdownAnalyzers.Runtime;

        Console.WriteLine("up");
        using var shutdown = ShutdownSignal.Register();

        // Every second.
        while (!shutdown.Token.IsCancellationRequested)
        {
            Console.WriteLine("tick");
            shutdown.Token.WaitHandle.WaitOne(1000); // one second
        }
        """,
        Console);

    [Fact]
    public Task FixesLoopThatAwaits() => FixesAsync(
        """
        using System.Threading.Tasks;

        internal static class Program
        {
            private static async Task Main()
            {
                var shutdown = 0;

                // Poll.
                [|for (;;)|]
                {
                    shutdown++;
                    await Task.Delay(1000);
                }
            }
        }
        """,
        """
        using System;
        using System.Threading.Tasks;
        using ShutdownAnalyzers.Runtime;

        internal static class Program
        {
            private static async Task Main()
            {
                var shutdown = 0;
                using var shutdown2 = ShutdownSignal.Register();

                try
                {
                    // Poll.
                    while (!shutdown2.Token.IsCancellationRequested)
                    {
                        shutdown++;
                        await Task.Delay(1000, shutdown2.Token);
                    }
                }
                catch (OperationCanceledException) when (shutdown2.Token.IsCancellationRequested)
                {
                }
            }
        }
        """,
        Console);

    [Fact]
    public Task FixesAcceptLoop() => FixesAsync(
        """
        using System;
        using System.Net;
        using System.Net.Sockets;

        using var listener = new TcpListener(IPAddress.Any, 7000);
        listener.Start();
        try
        {
            [|while (true)|]
            {
                using var client = await listener.AcceptTcpClientAsync();
            }
        }
        catch (OperationCanceledException)
        {
        }
        """,
        """
        using System;
        using System.Net;
        using System.Net.Sockets;
        using ShutdownAnalyzers.Runtime;

        using var listener = new TcpListener(IPAddress.Any, 7000);
        listener.Start();
        using var shutdown = ShutdownSignal.Register();
        try
        {
            while (!shutdown.Token.IsCancellationRequested)
            {
                using var client = await listener.AcceptTcpClientAsync(shutdown.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
        """,
        Console);

    [Fact]
    public Task FixesWaitInMain() => FixesAsync(
        InMain("[|Thread.Sleep|](Timeout.Infinite);"),
        InMain("shutdown.Token.WaitHandle.WaitOne();", fixedCode: true),
        Console);

    [Fact]
    public Task FixesWaitAtTheTopLevel() => FixesAsync(
        """
        using System;
        using System.Threading;

        Console.WriteLine("up");
        [|Thread.Sleep|](Timeout.Infinite);
        """,
        """
        using System;
        using System.Threading;
        using ShutdownAnalyzers.Runtime;

        Console.WriteLine("up");
        using var shutdown = ShutdownSignal.Register();
        await shutdown.WaitAsync();
        """,
        Console);

    [Fact]
    public Task FixesWhatCtrlCEnds() => FixesAsync(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        try
        {
            using var cts = new CancellationTokenSource();
            Console.CancelKeyPress += (_, e) =>
            {
                e.Cancel = true;
                cts.Cancel();
            };
            await [|Task.Delay|](Timeout.Infinite, cts.Token);
        }
        catch (OperationCanceledException)
        {
        }
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using ShutdownAnalyzers.Runtime;

        using var shutdown = ShutdownSignal.Register();

        try
        {
            using var cts = new CancellationTokenSource();
            Console.CancelKeyPress += (_, e) =>
            {
                e.Cancel = true;
                cts.Cancel();
            };
            shutdown.Token.Register(() => cts.Cancel());
            await Task.Delay(Timeout.Infinite, cts.Token);
        }
        catch (OperationCanceledException)
        {
        }
        """,
        Console);

    [Fact]
    public Task FixesAFlagThatCtrlCSets() => FixesAsync(
        """
        using System;

        var stop = false;
        Console.CancelKeyPress += OnCancel;
        [|while (!stop)|]
            System.Threading.Thread.Sleep(10);

        void OnCancel(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            stop = true;
        }
        """,
        """
        using System;
        using ShutdownAnalyzers.Runtime;

        var stop = false;
        using var shutdown = ShutdownSignal.Register();
        Console.CancelKeyPress += OnCancel;
        shutdown.Token.Register(() => stop = true);
        while (!stop)
            System.Threading.Thread.Sleep(10);

        void OnCancel(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            stop = true;
        }
        """,
        Console);

    [Theory]
    [InlineData("var listener = new TcpListener(IPAddress.Any, 80); [|while (true)|] { using var client = listener.AcceptTcpClient(); }")]
    [InlineData("Serve(); static void Serve() { [|while (true)|] Work(); }")]
    [InlineData("var done = new TaskCompletionSource<int>(); var code = await [|done.Task|];")]
    [InlineData("var exit = new AutoResetEvent(false); [|while (true)|] { exit.WaitOne(); }")]
    public Task NoFix(string code) => OffersNoFixAsync(Program(code), Console);

    [Fact]
    public Task NoFixWhereAValueIsOwed() => OffersNoFixAsync(
        "internal static class Program { private static int Main() { [|while (true)|] System.Threading.Thread.Sleep(1); } }",
        Console);

    [Fact]
    public Task NoFixWithoutTheRuntime() => OffersNoFixAsync(Program("[|while (true)|] Work();"), code => (code.NetOnly, code.Runtime) = (true, false));

    [Theory]
    [InlineData("while (true")]
    [InlineData("while () { }")]
    [InlineData("for (;;) { await ")]
    [InlineData("class P { static void Main() { Missing(); while (Missing()) ; } }")]
    [InlineData("var e = new System.Threading.ManualResetEvent(); e.WaitOne(")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Program(string code) => Usings + code + "\nawait Task.CompletedTask;\nstatic void Work() { }";

    private static string InMain(string wait, bool fixedCode = false) =>
        $$"""
        using System;
        using System.Threading;{{(fixedCode ? "\nusing ShutdownAnalyzers.Runtime;" : "")}}

        internal static class Program
        {
            private static void Main()
            {
        {{(fixedCode ? "        using var shutdown = ShutdownSignal.Register();\n" : "")}}        {{wait}}
            }
        }
        """;
}
