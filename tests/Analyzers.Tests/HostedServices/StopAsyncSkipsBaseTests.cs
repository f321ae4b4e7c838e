using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class StopAsyncSkipsBaseTests : RuleTest<StopAsyncSkipsBase, StopAsyncSkipsBaseFix>
{
    [Theory]
    [InlineData("public override Task [|StopAsync|](CancellationToken cancellationToken) => Task.CompletedTask;")]
    [InlineData("public override Task [|StopAsync|](CancellationToken cancellationToken) { Work(); return Task.CompletedTask; }")]
    [InlineData("public override async Task [|StopAsync|](CancellationToken cancellationToken) => await WorkAsync(cancellationToken);")]
    [InlineData("public sealed override async Task [|StopAsync|](CancellationToken _) { await WorkAsync(); }")]
    [InlineData("public override Task [|StopAsync|](CancellationToken cancellationToken) { base.Dispose(); return Task.CompletedTask; }")]
    [InlineData("public override Task [|StopAsync|](CancellationToken cancellationToken) => base.StartAsync(cancellationToken);")]
    [InlineData("public override Task [|StopAsync|](CancellationToken cancellationToken) => Other.StopAsync(cancellationToken); private IHostedService Other => null!;")]
    public Task Reports(string stop) => ReportsAsync(Worker(stop), Services.Library);

    [Theory]
    [InlineData("public override Task StopAsync(CancellationToken cancellationToken) => base.StopAsync(cancellationToken);")]
    [InlineData("public override async Task StopAsync(CancellationToken cancellationToken) { try { Work(); } finally { await base.StopAsync(cancellationToken).ConfigureAwait(false); } }")]
    [InlineData("public override async Task StopAsync(CancellationToken cancellationToken) { if (logger is not null) await base.StopAsync(cancellationToken); }")]
    [InlineData("public override Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(WorkAsync(), base.StopAsync(cancellationToken));")]
    [InlineData("public override Task StopAsync(CancellationToken cancellationToken) => EndAsync(cancellationToken); private Task EndAsync(CancellationToken t) => Deeper(t); private Task Deeper(CancellationToken t) => base.StopAsync(t);")]
    [InlineData("public override Task StopAsync(CancellationToken cancellationToken) { return End(); Task End() => base.StopAsync(cancellationToken); }")]
    [InlineData("public override Task StopAsync(CancellationToken cancellationToken) => Retry(() => base.StopAsync(cancellationToken)); private static Task Retry(Func<Task> work) => work();")]
    [InlineData("public override Task StopAsync(CancellationToken cancellationToken) => Retry(base.StopAsync); private static Task Retry(Func<CancellationToken, Task> work) => work(default);")]
    public Task QuietWhereBaseIsCalled(string stop) => QuietAsync(Worker(stop), Services.Library);

    [Theory]
    [InlineData("public override async Task StopAsync(CancellationToken cancellationToken) { _items.Writer.Complete(); await ExecuteTask!.WaitAsync(cancellationToken); }")]
    [InlineData("public override Task StopAsync(CancellationToken cancellationToken) { _items.Writer.Complete(); return _items.Reader.Completion; }")]
    [InlineData("public override async Task StopAsync(CancellationToken cancellationToken) { _own.Cancel(); await _work; }")]
    [InlineData("public override Task StopAsync(CancellationToken cancellationToken) { _own.Cancel(); _ended.Wait(cancellationToken); return Task.CompletedTask; }")]
    public Task QuietWhereTheWorkIsWaitedForByOtherMeans(string stop) => QuietAsync(
        Services.Background(
            """
            _work = WorkAsync(_own.Token);
            await foreach (var item in _items.Reader.ReadAllAsync()) Work();
            _ended.Set();
            """,
            "private readonly Channel<int> _items = Channel.CreateUnbounded<int>(); private readonly CancellationTokenSource _own = new(); private readonly ManualResetEventSlim _ended = new(); private Task _work = Task.CompletedTask;\n" + stop),
        Services.Library);

    [Theory]
    [InlineData("private readonly TaskCompletionSource _other = new(); public override Task [|StopAsync|](CancellationToken cancellationToken) => _other.Task;")]
    [InlineData("private Task _work = Task.CompletedTask; public override Task [|StopAsync|](CancellationToken cancellationToken) { _work = Task.CompletedTask; return Task.CompletedTask; }")]
    public Task WaitingForSomethingElseIsNoExcuse(string stop) => ReportsAsync(Worker(stop), Services.Library);

    [Theory]
    [InlineData("protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;")]
    [InlineData("protected override Task ExecuteAsync(CancellationToken stoppingToken) { _timer = new Timer(_ => { }); return Task.CompletedTask; }")]
    [InlineData("protected override Task ExecuteAsync(CancellationToken stoppingToken) { if (_timer is null) return Task.FromResult(1); throw new InvalidOperationException(); }")]
    [InlineData("#pragma warning disable CS1998\nprotected override async Task ExecuteAsync(CancellationToken stoppingToken) { _timer = new Timer(async _ => await Task.Yield()); }")]
    public Task QuietWhereNothingRuns(string execute) => QuietAsync(
        $$"""
        public class Worker : BackgroundService
        {
            private Timer? _timer;
            {{execute}}

            public override Task StopAsync(CancellationToken cancellationToken)
            {
                _timer?.Dispose();
                return Task.CompletedTask;
            }
        }
        """,
        Services.Library);

    [Theory]
    [InlineData("protected override Task ExecuteAsync(CancellationToken stoppingToken) { stoppingToken.Register(() => { }); return Task.CompletedTask; }")]
    [InlineData("protected override Task ExecuteAsync(CancellationToken stoppingToken) { _ = Task.Run(() => Task.Delay(1, stoppingToken)); return Task.CompletedTask; }")]
    [InlineData("protected override Task ExecuteAsync(CancellationToken stoppingToken) { while (DateTime.Now.Hour < 3) Thread.Sleep(1); return Task.CompletedTask; }")]
    [InlineData("protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(); private Task RunAsync() => Task.Delay(1000);")]
    public Task TheTokenOrTheTaskIsStillNeeded(string execute) => ReportsAsync(
        $$"""
        public class Worker : BackgroundService
        {
            {{execute}}

            public override Task [|StopAsync|](CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """,
        Services.Library);

    [Fact]
    public Task EveryDepthIsJudgedByItself() => ReportsAsync(
        """
        public abstract class Root : BackgroundService
        {
            public override Task [|StopAsync|](CancellationToken cancellationToken) => Task.CompletedTask;
            protected Task EndAsync(CancellationToken cancellationToken) => base.StopAsync(cancellationToken);
        }

        public class CallsRoot : Root
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(-1, stoppingToken);
            public override Task StopAsync(CancellationToken cancellationToken) => base.StopAsync(cancellationToken);
        }

        public class SkipsRoot : Root
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(-1, stoppingToken);
            public override Task [|StopAsync|](CancellationToken cancellationToken) => Task.CompletedTask;
        }

        public class CallsRootsHelper : Root
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(-1, stoppingToken);
            public override Task StopAsync(CancellationToken cancellationToken) => EndAsync(cancellationToken);
        }
        """,
        Services.Library);

    [Fact]
    public Task GenericBaseClass() => ReportsAsync(
        """
        public abstract class Root<T> : BackgroundService
        {
            protected Task EndAsync(CancellationToken cancellationToken) => base.StopAsync(cancellationToken);
        }

        public class Good : Root<int>
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(-1, stoppingToken);
            public override Task StopAsync(CancellationToken cancellationToken) => EndAsync(cancellationToken);
        }

        public class Bad : Root<int>
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(-1, stoppingToken);
            public override Task [|StopAsync|](CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """,
        Services.Library);

    [Fact]
    public Task OtherPartOfTheClass() => QuietAsync(
        """
        public partial class Worker : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(-1, stoppingToken);
            public override Task StopAsync(CancellationToken cancellationToken) => EndAsync(cancellationToken);
        }
        """,
        code =>
        {
            Services.Library(code);
            code.OtherFiles.Add(("Worker.End.cs", "public partial class Worker { private Task EndAsync(CancellationToken token) => base.StopAsync(token); }"));
        });

    [Fact]
    public Task ImplementedAnew() => ReportsAsync(
        """
        public class Explicit : BackgroundService, IHostedService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(-1, stoppingToken);
            Task IHostedService.[|StopAsync|](CancellationToken cancellationToken) => Task.CompletedTask;
        }

        public class CallsIt : BackgroundService, IHostedService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(-1, stoppingToken);
            Task IHostedService.StopAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);
        }
        """,
        Services.Library);

    [Fact]
    public Task AServiceWithoutThatBaseClass() => QuietAsync(Services.Hosted("Work();", "return Task.CompletedTask;"), Services.Library);

    [Fact]
    public Task FixesEveryForm() => FixesAsync(
        Worker("""
            // Says goodbye.
            public override Task [|StopAsync|](CancellationToken cancellationToken)
            {
                if (logger is null)
                    return Task.CompletedTask;

                // Only then.
                Work();
                return Task.CompletedTask; // done
            }
            """)
        + Worker("public override Task [|StopAsync|](CancellationToken token) => WorkAsync(token);", "Second")
        + Worker("public override async Task [|StopAsync|](CancellationToken token) => await WorkAsync(token);", "Third")
        + Worker("""
            public override async Task [|StopAsync|](CancellationToken token)
            {
                await WorkAsync(token);
            }
            """, "Fourth")
        + Worker("""
            public override Task [|StopAsync|](CancellationToken token)
            {
                if (logger is null)
                {
                    return WorkAsync(token);
                }

                return WorkAsync(default);
            }
            """, "Fifth"),
        Worker("""
            // Says goodbye.
            public override async Task StopAsync(CancellationToken cancellationToken)
            {
                if (logger is null)
                {
                    await base.StopAsync(cancellationToken);
                    return;
                }

                // Only then.
                Work();
                await base.StopAsync(cancellationToken); // done
            }
            """)
        + Worker("""
            public override async Task StopAsync(CancellationToken token)
            {
                await WorkAsync(token);
                await base.StopAsync(token);
            }
            """, "Second")
        + Worker("""
            public override async Task StopAsync(CancellationToken token)
            {
                await WorkAsync(token);
                await base.StopAsync(token);
            }
            """, "Third")
        + Worker("""
            public override async Task StopAsync(CancellationToken token)
            {
                await WorkAsync(token);
                await base.StopAsync(token);
            }
            """, "Fourth")
        + Worker("""
            public override async Task StopAsync(CancellationToken token)
            {
                if (logger is null)
                {
                    await WorkAsync(token);
                    await base.StopAsync(token);
                    return;
                }

                await WorkAsync(default);
                await base.StopAsync(token);
            }
            """, "Fifth"),
        Services.Library);

    [Theory]
    [InlineData("public override Task [|StopAsync|](CancellationToken token) => throw new NotSupportedException();")]
    [InlineData("public override Task [|StopAsync|](CancellationToken token) { lock (logger) { return Task.CompletedTask; } }")]
    [InlineData("public override Task [|StopAsync|](CancellationToken token) { return logger is null ? WorkAsync() : null!; }")]
    [InlineData("public override Task [|StopAsync|](CancellationToken token) { Span<int> few = stackalloc int[2]; few[0] = 1; return Task.CompletedTask; }")]
    public Task NoFix(string stop) => OffersNoFixAsync(Worker(stop), Services.Library);

    [Theory]
    [InlineData("class W : BackgroundService { public override Task StopAsync( }")]
    [InlineData("class W : Missing { public override Task StopAsync(CancellationToken t) => base.StopAsync(t); }")]
    [InlineData("class W : BackgroundService { public override Task StopAsync(CancellationToken t); protected override Task ExecuteAsync(CancellationToken t) => Missing(); }")]
    [InlineData("class W : BackgroundService { public override StopAsync() { base. } protected override Task ExecuteAsync(CancellationToken t) { return; } }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Worker(string stop, string name = "Worker") =>
        $$"""
        public class {{name}}(ILogger<{{name}}> logger) : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                while (!stoppingToken.IsCancellationRequested)
                    await WorkAsync(stoppingToken);
            }

            {{stop.ReplaceLineEndings("\n    ").Replace("\n    \n", "\n\n", StringComparison.Ordinal)}}

            private Task WorkAsync(CancellationToken cancellationToken = default) => Task.FromResult(logger);
            private void Work() { }
        }

        """;
}
