using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class StopAsyncUnboundedTests : RuleTest<StopAsyncUnbounded, StopAsyncUnboundedFix>
{
    [Theory]
    [InlineData("await [|_work|];")]
    [InlineData("_source.Cancel(); await [|_work|].ConfigureAwait(false);")]
    [InlineData("if (_late is not null) await [|_late|];")]
    [InlineData("await ([|_late ?? Task.CompletedTask|]);")]
    [InlineData("await [|Task.WhenAll|](_work, _late!);")]
    [InlineData("await [|Task.WhenAll|](_many);")]
    [InlineData("await [|Task.WhenAll|](_many.ToArray());")]
    [InlineData("foreach (var one in _many) await [|one|];")]
    [InlineData("var work = _work; await [|work|];")]
    [InlineData("var work = Interlocked.Exchange(ref _work, Task.CompletedTask); await [|work|];")]
    [InlineData("await [|_ended.Task|];")]
    [InlineData("_items.Writer.Complete(); await [|_items.Reader.Completion|];")]
    [InlineData("_work.[|Wait|]();")]
    [InlineData("_work.[|GetAwaiter|]().GetResult();")]
    [InlineData("[|Task.WaitAll|](_many.ToArray());")]
    [InlineData("_thread.[|Join|]();")]
    [InlineData("_event.[|Wait|]();")]
    [InlineData("[|while (_running)|] await Task.Delay(100);")]
    [InlineData("[|while (_many.Count > 0)|] { Console.WriteLine(); Thread.Sleep(10); }")]
    [InlineData("try { await [|_work|]; } catch (OperationCanceledException) { }")]
    [InlineData("await EndAsync(); async Task EndAsync() => await Task.Yield(); await [|_work|];")]
    public Task Reports(string stop) => ReportsAsync(Service(stop), Services.Library);

    [Theory]
    [InlineData("await _work.WaitAsync(cancellationToken);")]
    [InlineData("await _work.WaitAsync(TimeSpan.FromSeconds(5));")]
    [InlineData("await Task.WhenAny(_work, Task.Delay(Timeout.Infinite, cancellationToken));")]
    [InlineData("await Task.WhenAny(_work, Task.Delay(5000));")]
    [InlineData("if (await Task.WhenAny(_work, Task.Delay(5000)) == _work) await _work;")]
    [InlineData("if (_work.IsCompleted) await _work;")]
    [InlineData("var first = await Task.WhenAny(_work, Task.Delay(5000)); if (first == _work) await first;")]
    [InlineData("using var over = cancellationToken.Register(() => _ended.TrySetResult()); await _ended.Task;")]
    [InlineData("_source.CancelAfter(5000); await _work;")]
    [InlineData("_work.Wait(5000);")]
    [InlineData("_work.Wait(cancellationToken);")]
    [InlineData("_thread.Join(TimeSpan.FromSeconds(5));")]
    [InlineData("await _client.DisposeAsync();")]
    [InlineData("await _client.CloseAsync();")]
    [InlineData("await Task.WhenAll(_clients.Select(client => client.CloseAsync()));")]
    [InlineData("await Task.WhenAll(_client.CloseAsync(), _work.WaitAsync(cancellationToken));")]
    [InlineData("var closing = _client.CloseAsync(); await closing;")]
    [InlineData("await _lock.WaitAsync();")]
    [InlineData("while (_running && !cancellationToken.IsCancellationRequested) await Task.Delay(100);")]
    [InlineData("while (_running) await Task.Delay(100, cancellationToken);")]
    [InlineData("while (_running) { if (cancellationToken.IsCancellationRequested) break; await Task.Delay(100); }")]
    [InlineData("var until = DateTime.UtcNow.AddSeconds(5); while (_running && DateTime.UtcNow < until) await Task.Delay(100);")]
    [InlineData("while (_many.Count > 0) _many.RemoveAt(0);")]
    [InlineData("await _queue.StopAsync(cancellationToken); await _queue.Completion;")]
    [InlineData("await SaveAsync(); async Task SaveAsync() => await Task.Yield();")]
    public Task Quiet(string stop) => QuietAsync(Service(stop), Services.Library);

    [Theory]
    [InlineData("public Task StopAsync(CancellationToken cancellationToken) => [|_work|];")]
    [InlineData("public Task StopAsync(CancellationToken cancellationToken) { _source.Cancel(); return [|_late ?? Task.CompletedTask|]; }")]
    [InlineData("public Task StopAsync(CancellationToken cancellationToken) => EndAsync(); private async Task EndAsync() => await [|_work|];")]
    [InlineData("public Task StopAsync(CancellationToken cancellationToken) => EndAsync(cancellationToken); private async Task EndAsync(CancellationToken t) => await _work.WaitAsync(t);")]
    [InlineData("Task IHostedService.StopAsync(CancellationToken cancellationToken) => [|_work|];")]
    [InlineData("public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask; public Task OtherAsync() => _work;")]
    public Task OtherForms(string members) => ReportsAsync(Members(members), Services.Library);

    [Theory]
    [InlineData("await base.[|StopAsync|](CancellationToken.None);")]
    [InlineData("await base.[|StopAsync|](default);")]
    [InlineData("await base.StopAsync(cancellationToken); await [|ExecuteTask|]!;")]
    [InlineData("await base.StopAsync(cancellationToken);")]
    [InlineData("await base.StopAsync(new CancellationTokenSource(5000).Token);")]
    public Task BackgroundServices(string stop) => ReportsAsync(
        Services.Background("await WorkAsync(stoppingToken);", $"public override async Task StopAsync(CancellationToken cancellationToken) {{ {stop} }}"),
        Services.Library);

    [Fact]
    public Task BaseClassReportsOnce() => ReportsAsync(
        """
        public abstract class Root : IHostedService
        {
            protected Task Loop = Task.CompletedTask;
            public Task StartAsync(CancellationToken cancellationToken) { Loop = Task.Run(() => { }); return Task.CompletedTask; }
            public virtual async Task StopAsync(CancellationToken cancellationToken) => await [|Loop|];
        }

        public class First : Root;
        public class Second : Root;
        """,
        Services.Library);

    [Fact]
    public Task FixesEveryForm() => FixesAsync(
        Service("""
            // The last items.
            await [|_work|]; // done
            await ([|_late ?? Task.CompletedTask|]);
            foreach (var one in _many)
                await [|one|].ConfigureAwait(false);

            try
            {
                await [|_work|];
            }
            catch (OperationCanceledException)
            {
            }

            [|while (_running)|]
                await Task.Delay(100);
            """),
        Service("""
            // The last items.
            try
            {
                await _work.WaitAsync(cancellationToken); // done
            }
            catch (OperationCanceledException)
            {
                // The host's time is over.
            }
            try
            {
                await (_late ?? Task.CompletedTask).WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // The host's time is over.
            }
            try
            {
                foreach (var one in _many)
                    await one.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The host's time is over.
            }

            try
            {
                await _work.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
            }

            while (_running && !cancellationToken.IsCancellationRequested)
                await Task.Delay(100);
            """),
        Services.Library);

    [Fact]
    public Task FixesReturnedTasks() => FixesAsync(
        Members("public Task StopAsync(CancellationToken stopToken) => [|_work|];")
        + Members("""
            public Task StopAsync(CancellationToken cancellationToken)
            {
                _source.Cancel();
                return [|Task.WhenAll|](_many);
            }
            """, "Second"),
        Members("""
            public async Task StopAsync(CancellationToken stopToken)
            {
                try
                {
                    await _work.WaitAsync(stopToken);
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
                _source.Cancel();
                try
                {
                    await Task.WhenAll(_many).WaitAsync(cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    // The host's time is over.
                }
            }
            """, "Second"),
        Services.Library);

    [Fact]
    public Task FixesTheBaseCall() => FixesAsync(
        Services.Background("await WorkAsync(stoppingToken);", "public override Task StopAsync(CancellationToken cancellationToken) => base.[|StopAsync|](CancellationToken.None);"),
        Services.Background("await WorkAsync(stoppingToken);", "public override Task StopAsync(CancellationToken cancellationToken) => base.StopAsync(cancellationToken);"),
        Services.Library);

    [Theory]
    [InlineData("_work.[|Wait|]();")]
    [InlineData("_thread.[|Join|]();")]
    [InlineData("await EndAsync(); }\n    private async Task EndAsync() { await [|_work|];")]
    public Task NoFix(string stop) => OffersNoFixAsync(Service(stop), Services.Library);

    [Theory]
    [InlineData("class W : IHostedService { private Task _t; public Task StopAsync(CancellationToken c) { await ; while (_t) } }")]
    [InlineData("class W : IHostedService { public Task StopAsync() => Missing; public Task StartAsync(CancellationToken c) => _t; }")]
    [InlineData("class W : BackgroundService { public override async Task StopAsync(CancellationToken c) { await base.StopAsync(; await Task.WhenAll(; } }")]
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
        public class {{name}}({{name}}.Client client, {{name}}.Queue queue) : IHostedService
        {
            private readonly System.Threading.Channels.Channel<int> _items = System.Threading.Channels.Channel.CreateUnbounded<int>();
            private readonly CancellationTokenSource _source = new();
            private readonly TaskCompletionSource _ended = new();
            private readonly ManualResetEventSlim _event = new();
            private readonly SemaphoreSlim _lock = new(1);
            private readonly List<Task> _many = [];
            private readonly List<Client> _clients = [];
            private readonly Client _client = client;
            private readonly Queue _queue = queue;
            private Thread _thread = new(() => { });
            private Task? _late;
            private Task _work = Task.CompletedTask;
            private bool _running = true;

            public Task StartAsync(CancellationToken cancellationToken)
            {
                _late = _work = Task.Run(() => _running = false);
                return Task.CompletedTask;
            }

            {{members.ReplaceLineEndings("\n    ").Replace("\n    \n", "\n\n", StringComparison.Ordinal)}}

            public class Client : IAsyncDisposable
            {
                public ValueTask DisposeAsync() => default;
                public Task CloseAsync() => Task.CompletedTask;
            }

            public class Queue
            {
                public Task Completion => Task.CompletedTask;
                public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            }
        }

        """;
}
