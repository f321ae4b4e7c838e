using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;
using static ShutdownAnalyzers.Tests.HostedServices.Services;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class UntrackedWorkTests : RuleTest<UntrackedWork, UntrackedWorkFix>
{
    private const string Stopped = "return Task.CompletedTask;";

    private const string Members =
        """
        private readonly CancellationTokenSource _stopping = new();
        private readonly Channel<int> _queue = Channel.CreateUnbounded<int>();
        private readonly List<Task> _tasks = new();
        private readonly List<IDisposable> _leases = new();
        private Task? _kept;
        private Thread? _thread;
        private Timer? _timer;
        private volatile bool _stopped;
        private async Task LoopAsync(CancellationToken token) { while (!token.IsCancellationRequested) await Task.Delay(1000, token); }
        private async Task PollAsync() { while (!_stopped) await Task.Delay(1000); }
        private async void Forever() { while (!_stopped) await Task.Delay(1000); }
        private void Tick(object? state) => Work();
        """;

    [Theory]
    [InlineData("_ = [|Task.Run|](() => WorkAsync());")]
    [InlineData("[|Task.Run|](async () => { await WorkAsync(); });")]
    [InlineData("_ = [|Task.Run|](async delegate { await WorkAsync(); });")]
    [InlineData("_ = [|Task.Run|](PollAsync);")]
    [InlineData("_ = Task.Factory.[|StartNew|](() => PollAsync(), TaskCreationOptions.LongRunning);")]
    [InlineData("_ = [|PollAsync|]();")]
    [InlineData("_ = this.[|PollAsync|]();")]
    [InlineData("_ = [|Local|](); async Task Local() { while (!_stopped) await Task.Delay(10); }")]
    [InlineData("[|PollAsync|]().ContinueWith(t => Work(), TaskScheduler.Default);")]
    [InlineData("[|Forever|]();")]
    [InlineData("[|ThreadPool.QueueUserWorkItem|](_ => Thread.Sleep(1000));")]
    [InlineData("var work = [|Task.Run|](PollAsync);")]
    [InlineData("_kept = [|Task.Run|](PollAsync);")]
    [InlineData("_kept = [|Task.Run|](PollAsync); if (_kept.IsCompleted) Work();")]
    [InlineData("_tasks.Add([|Task.Run|](PollAsync));")]
    [InlineData("_timer = new [|Timer|](Tick, null, 0, 1000);")]
    [InlineData("_thread = new [|Thread|](() => PollAsync().Wait()) { IsBackground = true }; _thread.Start();")]
    [InlineData("_ = [|Task.Run|](() => LoopAsync(cancellationToken));")]
    [InlineData("_ = [|Task.Run|](() => LoopAsync(CancellationToken.None));")]
    [InlineData("_ = [|Task.Run|](() => LoopAsync(_stopping.Token));")]
    [InlineData("using var own = new CancellationTokenSource(); _ = [|Task.Run|](() => LoopAsync(own.Token));")]
    public Task WorkThatTheStopKnowsNothingOf(string start) => ReportsAsync(Hosted(start, Stopped, Members), Library);

    [Theory]
    [InlineData("_ = Task.Run(() => LoopAsync(_stopping.Token));", "_stopping.Cancel(); return Task.CompletedTask;")]
    [InlineData("var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token); _ = Task.Run(() => LoopAsync(linked.Token));", "_stopping.Cancel(); return Task.CompletedTask;")]
    [InlineData("_ = PollAsync();", "_stopped = true; return Task.CompletedTask;")]
    [InlineData("Forever();", "_stopped = true; return Task.CompletedTask;")]
    [InlineData("_kept = Task.Run(() => WorkAsync());", "return _kept!;")]
    [InlineData("_kept = Task.Run(() => WorkAsync());", "return Task.WhenAny(_kept!, Task.Delay(Timeout.Infinite, cancellationToken));")]
    [InlineData("_kept = Task.Run(() => WorkAsync()).ContinueWith(t => Work(), TaskScheduler.Default);", "_kept?.Wait(); return Task.CompletedTask;")]
    [InlineData("_tasks.Add(Task.Run(PollAsync));", "return Task.WhenAll(_tasks);")]
    [InlineData("var one = Task.Run(PollAsync); _tasks.Add(one);", "return Task.WhenAll(_tasks);")]
    [InlineData("_ = Task.Run(async () => { await foreach (var i in _queue.Reader.ReadAllAsync()) Work(); });", "_queue.Writer.Complete(); return Task.CompletedTask;")]
    [InlineData("_timer = new Timer(Tick, null, 0, 1000);", "_timer?.Change(Timeout.Infinite, 0); return Task.CompletedTask;")]
    [InlineData("_timer = new Timer(Tick, null, 0, 1000);", "_timer?.Dispose(); return Task.CompletedTask;")]
    [InlineData("_timer = new Timer(Tick, null, 0, 1000);", "var timer = Interlocked.Exchange(ref _timer, null); timer?.Dispose(); return Task.CompletedTask;")]
    [InlineData("var timer = new Timer(Tick, null, 0, 1000); _leases.Add(timer);", "_leases.ForEach(lease => lease.Dispose()); return Task.CompletedTask;")]
    [InlineData("_thread = new Thread(() => Work()) { IsBackground = true }; _thread.Start();", "_thread?.Join(); return Task.CompletedTask;")]
    [InlineData("_thread = new Thread(() => Work()) { IsBackground = true }; _thread.Start();", "_thread?.Interrupt(); return Task.CompletedTask;")]
    public Task QuietWhereTheStopSignalsOrAwaits(string start, string stop) => QuietAsync(Hosted(start, stop, Members), Library);

    [Theory]
    [InlineData("WorkAsync().GetAwaiter().GetResult();")]
    [InlineData("WorkAsync().Wait();")]
    [InlineData("Task.WaitAll(Task.Run(() => WorkAsync()), WorkAsync());")]
    [InlineData("var one = Task.Run(() => WorkAsync()); one.Wait();")]
    [InlineData("Work();")]
    [InlineData("_ = Task.Run(() => _stopped = false);")]
    [InlineData("_ = Task.Run(() => logger.LogInformation(\"Started\"));")]
    [InlineData("_ = Ready(); Task Ready() { _stopped = false; return Task.CompletedTask; }")]
    [InlineData("new Thread(() => PollAsync().Wait()).Start();")]
    [InlineData("new Thread(() => Work()) { IsBackground = true }.Start();")]
    [InlineData("using var timer = new Timer(Tick, null, 0, 1000); Work();")]
    public Task QuietWhereNothingGoesOn(string start) => QuietAsync(Hosted(start, Stopped, Members), Library);

    [Fact]
    public Task QuietForAnInitialiser() => QuietAsync(
        """
        public class Seeder(IServiceProvider services) : IHostedService
        {
            public async Task StartAsync(CancellationToken cancellationToken)
            {
                await using var scope = services.CreateAsyncScope();
                await Task.WhenAll(SeedAsync(1), SeedAsync(2));
                var third = SeedAsync(3);
                await third.ConfigureAwait(false);
            }

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            private async Task SeedAsync(int id) { for (var i = 0; i < id; i++) await Task.Delay(1); }
        }
        """,
        Library);

    [Fact]
    public Task QuietWhereTheTaskIsReturned() => QuietAsync(
        """
        public class Cache : IHostedService
        {
            public Task StartAsync(CancellationToken cancellationToken) => Task.Run(() => LoadAsync(cancellationToken));
            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            private async Task LoadAsync(CancellationToken token) => await Task.Delay(10, token);
        }
        """,
        Library);

    [Fact]
    public Task QuietWhereOthersWaitForTheStoredTask() => QuietAsync(
        Hosted("_loaded = LoadAsync();", Stopped, "private Task? _loaded; private async Task LoadAsync() { await Task.Delay(10); } public async Task<int> GetAsync() { await _loaded!; return 1; }"), Library);

    [Fact]
    public Task QuietWhereTheWorkKnowsTheHost() => QuietAsync(
        """
        public class Worker(IHostApplicationLifetime lifetime) : IHostedService
        {
            public Task StartAsync(CancellationToken cancellationToken)
            {
                lifetime.ApplicationStarted.Register(() => _ = RunAsync());
                return Task.CompletedTask;
            }

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            private async Task RunAsync() { while (!lifetime.ApplicationStopping.IsCancellationRequested) await Task.Delay(1000); }
        }
        """,
        Library);

    [Fact]
    public Task AnApplicationStartedCallbackStartsWorkToo() => ReportsAsync(
        """
        public class Worker(IHostApplicationLifetime lifetime) : IHostedService
        {
            public Task StartAsync(CancellationToken cancellationToken)
            {
                lifetime.ApplicationStarted.Register(() => _ = [|RunAsync|]());
                return Task.CompletedTask;
            }

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            private async Task RunAsync() { while (true) await Task.Delay(1000); }
        }
        """,
        Library);

    [Theory]
    [InlineData("_ = [|Task.Run|](() => PumpAsync()); await Task.Delay(1000, stoppingToken);")]
    [InlineData("_ = [|PumpAsync|](); await Task.Delay(1000, stoppingToken);")]
    [InlineData("var timer = new [|Timer|](_ => Work(), null, 0, 1000); await Task.Delay(1000, stoppingToken);")]
    [InlineData("await Task.Run(() => { _ = [|PumpAsync|](); });")]
    public Task WorkThatExecuteAsyncDrops(string body) => ReportsAsync(Background(body, "private async Task PumpAsync() { while (DateTime.Now.Day != 1) await Task.Delay(1000); }"), Library);

    [Theory]
    [InlineData("_ = Task.Run(() => PumpAsync(stoppingToken));")]
    [InlineData("await Task.WhenAll(PumpAsync(stoppingToken), Task.Run(() => Work()));")]
    [InlineData("await PumpAsync(default);")]
    [InlineData("using var timer = new Timer(_ => Work(), null, 0, 1000); await Task.Delay(Timeout.Infinite, stoppingToken);")]
    [InlineData("var timer = new Timer(_ => Work(), null, 0, 1000); try { await Task.Delay(Timeout.Infinite, stoppingToken); } finally { timer.Dispose(); }")]
    [InlineData("var running = new List<Task>(); running.Add(PumpAsync(default)); await Task.WhenAll(running);")]
    public Task QuietInExecuteAsync(string body) => QuietAsync(Background(body, "private async Task PumpAsync(CancellationToken token) { while (!token.IsCancellationRequested) await Task.Delay(1000, token); }"), Library);

    [Fact]
    public Task ABrokersConsumerOnAnotherThread() => ReportsAsync(
        """
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;

        public class EventBus(IServiceProvider services, ILogger<EventBus> logger) : IHostedService, IDisposable
        {
            private IConnection? _connection;
            private IChannel? _channel;

            public Task StartAsync(CancellationToken cancellationToken)
            {
                _ = Task.Factory.[|StartNew|](async () =>
                {
                    try
                    {
                        _connection = services.GetRequiredService<IConnection>();
                        _channel = await _connection.CreateChannelAsync();
                        var consumer = new AsyncEventingBasicConsumer(_channel);
                        consumer.ReceivedAsync += OnReceived;
                        await _channel.BasicConsumeAsync("orders", false, consumer);
                    }
                    catch (Exception e)
                    {
                        logger.LogError(e, "Not connected");
                    }
                }, TaskCreationOptions.LongRunning);
                return Task.CompletedTask;
            }

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            public void Dispose() => _channel?.Dispose();

            private async Task OnReceived(object sender, BasicDeliverEventArgs message) => await _channel!.BasicAckAsync(message.DeliveryTag, false);
        }
        """,
        code => { Library(code); code.MoreReferences.AddRange(References.Brokers); });

    [Theory]
    [InlineData("await _channel.[|BasicConsumeAsync|](\"orders\", false, consumer);", "")]
    [InlineData("await _channel.BasicConsumeAsync(\"orders\", false, consumer);", "await _channel.CloseAsync(cancellationToken);")]
    [InlineData("_tag = await _channel.BasicConsumeAsync(\"orders\", false, consumer);", "await _channel.BasicCancelAsync(_tag!);")]
    public Task ASubscription(string subscribe, string stop) => ReportsAsync(
        $$"""
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;

        public class EventBus(IConnection connection) : IHostedService
        {
            private IChannel _channel = null!;
            private string? _tag;

            public async Task StartAsync(CancellationToken cancellationToken)
            {
                _channel = await connection.CreateChannelAsync();
                var consumer = new AsyncEventingBasicConsumer(_channel);
                consumer.ReceivedAsync += (_, _) => Task.CompletedTask;
                {{subscribe}}
            }

            public async Task StopAsync(CancellationToken cancellationToken)
            {
                {{stop}}
                await Task.Yield();
            }
        }
        """,
        code => { Library(code); code.MoreReferences.AddRange(References.Brokers); });

    [Theory]
    [InlineData("source.[|Subscribe|](number => { });", "")]
    [InlineData("source.[|Subscribe|](sink);", "")]
    [InlineData("_lease = source.Subscribe(sink);", "_lease?.Dispose();")]
    [InlineData("_lease = source.Subscribe(number => { });", "_lease?.Dispose();")]
    [InlineData("_leases.Add(source.Subscribe(number => { }));", "_leases.ForEach(lease => lease.Dispose());")]
    [InlineData("own.Subscribe(() => { });", "")]
    public Task AnObserver(string subscribe, string stop) => ReportsAsync(
        $$"""
        public class Watch(IObservable<int> source, IObserver<int> sink, Own own) : IHostedService
        {
            private readonly List<IDisposable> _leases = new();
            private IDisposable? _lease;

            public Task StartAsync(CancellationToken cancellationToken)
            {
                {{subscribe}}
                return Task.CompletedTask;
            }

            public Task StopAsync(CancellationToken cancellationToken)
            {
                {{stop}}
                return Task.CompletedTask;
            }
        }

        public sealed class Own
        {
            public IDisposable Subscribe(Action handler) => throw new NotSupportedException();
        }
        """,
        code => { Library(code); code.MoreReferences.Add(References.Library("""
            public static class ObservableExtensions
            {
                public static IDisposable Subscribe<T>(this IObservable<T> source, Action<T> handler) => throw new NotSupportedException();
            }
            """)); });

    [Theory]
    [InlineData("_timer = new Timer(_ => { _ = PollAsync(); }, null, 0, 1000);")]
    [InlineData("_timer = new Timer(Drop, null, 0, 1000); void Drop(object? state) => Task.Run(PollAsync);")]
    [InlineData("_timer = new Timer(Forward, null, 0, 1000);")]
    public Task QuietInATimersCallbackWhichSHUT210Knows(string start) => QuietAsync(
        Hosted(start, "_timer?.Dispose(); return Task.CompletedTask;", Members + "\nprivate void Forward(object? state) { PollAsync(); }"), Library);

    [Fact]
    public Task ThroughABaseClassAndAnotherPart() => ReportsAsync(
        """
        public abstract partial class Looping : IHostedService
        {
            public virtual Task StartAsync(CancellationToken cancellationToken)
            {
                Begin();
                return Task.CompletedTask;
            }

            public virtual Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }

        public abstract partial class Looping
        {
            private void Begin() => [|Task.Run|](TurnAsync);

            protected abstract Task TurnAsync();
        }

        public class Orders : Looping
        {
            protected override async Task TurnAsync() => await Task.Delay(1000);
        }
        """,
        Library);

    [Fact]
    public Task QuietWhereADerivedClassEndsIt() => QuietAsync(
        """
        public abstract class Looping : IHostedService
        {
            protected Task? Work;
            public virtual Task StartAsync(CancellationToken cancellationToken) { Work = Task.Run(TurnAsync); return Task.CompletedTask; }
            public virtual Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            protected abstract Task TurnAsync();
        }

        public class Orders : Looping
        {
            protected override async Task TurnAsync() => await Task.Delay(1000);
            public override async Task StopAsync(CancellationToken cancellationToken) => await Work!;
        }
        """,
        Library);

    [Fact]
    public Task QuietWhereTheBaseClassIsAPackages() => QuietAsync(
        """
        public class Orders : Base
        {
            public override Task StartAsync(CancellationToken cancellationToken) { _ = Task.Run(() => Thread.Sleep(1)); return Task.CompletedTask; }
        }
        """,
        code => { Library(code); code.MoreReferences.Add(References.Library("""
            public abstract class Base : IHostedService
            {
                public abstract Task StartAsync(CancellationToken cancellationToken);
                public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            }
            """)); });

    [Fact]
    public Task QuietOutsideOfHostedServices() => QuietAsync(
        "public class Plain { public Task StartAsync(CancellationToken cancellationToken) { _ = Task.Run(() => Thread.Sleep(1)); return Task.CompletedTask; } }", Library);

    [Fact]
    public Task OneWarningForWorkInsideOfWork() => ReportsAsync(
        Hosted("_ = [|Task.Run|](() => { _ = Task.Run(() => Work()); Work(); });", Stopped), Library);

    [Theory]
    [InlineData("_ = [|Task.Run|](SendAsync); // first", "_work = Task.Run(SendAsync); // first")]
    [InlineData("// first\n        [|Task.Run|](() => SendAsync());", "// first\n        _work = Task.Run(() => SendAsync());")]
    [InlineData("_ = [|SendAsync|]();", "_work = SendAsync();")]
    [InlineData("_ = Task.Factory.[|StartNew|](() => Work());", "_work = Task.Factory.StartNew(() => Work());")]
    public Task TheTaskIsKeptAndAwaited(string start, string kept) => FixesAsync(
        Simple(start, "Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;"),
        Simple(
            kept,
            """
            async Task StopAsync(CancellationToken cancellationToken)
                {
                    await Task.WhenAny(_work, Task.Delay(Timeout.Infinite, cancellationToken));
                }
            """,
            "private Task _work = Task.CompletedTask;\n\n    "),
        Library);

    [Fact]
    public Task StopMethodsKeepWhatTheyDo() => FixesAsync(
        Simple(
            "_ = [|SendAsync|]();",
            """
            Task StopAsync(CancellationToken token)
                {
                    // leave first
                    Work();
                    return Task.CompletedTask;
                }
            """),
        Simple(
            "_work = SendAsync();",
            """
            async Task StopAsync(CancellationToken token)
                {
                    // leave first
                    Work();
                    await Task.WhenAny(_work, Task.Delay(Timeout.Infinite, token));
                }
            """,
            "private Task _work = Task.CompletedTask;\n\n    "),
        Library);

    [Fact]
    public Task FixAllKeepsEveryTask() => FixesAsync(
        Simple("_ = [|SendAsync|]();\n        _ = [|Task.Run|](SendAsync);", "Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;"),
        Simple(
            "_work = SendAsync();\n        _work2 = Task.Run(SendAsync);",
            """
            async Task StopAsync(CancellationToken cancellationToken)
                {
                    await Task.WhenAny(_work, Task.Delay(Timeout.Infinite, cancellationToken));
                    await Task.WhenAny(_work2, Task.Delay(Timeout.Infinite, cancellationToken));
                }
            """,
            "private Task _work = Task.CompletedTask;\n    private Task _work2 = Task.CompletedTask;\n\n    "),
        Library);

    [Theory]
    [InlineData("_ = [|PollAsync|]();", Stopped)]
    [InlineData("for (var i = 0; i < 2; i++) _ = [|Task.Run|](() => WorkAsync());", Stopped)]
    [InlineData("[|Forever|]();", Stopped)]
    [InlineData("_timer = new [|Timer|](Tick, null, 0, 1000);", Stopped)]
    [InlineData("_kept = [|Task.Run|](() => WorkAsync());", Stopped)]
    [InlineData("_ = [|Task.Run|](() => WorkAsync());", "if (_stopped) return Task.CompletedTask; return Task.CompletedTask;")]
    [InlineData("_ = [|Task.Run|](() => WorkAsync());", "return WorkAsync();")]
    public Task NoFixWhereWaitingWouldNotDo(string start, string stop) => OffersNoFixAsync(Hosted(start, stop, Members), Library);

    [Theory]
    [InlineData("class A : IHostedService { Task StartAsync(CancellationToken t) { _ = Task.Run(); Task.Run(() => ); new Timer(; } }")]
    [InlineData("class A : IHostedService { public Task StartAsync(CancellationToken t) { _ = Missing(); _x = Task.Run(Missing); y.Subscribe(z => ); } public Task StopAsync(CancellationToken t) => }")]
    [InlineData("class A : B, IHostedService { public override Task StartAsync(CancellationToken t) => base.Go(_ = Task.Run(() => Go(t))); } class B : A { }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Simple(string start, string stop, string fields = "") =>
        $$"""
        public class Sender : IHostedService
        {
            {{fields}}public Task StartAsync(CancellationToken cancellationToken)
            {
                {{start}}
                return Task.CompletedTask;
            }

            public {{stop}}

            private async Task SendAsync() { await Task.Delay(1000); }
            private void Work() { Thread.Sleep(1); }
        }
        """;
}
