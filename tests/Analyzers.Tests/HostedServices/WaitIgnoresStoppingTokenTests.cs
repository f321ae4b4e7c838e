using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;
using static ShutdownAnalyzers.Tests.HostedServices.Services;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class WaitIgnoresStoppingTokenTests : RuleTest<WaitIgnoresStoppingToken, WaitIgnoresStoppingTokenFix>
{
    private const string Members =
        """
        private readonly Channel<int> _channel = Channel.CreateUnbounded<int>();
        private readonly BlockingCollection<int> _items = new();
        private readonly SemaphoreSlim _signal = new(0);
        private readonly ManualResetEventSlim _ready = new();
        private readonly AutoResetEvent _event = new(false);
        private readonly PeriodicTimer _timer = new(TimeSpan.FromSeconds(5));
        private readonly Queue _queue = new();
        private sealed class Queue
        {
            public Task<string> ReceiveAsync(int count = 1, CancellationToken cancellationToken = default) => Task.FromResult("");
            public Task<string> DequeueAsync() => Task.FromResult("");
            public Task<string> DequeueAsync(CancellationToken token) => Task.FromResult("");
        }
        """;

    [Theory]
    [InlineData("await Task.[|Delay|](1000);", "await Task.Delay(1000, stoppingToken);")]
    [InlineData("await Task.[|Delay|](TimeSpan.FromSeconds(5)).ConfigureAwait(false);", "await Task.Delay(TimeSpan.FromSeconds(5), stoppingToken).ConfigureAwait(false);")]
    [InlineData("await Task.[|Delay|](1000, CancellationToken.None);", "await Task.Delay(1000, stoppingToken);")]
    [InlineData("await Task.[|Delay|](1000, default);", "await Task.Delay(1000, stoppingToken);")]
    [InlineData("Task.[|Delay|](1000).Wait();", "Task.Delay(1000, stoppingToken).Wait();")]
    [InlineData("Thread.[|Sleep|](1000); // pause", "await Task.Delay(1000, stoppingToken); // pause")]
    [InlineData("await _channel.Reader.[|ReadAsync|]();", "await _channel.Reader.ReadAsync(stoppingToken);")]
    [InlineData("await _channel.Reader.[|WaitToReadAsync|]();", "await _channel.Reader.WaitToReadAsync(stoppingToken);")]
    [InlineData("_items.[|Take|]();", "_items.Take(stoppingToken);")]
    [InlineData("await _signal.[|WaitAsync|]();", "await _signal.WaitAsync(stoppingToken);")]
    [InlineData("_signal.[|Wait|](10000);", "_signal.Wait(10000, stoppingToken);")]
    [InlineData("_ready.[|Wait|]();", "_ready.Wait(stoppingToken);")]
    [InlineData("_event.[|WaitOne|]();", "WaitHandle.WaitAny(new[] { _event, stoppingToken.WaitHandle });")]
    [InlineData("await _timer.[|WaitForNextTickAsync|]();", "await _timer.WaitForNextTickAsync(stoppingToken);")]
    [InlineData("await _queue.[|ReceiveAsync|]();", "await _queue.ReceiveAsync(cancellationToken: stoppingToken);")]
    [InlineData("await _queue.[|ReceiveAsync|](2);", "await _queue.ReceiveAsync(2, stoppingToken);")]
    [InlineData("await _queue.[|DequeueAsync|]();", "await _queue.DequeueAsync(stoppingToken);")]
    [InlineData("try { await WorkAsync(stoppingToken); } catch (IOException) { await Task.[|Delay|](5000); }", "try { await WorkAsync(stoppingToken); } catch (IOException) { await Task.Delay(5000, stoppingToken); }")]
    public Task Waits(string wait, string withToken) => FixesAsync(
        Background("while (!stoppingToken.IsCancellationRequested) { " + wait + "\n}", Members),
        Background("while (!stoppingToken.IsCancellationRequested) { " + withToken + "\n}", Members),
        Library);

    [Theory]
    [InlineData("while (await _timer.[|WaitForNextTickAsync|]()) Work();", "while (await _timer.WaitForNextTickAsync(stoppingToken)) Work();")]
    [InlineData("await foreach (var i in _channel.Reader.[|ReadAllAsync|]()) Work();", "await foreach (var i in _channel.Reader.ReadAllAsync(stoppingToken)) Work();")]
    [InlineData("foreach (var i in _items.[|GetConsumingEnumerable|]()) Work();", "foreach (var i in _items.GetConsumingEnumerable(stoppingToken)) Work();")]
    [InlineData("await Task.Run(() => { while (!stoppingToken.IsCancellationRequested) Thread.[|Sleep|](1000); });", "await Task.Run(() => { while (!stoppingToken.IsCancellationRequested) stoppingToken.WaitHandle.WaitOne(1000); });")]
    public Task Loops(string loop, string withToken) => FixesAsync(Background(loop, Members), Background(withToken, Members), Library);

    [Fact]
    public Task AHelperThatIsNotGivenTheTokenHasNoFix() => OffersNoFixAsync(
        Background(
            "while (!stoppingToken.IsCancellationRequested) await RetryAsync();",
            """
            private async Task RetryAsync()
            {
                for (var i = 0; i < 10; i++)
                    await Task.[|Delay|](1000);
            }
            """),
        Library);

    [Fact]
    public Task ASourceThatStopCancels() => FixesAsync(
        Hosted("_work = LoopAsync();", "_stopping.Cancel(); return _work!;", "private readonly CancellationTokenSource _stopping = new(); private Task? _work; private async Task LoopAsync() { while (!_stopping.IsCancellationRequested) await Task.[|Delay|](1000); }"),
        Hosted("_work = LoopAsync();", "_stopping.Cancel(); return _work!;", "private readonly CancellationTokenSource _stopping = new(); private Task? _work; private async Task LoopAsync() { while (!_stopping.IsCancellationRequested) await Task.Delay(1000, _stopping.Token); }"),
        Library);

    [Theory]
    [InlineData("await Task.Delay(1000); while (!stoppingToken.IsCancellationRequested) await Task.Delay(1000, stoppingToken);")]
    [InlineData("while (true) await Task.Delay(1000);")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) await Task.Delay(10);")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) await Task.WhenAny(Task.Delay(1000), WorkAsync(stoppingToken));")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) await Task.Delay(1000).WaitAsync(stoppingToken);")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { var pause = Task.Delay(1000); await Task.WhenAny(pause, WorkAsync(stoppingToken)); }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { try { await WorkAsync(stoppingToken); } finally { await Task.Delay(1000); } }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { try { await WorkAsync(stoppingToken); } catch (Exception) { await Task.Delay(1000, CancellationToken.None); } }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { await _signal.WaitAsync(); try { Work(); } finally { _signal.Release(); } }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { if (_signal.Wait(0)) Work(); await Task.Yield(); }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { await WorkAsync(stoppingToken); } while (_channel.Reader.Count > 0) { await _channel.Reader.ReadAsync(); }")]
    [InlineData("await foreach (var i in _channel.Reader.ReadAllAsync().WithCancellation(stoppingToken)) Work();")]
    [InlineData("using var timeout = new CancellationTokenSource(1000); while (!stoppingToken.IsCancellationRequested) await Task.Delay(1000, timeout.Token);")]
    [InlineData("using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); stoppingToken.Register(timer.Dispose); while (await timer.WaitForNextTickAsync()) Work();")]
    public Task Quiet(string body) => QuietAsync(Background(body, Members), Library);

    // However the method that completes it is written.
    [Theory]
    [InlineData("private void Close() => _channel.Writer.Complete();")]
    [InlineData("private void Close() { var writer = _channel.Writer; writer?.TryComplete(); }")]
    [InlineData("private Action<Exception?> Close() => _channel.Writer.Complete;")]
    [InlineData("private Action<Exception?> Close() { return _channel.Writer.Complete; }")]
    [InlineData("private Action<Exception?> Close(Action<Exception?>? other) => other ?? _channel.Writer.Complete;")]
    [InlineData("private Action<Exception?>? Close(bool really) => really switch { true => _channel.Writer.Complete, _ => null };")]
    [InlineData("private Action<Exception?>? Close(bool really) => really ? _channel.Writer.Complete : null;")]
    [InlineData("private Action<Exception?>? _close; private void Open() => _close += _channel.Writer.Complete;")]
    [InlineData("private Hooks Close() => new() { Close = _channel.Writer.Complete }; private sealed class Hooks { public Action<Exception?>? Close; }")]
    [InlineData("private Lazy<Action<Exception?>> Close() => new(() => _channel.Writer.Complete);")]
    public Task QuietForAChannelThatIsCompleted(string member) => QuietAsync(Background("await foreach (var item in _channel.Reader.ReadAllAsync()) Work();", Members + "\n" + member), Library);

    [Fact]
    public Task QuietForAChannelThatTheStopCompletes() => QuietAsync(
        Background(
            "await foreach (var i in _channel.Reader.ReadAllAsync()) Work();",
            Members + "\npublic override async Task StopAsync(CancellationToken cancellationToken) { _channel.Writer.Complete(); await base.StopAsync(cancellationToken); }"),
        Library);

    [Fact]
    public Task QuietInAFlagLoopWithoutAToken() => QuietAsync(
        Hosted("_work = LoopAsync();", "_running = false; return _work!;", "private volatile bool _running = true; private Task? _work; private async Task LoopAsync() { while (_running) await Task.Delay(1000); }"), Library);

    [Fact]
    public Task QuietInTheStartItself() => QuietAsync(
        Background("await WorkAsync(stoppingToken);", "public override async Task StartAsync(CancellationToken cancellationToken) { for (var i = 0; i < 3; i++) await Task.Delay(1000); await base.StartAsync(cancellationToken); }"), Library);

    [Theory]
    [InlineData("class A : BackgroundService { protected override async Task ExecuteAsync(CancellationToken t) { while (!t.IsCancellationRequested) { await Task.Delay(; Thread.Sleep() } } }")]
    [InlineData("class A : BackgroundService { protected override async Task ExecuteAsync(CancellationToken t) { foreach (var x in y.ReadAllAsync()) { await Task.Delay<int>(1) } }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
