using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class StopAsyncThrowsAtTimeoutTests : RuleTest<StopAsyncThrowsAtTimeout, StopAsyncThrowsAtTimeoutFix>
{
    [Theory]
    [InlineData("cancellationToken.[|ThrowIfCancellationRequested|]();")]
    [InlineData("await _work.[|WaitAsync|](cancellationToken);")]
    [InlineData("await _work.[|WaitAsync|](TimeSpan.FromSeconds(5), cancellationToken).ConfigureAwait(false);")]
    [InlineData("await Task.WhenAll(_work, _work).[|WaitAsync|](cancellationToken);")]
    [InlineData("await Task.WhenAll(_work.[|WaitAsync|](cancellationToken), _work);")]
    [InlineData("while (_running) await [|Task.Delay|](100, cancellationToken);")]
    [InlineData("await _lock.[|WaitAsync|](cancellationToken);")]
    [InlineData("_work.[|Wait|](cancellationToken);")]
    [InlineData("_work.[|WaitAsync|](cancellationToken).GetAwaiter().GetResult();")]
    [InlineData("await _items.Reader.[|ReadAsync|](cancellationToken);")]
    [InlineData("await foreach (var item in _items.Reader.[|ReadAllAsync|](cancellationToken)) Console.WriteLine(item);")]
    [InlineData("using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken); await _work.[|WaitAsync|](both.Token);")]
    [InlineData("var token = cancellationToken; await _work.[|WaitAsync|](token);")]
    [InlineData("try { await _work.[|WaitAsync|](cancellationToken); } finally { _lock.Dispose(); }")]
    [InlineData("try { await _work.[|WaitAsync|](cancellationToken); } catch (InvalidOperationException) { }")]
    [InlineData("try { await _work.[|WaitAsync|](cancellationToken); } catch (Exception e) when (e is not OperationCanceledException) { }")]
    [InlineData("try { await _work.[|WaitAsync|](cancellationToken); } catch (Exception) when (!cancellationToken.IsCancellationRequested) { }")]
    [InlineData("try { await _work.[|WaitAsync|](cancellationToken); } catch (Exception) { Console.WriteLine(); throw; }")]
    [InlineData("try { cancellationToken.[|ThrowIfCancellationRequested|](); } catch (TaskCanceledException) { }")]
    [InlineData("try { await CloseAsync(cancellationToken); } catch (OperationCanceledException) { Console.WriteLine(); [|throw|]; }")]
    [InlineData("try { await _work.WaitAsync(cancellationToken); } catch (TaskCanceledException) { [|throw|]; }")]
    [InlineData("if (cancellationToken.IsCancellationRequested) [|throw|] new OperationCanceledException(cancellationToken);")]
    [InlineData("await DrainAsync(cancellationToken); async Task DrainAsync(CancellationToken token) => await Task.Yield(); cancellationToken.[|ThrowIfCancellationRequested|]();")]
    public Task Reports(string stop) => ReportsAsync(Service(stop), Services.Library);

    [Theory]
    [InlineData("try { await _work.WaitAsync(cancellationToken); } catch (OperationCanceledException) { }")]
    [InlineData("try { await _work.WaitAsync(cancellationToken); } catch (TaskCanceledException) { }")]
    [InlineData("try { await _work.WaitAsync(cancellationToken); } catch { }")]
    [InlineData("try { await _work.WaitAsync(cancellationToken); } catch (Exception e) { Console.WriteLine(e); }")]
    [InlineData("try { await _work.WaitAsync(cancellationToken); } catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }")]
    [InlineData("try { await _work.WaitAsync(cancellationToken); } catch (Exception e) { if (e is not OperationCanceledException) throw; }")]
    [InlineData("try { try { await _work.WaitAsync(cancellationToken); } finally { _lock.Dispose(); } } catch (OperationCanceledException) { }")]
    [InlineData("await _work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);")]
    [InlineData("await _work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);")]
    [InlineData("await Task.WhenAny(_work, Task.Delay(Timeout.Infinite, cancellationToken));")]
    [InlineData("var waiting = _work.WaitAsync(cancellationToken); await Task.WhenAny(waiting);")]
    [InlineData("await CloseAsync(cancellationToken);")]
    [InlineData("await _work.WaitAsync(CancellationToken.None);")]
    [InlineData("await _work.WaitAsync(TimeSpan.FromSeconds(5));")]
    [InlineData("await _lock.WaitAsync();")]
    [InlineData("using var own = new CancellationTokenSource(5000); await Task.Delay(1, own.Token);")]
    [InlineData("await Task.Run(() => Console.WriteLine(), cancellationToken);")]
    [InlineData("while (_running && !cancellationToken.IsCancellationRequested) await Task.Delay(10);")]
    [InlineData("await Guard(async () => await _work.WaitAsync(cancellationToken));")]
    [InlineData("try { await CloseAsync(default); } catch (OperationCanceledException) { throw; }")]
    [InlineData("try { await CloseAsync(cancellationToken); } catch (Exception) { throw; }")]
    [InlineData("if (_running) throw new InvalidOperationException();")]
    public Task Quiet(string stop) => QuietAsync(Service(stop), Services.Library);

    [Theory]
    [InlineData("public Task StopAsync(CancellationToken cancellationToken) => _work.[|WaitAsync|](cancellationToken);")]
    [InlineData("public Task StopAsync(CancellationToken cancellationToken) { try { return _work.[|WaitAsync|](cancellationToken); } catch (OperationCanceledException) { return Task.CompletedTask; } }")]
    [InlineData("public Task StopAsync(CancellationToken cancellationToken) => EndAsync(cancellationToken); private async Task EndAsync(CancellationToken token) { await Task.Yield(); token.[|ThrowIfCancellationRequested|](); }")]
    [InlineData("public async Task StopAsync(CancellationToken cancellationToken) { await One(cancellationToken); await One(cancellationToken); } private Task One(CancellationToken t) => _work.[|WaitAsync|](t);")]
    [InlineData("public async Task StopAsync(CancellationToken cancellationToken) { try { await EndAsync(cancellationToken); } catch (OperationCanceledException) { } } private Task EndAsync(CancellationToken t) => _work.WaitAsync(t);")]
    [InlineData("public async Task StopAsync(CancellationToken cancellationToken) { await EndAsync(default); } private Task EndAsync(CancellationToken t) => _work.WaitAsync(t);")]
    [InlineData("Task IHostedService.StopAsync(CancellationToken cancellationToken) => _work.[|WaitAsync|](cancellationToken);")]
    [InlineData("public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask; public Task OtherAsync(CancellationToken cancellationToken) => _work.WaitAsync(cancellationToken);")]
    public Task OtherForms(string members) => ReportsAsync(Members(members), Services.Library);

    [Fact]
    public Task BackgroundServiceAndPartialClass() => ReportsAsync(
        """
        public partial class Worker : BackgroundService
        {
            private Task _upload = Task.CompletedTask;
            protected override Task ExecuteAsync(CancellationToken stoppingToken) => _upload = Task.Delay(-1, stoppingToken);
            public override async Task StopAsync(CancellationToken cancellationToken)
            {
                await base.StopAsync(cancellationToken);
                await EndAsync(cancellationToken);
            }
        }
        """,
        code =>
        {
            Services.Library(code);
            code.OtherFiles.Add(("Worker.End.cs", "public partial class Worker { private async Task EndAsync(CancellationToken token) => await _upload.[|WaitAsync|](token); }"));
        });

    [Fact]
    public Task LifecycleMethods() => ReportsAsync(
        """
        public class Lifecycle : IHostedLifecycleService
        {
            public Task StartingAsync(CancellationToken cancellationToken) => Task.Delay(1, cancellationToken);
            public Task StartAsync(CancellationToken cancellationToken) => Task.Delay(1, cancellationToken);
            public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(5000, cancellationToken);
            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public async Task StoppedAsync(CancellationToken cancellationToken) => cancellationToken.[|ThrowIfCancellationRequested|]();
        }
        """,
        Services.Library);

    [Fact]
    public Task FixesEveryForm() => FixesAsync(
        Service("""
            Console.WriteLine();
            cancellationToken.[|ThrowIfCancellationRequested|]();
            // What is left.
            await _work.[|WaitAsync|](cancellationToken); // at most
            if (_running)
                await _lock.[|WaitAsync|](cancellationToken);

            while (_running)
            {
                await [|Task.Delay|](10, cancellationToken);
                await [|Task.Delay|](20, cancellationToken);
            }

            foreach (var _ in new int[3])
            {
                cancellationToken.[|ThrowIfCancellationRequested|]();
                Console.WriteLine();
            }

            try
            {
                await CloseAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine("too late");
                [|throw|];
            }
            """),
        Service("""
            Console.WriteLine();
            // What is left.
            try
            {
                await _work.WaitAsync(cancellationToken); // at most
            }
            catch (OperationCanceledException)
            {
                // The host's time is over.
            }
            if (_running)
                try
                {
                    await _lock.WaitAsync(cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    // The host's time is over.
                }

            try
            {
                while (_running)
                {
                    await Task.Delay(10, cancellationToken);
                    await Task.Delay(20, cancellationToken);
                }
            }
            catch (OperationCanceledException)
            {
                // The host's time is over.
            }

            foreach (var _ in new int[3])
            {
                if (cancellationToken.IsCancellationRequested)
                    break;
                Console.WriteLine();
            }

            try
            {
                await CloseAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine("too late");
            }
            """),
        Services.Library);

    [Fact]
    public Task FixesReturnedTasks() => FixesAsync(
        Members("""
            public Task StopAsync(CancellationToken cancellationToken) => _work.[|WaitAsync|](cancellationToken);
            """)
        + Members("""
            public Task StopAsync(CancellationToken cancellationToken)
            {
                _running = false;
                return _work.[|WaitAsync|](cancellationToken);
            }
            """, "Second"),
        Members("""
            public async Task StopAsync(CancellationToken cancellationToken)
            {
                try
                {
                    await _work.WaitAsync(cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    // The host's time is over.
                }
            }
            """)
        + Members("""
            public async Task StopAsync(CancellationToken cancellationToken)
            {
                _running = false;
                try
                {
                    await _work.WaitAsync(cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    // The host's time is over.
                }
            }
            """, "Second"),
        Services.Library);

    [Theory]
    [InlineData("var item = await _items.Reader.[|ReadAsync|](cancellationToken); Console.WriteLine(item);")]
    [InlineData("if (cancellationToken.IsCancellationRequested) [|throw|] new OperationCanceledException(cancellationToken);")]
    [InlineData("if (_running) cancellationToken.[|ThrowIfCancellationRequested|]();")]
    [InlineData("int n; try { n = await CountAsync(cancellationToken); } catch (OperationCanceledException) { [|throw|]; } Console.WriteLine(n);")]
    public Task NoFix(string stop) => OffersNoFixAsync(Service(stop), Services.Library);

    [Theory]
    [InlineData("class W : IHostedService { public Task StopAsync(CancellationToken c) { try { c.ThrowIfCancellationRequested( } catch { throw; } } }")]
    [InlineData("class W : IHostedService { public Task StopAsync(CancellationToken c) => Missing.WaitAsync(c); public Task StartAsync(CancellationToken c) => throw; }")]
    [InlineData("class W : BackgroundService { public override async Task StopAsync(CancellationToken c) { await foreach (var x in y.ReadAllAsync(c)) } }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Service(string stop) => Members(
        $$"""
        public async Task StopAsync(CancellationToken cancellationToken)
        {
            {{stop.ReplaceLineEndings("\n    ").Replace("\n    \n", "\n\n", StringComparison.Ordinal)}}
            await Task.Yield();
        }
        """);

    private static string Members(string members, string name = "Service") =>
        $$"""
        public class {{name}} : IHostedService
        {
            private readonly System.Threading.Channels.Channel<int> _items = System.Threading.Channels.Channel.CreateUnbounded<int>();
            private readonly SemaphoreSlim _lock = new(1);
            private Task _work = Task.CompletedTask;
            private bool _running = true;

            public Task StartAsync(CancellationToken cancellationToken) => _work = Task.Run(() => _running = false);

            {{members.ReplaceLineEndings("\n    ").Replace("\n    \n", "\n\n", StringComparison.Ordinal)}}

            private static Task CloseAsync(CancellationToken cancellationToken) => Task.FromResult(cancellationToken);
            private static Task<int> CountAsync(CancellationToken cancellationToken) => Task.FromResult(1);
            private static Task Guard(Func<Task> work) => work();
        }

        """;
}
