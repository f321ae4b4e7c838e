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
    [InlineData("[|AppDomain.CurrentDomain.ProcessExit|] += OnExit; void OnExit(object? sender, EventArgs e) => cts.Cancel();")]
    [InlineData("[|AppDomain.CurrentDomain.ProcessExit|] += delegate { cts.Cancel(); };")]
    [InlineData("EventHandler onExit = (_, _) => cts.Cancel(); [|AppDomain.CurrentDomain.ProcessExit|] += onExit;")]
    [InlineData("[|AssemblyLoadContext.Default.Unloading|] += _ => cts.Cancel();")]
    [InlineData("[|AssemblyLoadContext.GetLoadContext(typeof(string).Assembly)!.Unloading|] += _ => cts.Cancel();")]
    [InlineData("var context = AssemblyLoadContext.Default; [|context.Unloading|] += _ => cts.Cancel();")]
    [InlineData("[|AppDomain.CurrentDomain.ProcessExit|] += (_, _) => cts.Cancel(); [|AssemblyLoadContext.Default.Unloading|] += _ => cts.Cancel();")]
    [InlineData("var done = new ManualResetEvent(false); [|AppDomain.CurrentDomain.ProcessExit|] += (_, _) => done.Set();")]
    [InlineData("Console.CancelKeyPress += (_, e) => { e.Cancel = true; cts.Cancel(); }; [|AppDomain.CurrentDomain.ProcessExit|] += (_, _) => cts.Cancel();")]
    public Task EveryForm(string hook) => ReportsAsync(Program(hook), Console);

    [Theory]
    [InlineData("new AssemblyLoadContext(null).Unloading += _ => cts.Cancel();")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit -= (_, _) => cts.Cancel();")]
    [InlineData("AppDomain.CurrentDomain.DomainUnload += (_, _) => cts.Cancel();")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => cts.Dispose();")]
    [InlineData("using var shutdown = ShutdownAnalyzers.Runtime.ShutdownSignal.Register(); AppDomain.CurrentDomain.ProcessExit += (_, _) => cts.Cancel();")]
    public Task OtherHooks(string hook) => QuietAsync(Program(hook), Console);

    [Fact]
    public Task Library() => QuietAsync(
        "public class Server { public void Run(System.Threading.CancellationTokenSource cts) => System.AppDomain.CurrentDomain.ProcessExit += (_, _) => cts.Cancel(); }",
        code => (code.NetOnly, code.OutputKind) = (true, Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary));

    [Fact]
    public Task DesktopProgram() => QuietAsync(
        Program("AppDomain.CurrentDomain.ProcessExit += (_, _) => cts.Cancel();"),
        code => (code.NetOnly, code.OutputKind) = (true, Microsoft.CodeAnalysis.OutputKind.WindowsApplication));

    [Fact]
    public Task HandlerInAnotherPartOfTheClass() => ReportsAsync(
        """
        using System;

        internal static partial class Program
        {
            private static void Main() => [|AppDomain.CurrentDomain.ProcessExit|] += OnExit;
        }
        """,
        code =>
        {
            code.NetOnly = true;
            code.OtherFiles.Add(("Stop.cs", "using System; using System.Threading; static partial class Program { static readonly CancellationTokenSource Stop = new(); static void OnExit(object? sender, EventArgs e) => Stop.Cancel(); }"));
        });

    [Fact]
    public Task FixesALocalFunction() => FixesAsync(
        Program("""
            [|AppDomain.CurrentDomain.ProcessExit|] += OnExit;

            void OnExit(object? sender, EventArgs e) => cts.Cancel();
            """),
        Program("""
            using var shutdown = ShutdownSignal.Register();
            shutdown.Token.Register(() => OnExit(AppDomain.CurrentDomain, EventArgs.Empty));

            void OnExit(object? sender, EventArgs e) => cts.Cancel();
            """, "\nusing ShutdownAnalyzers.Runtime;"),
        Console);

    [Fact]
    public Task FixesAnAnonymousMethod() => FixesAsync(
        Program("[|AssemblyLoadContext.Default.Unloading|] += delegate { cts.Cancel(); };"),
        Program("using var shutdown = ShutdownSignal.Register();\nshutdown.Token.Register(() => { cts.Cancel(); });", "\nusing ShutdownAnalyzers.Runtime;"),
        Console);

    [Fact]
    public Task FixesInANestedBlock() => FixesAsync(
        Program("""
            try
            {
                [|AppDomain.CurrentDomain.ProcessExit|] += (_, _) => cts.Cancel();
            }
            finally
            {
            }
            """),
        Program("""
            using var shutdown = ShutdownSignal.Register();
            try
            {
                shutdown.Token.Register(() => cts.Cancel());
            }
            finally
            {
            }
            """, "\nusing ShutdownAnalyzers.Runtime;"),
        Console);

    [Fact]
    public Task FixesInAConstructor() => FixesAsync(
        """
        using System;
        using System.Threading;

        internal sealed class Server
        {
            private readonly CancellationTokenSource _stop = new();

            public Server()
            {
                [|AppDomain.CurrentDomain.ProcessExit|] += (_, _) => _stop.Cancel();
            }

            private static void Main() => new Server();
        }
        """,
        """
        using System;
        using System.Threading;
        using ShutdownAnalyzers.Runtime;

        internal sealed class Server
        {
            private static readonly ShutdownSignal Shutdown = ShutdownSignal.Register();
            private readonly CancellationTokenSource _stop = new();

            public Server()
            {
                Shutdown.Token.Register(() => _stop.Cancel());
            }

            private static void Main() => new Server();
        }
        """,
        Console);

    [Theory]
    [InlineData("[|AppDomain.CurrentDomain.ProcessExit|] += (sender, _) => { Console.WriteLine(sender); cts.Cancel(); };")]
    [InlineData("[|AppDomain.CurrentDomain.ProcessExit|] += async (_, _) => { await Task.Delay(1); cts.Cancel(); };")]
    [InlineData("EventHandler onExit = (_, _) => cts.Cancel(); [|AppDomain.CurrentDomain.ProcessExit|] += onExit;")]
    public Task NoFix(string hook) => OffersNoFixAsync(Program(hook), Console);

    [Fact]
    public Task NoFixWithoutTheRuntime() => OffersNoFixAsync(
        Program("[|AppDomain.CurrentDomain.ProcessExit|] += (_, _) => cts.Cancel();"),
        code => (code.NetOnly, code.Runtime) = (true, false));

    [Theory]
    [InlineData("System.Console.CancelKeyPress += (;")]
    [InlineData("System.AppDomain.CurrentDomain.ProcessExit += null!;")]
    [InlineData("System.Runtime.InteropServices.PosixSignalRegistration.Create(, ctx => );")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Program(string hook, string import = "") =>
        $$"""
        using System;
        using System.Runtime.Loader;
        using System.Threading;
        using System.Threading.Tasks;{{import}}

        using var cts = new CancellationTokenSource();
        {{hook}}
        """;
}
