using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;
using static ShutdownAnalyzers.Tests.HostedServices.Services;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class StartTokenOutlivesStartTests : RuleTest<StartTokenOutlivesStart, StartTokenOutlivesStartFix>
{
    private const string Stopped = "return Task.CompletedTask;";

    private const string Members =
        """
        private readonly List<Task> _tasks = new();
        private readonly Pump _pump = new();
        private Task? _work;
        private Timer? _timer;
        private CancellationToken _token;
        private CancellationTokenSource? _cts;
        private async Task LoopAsync(CancellationToken token) { while (!token.IsCancellationRequested) await Task.Delay(1000, token); }
        private async Task FieldLoopAsync() { while (!_token.IsCancellationRequested) await Task.Delay(1000, _token); }
        private async Task SourceLoopAsync() { while (!_cts!.IsCancellationRequested) await Task.Delay(1000); }
        private async void Forever(CancellationToken token) { while (!token.IsCancellationRequested) await Task.Delay(1000, token); }
        private sealed class Pump { public Task RunAsync(CancellationToken token) => Task.Delay(1000, token); public event Action? Received; public void Raise() => Received?.Invoke(); }
        """;

    [Theory]
    [InlineData("_ = Task.Run(() => LoopAsync([|cancellationToken|]));")]
    [InlineData("_work = Task.Run(async () => { await LoopAsync([|cancellationToken|]); });")]
    [InlineData("_work = Task.Run(async delegate { await Task.Delay(1000, [|cancellationToken|]); });")]
    [InlineData("_work = Task.Factory.StartNew(() => LoopAsync([|cancellationToken|]), cancellationToken);")]
    [InlineData("_ = LoopAsync([|cancellationToken|]);")]
    [InlineData("_work = LoopAsync([|cancellationToken|]);")]
    [InlineData("_tasks.Add(Task.Run(() => LoopAsync([|cancellationToken|])));")]
    [InlineData("_work = _pump.RunAsync([|cancellationToken|]);")]
    [InlineData("Forever([|cancellationToken|]);")]
    [InlineData("_work = Local(); async Task Local() { while (![|cancellationToken|].IsCancellationRequested) await Task.Delay(1000); }")]
    [InlineData("_timer = new Timer(_ => LoopAsync([|cancellationToken|]).Wait(), null, 0, 1000);")]
    [InlineData("new Thread(() => { while (![|cancellationToken|].IsCancellationRequested) Work(); }).Start();")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => LoopAsync([|cancellationToken|]).Wait());")]
    [InlineData("_pump.Received += () => LoopAsync([|cancellationToken|]).Wait();")]
    [InlineData("_token = [|cancellationToken|]; _work = FieldLoopAsync();")]
    [InlineData("_token = [|cancellationToken|]; _work = Task.Run(() => LoopAsync(_token));")]
    [InlineData("var token = [|cancellationToken|]; _work = Task.Run(() => LoopAsync(token));")]
    [InlineData("_cts = CancellationTokenSource.CreateLinkedTokenSource([|cancellationToken|]); _work = LoopAsync(_cts.Token); _ = SourceLoopAsync();")]
    [InlineData("var linked = CancellationTokenSource.CreateLinkedTokenSource([|cancellationToken|]); _work = Task.Run(() => LoopAsync(linked.Token));")]
    [InlineData("var linked = CancellationTokenSource.CreateLinkedTokenSource([|cancellationToken|]); var token = linked.Token; _work = LoopAsync(token);")]
    [InlineData("_work = LoopAsync([|cancellationToken|]); if (_work.IsCompleted) return _work;")]
    [InlineData("Begin(cancellationToken); void Begin(CancellationToken token) { _work = Task.Run(() => LoopAsync([|token|])); }")]
    public Task WhatGoesOn(string start) => ReportsAsync(Hosted(start, Stopped, Members), Library);

    [Theory]
    [InlineData("LoopAsync(cancellationToken).Wait();")]
    [InlineData("LoopAsync(cancellationToken).GetAwaiter().GetResult();")]
    [InlineData("return LoopAsync(cancellationToken);")]
    [InlineData("return Task.Run(() => LoopAsync(cancellationToken));")]
    [InlineData("var work = LoopAsync(cancellationToken); work.Wait();")]
    [InlineData("return Task.WhenAll(LoopAsync(cancellationToken), _pump.RunAsync(cancellationToken));")]
    [InlineData("Task.WaitAll([LoopAsync(cancellationToken)], cancellationToken);")]
    [InlineData("_work = Task.Run(() => LoopAsync(CancellationToken.None), cancellationToken);")]
    [InlineData("_work = Task.Factory.StartNew(() => Work(), cancellationToken);")]
    [InlineData("cancellationToken.ThrowIfCancellationRequested(); if (cancellationToken.IsCancellationRequested) Work();")]
    [InlineData("var items = new[] { 1 }.Select(i => LoopAsync(cancellationToken)); Task.WaitAll(items.ToArray());")]
    [InlineData("_token = cancellationToken;")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken); linked.CancelAfter(1000); LoopAsync(linked.Token).Wait();")]
    [InlineData("using var registration = cancellationToken.Register(() => Work());")]
    [InlineData("_work = LoopAsync(default); _work.WaitAsync(cancellationToken).Wait();")]
    public Task QuietInsideOfTheStart(string start) => QuietAsync(Hosted(start, Stopped, Members.Replace("private async Task FieldLoopAsync() { while (!_token.IsCancellationRequested) await Task.Delay(1000, _token); }", "", StringComparison.Ordinal)), Library);

    [Theory]
    [InlineData("_cts = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken); _work = LoopAsync(_cts.Token);", "_cts?.Cancel(); return _work!;")]
    [InlineData("_cts = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken); var token = _cts.Token; _work = Task.Run(() => LoopAsync(token));", "_cts?.Cancel(); return _work!;")]
    [InlineData("_cts = new CancellationTokenSource(); _work = Task.Run(() => LoopAsync(_cts.Token), cancellationToken);", "_cts!.Cancel(); return Task.CompletedTask;")]
    [InlineData("_cts = new CancellationTokenSource(); _work = Task.Run(async () => { using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cts.Token); await LoopAsync(both.Token); });", "_cts!.Cancel(); return Task.CompletedTask;")]
    [InlineData("_cts = new CancellationTokenSource(); var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cts.Token); _work = LoopAsync(both.Token);", "_cts!.Cancel(); return Task.CompletedTask;")]
    public Task QuietWithASourceThatTheStopCancels(string start, string stop) => QuietAsync(Hosted(start, stop, Members), Library);

    [Fact]
    public Task QuietWhereItIsAwaitedInsideOfTheStart() => QuietAsync(
        """
        public class Warmup(HttpClient client) : BackgroundService
        {
            private Task? _load;

            public override async Task StartAsync(CancellationToken cancellationToken)
            {
                _load = LoadAsync(cancellationToken);
                var second = LoadAsync(cancellationToken);
                await Task.WhenAll(_load, second);
                await foreach (var item in ItemsAsync(cancellationToken)) { }
                await Parallel.ForEachAsync([1, 2], cancellationToken, async (i, token) => await LoadAsync(cancellationToken));
                await base.StartAsync(cancellationToken);
            }

            protected override Task ExecuteAsync(CancellationToken stoppingToken) => LoadAsync(stoppingToken);

            private async Task LoadAsync(CancellationToken token) => await client.GetStringAsync("/", token);
            private async IAsyncEnumerable<int> ItemsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token) { await Task.Delay(1, token); yield return 1; }
        }
        """,
        Library);

    [Fact]
    public Task ABackgroundServicesOwnStart() => ReportsAsync(
        """
        public class Worker : BackgroundService
        {
            private Task? _extra;

            public override Task StartAsync(CancellationToken cancellationToken)
            {
                _extra = Task.Run(() => ExtraAsync([|cancellationToken|]));
                return base.StartAsync(cancellationToken);
            }

            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => ExtraAsync(stoppingToken));

            private async Task ExtraAsync(CancellationToken token) => await Task.Delay(1000, token);
        }
        """,
        Library);

    [Fact]
    public Task ThroughABaseClassAndAnotherPart() => ReportsAsync(
        """
        public abstract partial class Looping : IHostedService
        {
            private Task? _work;
            public Task StartAsync(CancellationToken cancellationToken) { Begin(cancellationToken); return Task.CompletedTask; }
            public Task StopAsync(CancellationToken cancellationToken) => _work!;
            protected abstract Task TurnAsync(CancellationToken token);
        }

        public abstract partial class Looping
        {
            private void Begin(CancellationToken token) => _work = TurnAsync([|token|]);
        }

        public class Orders : Looping
        {
            protected override async Task TurnAsync(CancellationToken token) => await Task.Delay(1000, token);
        }
        """,
        Library);

    [Fact]
    public Task ALifecycleServicesStartsToo() => ReportsAsync(
        """
        public class Worker : IHostedLifecycleService
        {
            public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StartedAsync(CancellationToken started) { _ = Task.Run(() => Task.Delay(1000, [|started|])); return Task.CompletedTask; }
            public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """,
        Library);

    [Theory]
    [InlineData("_work = RunAsync([|cancellationToken|]);", "_work = RunAsync(_stopping.Token);")]
    [InlineData("_work = Task.Run(async () => { while (![|cancellationToken|].IsCancellationRequested) await RunAsync(cancellationToken); }, cancellationToken);", "_work = Task.Run(async () => { while (!_stopping.Token.IsCancellationRequested) await RunAsync(_stopping.Token); }, cancellationToken);")]
    [InlineData("var linked = CancellationTokenSource.CreateLinkedTokenSource([|cancellationToken|]);\n        _work = RunAsync(linked.Token);", "var linked = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);\n        _work = RunAsync(linked.Token);")]
    [InlineData("_work = RunAsync([|cancellationToken|]);\n        _ = RunAsync([|cancellationToken|]);", "_work = RunAsync(_stopping.Token);\n        _ = RunAsync(_stopping.Token);")]
    public Task AnOwnSourceIsCancelledInStopAsync(string start, string own) => FixesAsync(
        Simple(start, "Task StopAsync(CancellationToken cancellationToken) => _work ?? Task.CompletedTask;"),
        Simple(
            own,
            """
            Task StopAsync(CancellationToken cancellationToken)
                {
                    _stopping.Cancel();
                    return _work ?? Task.CompletedTask;
                }
            """,
            "\n    private readonly CancellationTokenSource _stopping = new CancellationTokenSource();"),
        Library);

    [Fact]
    public Task AStopAsyncWithABody() => FixesAsync(
        Simple(
            "_work = RunAsync([|cancellationToken|]);",
            """
            async Task StopAsync(CancellationToken cancellationToken)
                {
                    // wait for it
                    await Task.WhenAny(_work!, Task.Delay(Timeout.Infinite, cancellationToken));
                }
            """),
        Simple(
            "_work = RunAsync(_stopping.Token);",
            """
            async Task StopAsync(CancellationToken cancellationToken)
                {
                    _stopping.Cancel();
                    // wait for it
                    await Task.WhenAny(_work!, Task.Delay(Timeout.Infinite, cancellationToken));
                }
            """,
            "\n    private readonly CancellationTokenSource _stopping = new CancellationTokenSource();"),
        Library);

    [Fact]
    public Task ASourceThatIsCancelledAlreadyServes() => FixesAsync(
        Simple("_work = RunAsync([|cancellationToken|]);", "Task StopAsync(CancellationToken cancellationToken) { _ended.Cancel(); return _work!; }", "\n    private readonly CancellationTokenSource _ended = new();"),
        Simple("_work = RunAsync(_ended.Token);", "Task StopAsync(CancellationToken cancellationToken) { _ended.Cancel(); return _work!; }", "\n    private readonly CancellationTokenSource _ended = new();"),
        Library);

    [Fact]
    public Task NoFixWithoutAStopAsyncBesideIt() => OffersNoFixAsync(
        """
        public class Worker : BackgroundService
        {
            public override Task StartAsync(CancellationToken cancellationToken)
            {
                _ = Task.Run(() => Task.Delay(1000, [|cancellationToken|]));
                return base.StartAsync(cancellationToken);
            }

            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
        }
        """,
        Library);

    [Theory]
    [InlineData("class A : IHostedService { Task StartAsync(CancellationToken t) { _ = Task.Run(() => Go(t, )); _x = t; y.Z += () => t; } }")]
    [InlineData("class A : IHostedService { public Task StartAsync(CancellationToken t) => _cts = CancellationTokenSource.CreateLinkedTokenSource(t, ); public Task StopAsync(CancellationToken t) => }")]
    [InlineData("class A : IHostedService { public Task StartAsync(CancellationToken t) { void F(CancellationToken u) { F(u); _ = G(u); } F(t); } async Task G(CancellationToken t) => await G(t); public Task StopAsync(CancellationToken t) => null; }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string Simple(string start, string stop, string fields = "") =>
        $$"""
        public class Worker : IHostedService
        {
            private Task? _work;{{fields}}

            public Task StartAsync(CancellationToken cancellationToken)
            {
                {{start}}
                return Task.CompletedTask;
            }

            public {{stop}}

            private async Task RunAsync(CancellationToken token) { while (!token.IsCancellationRequested) await Task.Delay(1000, token); }
        }
        """;
}
