using Microsoft.CodeAnalysis.Testing;
using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;
using static ShutdownAnalyzers.Tests.HostedServices.Services;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class AsyncTimerCallbackTests : RuleTest<AsyncTimerCallback, EmptyCodeFixProvider>
{
    private const string Disposed = "_timer?.Dispose(); return Task.CompletedTask;";

    private const string Members =
        """
        private readonly CancellationTokenSource _stopping = new();
        private readonly SemaphoreSlim _turn = new(1);
        private readonly System.Timers.Timer _ticks = new(1000);
        private Timer? _timer;
        private Task _running = Task.CompletedTask;
        private async void Tick(object? state) => await WorkAsync();
        private void Drop(object? state) => _ = WorkAsync();
        private void Begin(object? state) { WorkAsync(); }
        private void Again(object? state) { _ = WorkAsync(); _timer?.Change(1000, Timeout.Infinite); }
        private void Block(object? state) => WorkAsync().GetAwaiter().GetResult();
        private void Keep(object? state) => _running = WorkAsync();
        private async void Send(object? state) => await SendAsync(CancellationToken.None);
        private Task SendAsync(CancellationToken token) => WorkAsync(token);
        private async void Observe(object? state) => await WorkAsync(_stopping.Token);
        private async void Elapsed(object? sender, System.Timers.ElapsedEventArgs e) => await WorkAsync();
        """;

    [Theory]
    [InlineData("_timer = new [|Timer|](async _ => await WorkAsync(), null, 0, 1000);")]
    [InlineData("_timer = new [|Timer|](async delegate { await WorkAsync(); }, null, 0, 1000);")]
    [InlineData("_timer = new [|Timer|](Tick, null, 0, 1000);")]
    [InlineData("_timer = new [|Timer|](Local, null, 0, 1000); async void Local(object? state) => await WorkAsync();")]
    [InlineData("_timer = new [|Timer|](_ => WorkAsync(), null, 0, 1000);")]
    [InlineData("_timer = new [|Timer|](_ => { _ = WorkAsync(); });")]
    [InlineData("_timer = new [|Timer|](_ => { WorkAsync().ContinueWith(t => Work(), TaskScheduler.Default); });")]
    [InlineData("_timer = new [|Timer|](_ => Task.Run(() => WorkAsync()));")]
    [InlineData("_timer = new [|Timer|](Drop, null, 0, 1000);")]
    [InlineData("_timer = new [|Timer|](Begin, null, 0, 1000);")]
    [InlineData("_timer = new [|Timer|](Again, null, 1000, Timeout.Infinite);")]
    [InlineData("_timer = new [|Timer|](Send, null, 0, 1000);")]
    [InlineData("_timer = [|new(Tick, null, 0, 1000)|];")]
    [InlineData("TimerCallback callback = Tick; _timer = new [|Timer|](callback, null, 0, 1000);")]
    [InlineData("_ticks.[|Elapsed|] += async (_, _) => await WorkAsync(); _ticks.Start();")]
    [InlineData("_ticks.[|Elapsed|] += Elapsed; _ticks.Start();")]
    public Task CallbacksThatGoOn(string start) => ReportsAsync(Hosted(start, Disposed, Members), Library);

    [Theory]
    [InlineData("_timer = new Timer(_ => Work(), null, 0, 1000);", Disposed)]
    [InlineData("_timer = new Timer(Block, null, 0, 1000);", Disposed)]
    [InlineData("_timer = new Timer(_ => WorkAsync().Wait(), null, 0, 1000);", Disposed)]
    [InlineData("_timer = new Timer(Keep, null, 0, 1000);", "_timer?.Dispose(); return _running;")]
    [InlineData("_timer = new Timer(Observe, null, 0, 1000);", "_stopping.Cancel(); return Task.CompletedTask;")]
    [InlineData("_timer = new Timer(async _ => { await _turn.WaitAsync(); try { await WorkAsync(); } finally { _turn.Release(); } }, null, 0, 1000);", "return _turn.WaitAsync(cancellationToken);")]
    [InlineData("_ticks.Elapsed += (_, _) => Work(); _ticks.Start();", "_ticks.Stop(); return Task.CompletedTask;")]
    [InlineData("var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); Func<Task> loop = async () => { while (await timer.WaitForNextTickAsync()) await WorkAsync(); }; _running = loop();", "return _running;")]
    public Task Quiet(string start, string stop) => QuietAsync(Hosted(start, stop, Members), Library);

    [Fact]
    public Task InConstructorsAndExecuteAsync() => ReportsAsync(
        """
        public class Worker : BackgroundService
        {
            private readonly Timer _timer;
            public Worker() => _timer = new [|Timer|](async _ => await Task.Delay(1), null, 0, 1000);
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                using var timer = new [|Timer|](async _ => await Task.Delay(1), null, 0, 1000);
                using var other = new Timer(async _ => await Task.Delay(1, stoppingToken), null, 0, 1000);
                await Task.Delay(Timeout.Infinite, stoppingToken);
            }

            public override void Dispose() { _timer.Dispose(); base.Dispose(); }
        }
        """,
        Library);

    [Fact]
    public Task TheStartTokenCancelsNoCallback() => ReportsAsync(
        Hosted("_timer = new [|Timer|](async _ => await WorkAsync(cancellationToken), null, 0, 1000);", Disposed, Members), Library);

    [Fact]
    public Task ThroughABaseClassAndAnotherPart() => ReportsAsync(
        """
        public abstract partial class Ticking : IHostedService
        {
            private Timer? _timer;
            public Task StartAsync(CancellationToken cancellationToken) { Begin(); return Task.CompletedTask; }
            public Task StopAsync(CancellationToken cancellationToken) { _timer?.Dispose(); return Task.CompletedTask; }
        }

        public abstract partial class Ticking
        {
            private void Begin() => _timer = new [|Timer|](async _ => await TurnAsync(), null, 0, 1000);

            protected abstract Task TurnAsync();
        }

        public class Orders : Ticking
        {
            protected override async Task TurnAsync() => await Task.Delay(1000);
        }
        """,
        Library);

    [Fact]
    public Task QuietOutsideOfHostedServices() => QuietAsync("public class Plain { public Timer Start() => new(async _ => await Task.Delay(1)); }", Library);

    [Theory]
    [InlineData("class A : IHostedService { public Task StartAsync(CancellationToken t) { new Timer(async _ => await ; new Timer(Missing); x.Elapsed += async } }")]
    [InlineData("class A : IHostedService { public A() : base( { new Timer(; } }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
