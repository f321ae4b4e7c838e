using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;
using static ShutdownAnalyzers.Tests.HostedServices.Services;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class EndlessLoopIgnoresStopTests : RuleTest<EndlessLoopIgnoresStop, EndlessLoopIgnoresStopFix>
{
    [Theory]
    [InlineData("[|while (true)|]", "while (!stoppingToken.IsCancellationRequested)", "")]
    [InlineData("[|for (;;)|]", "while (!stoppingToken.IsCancellationRequested)", "")]
    [InlineData("[|for (; true;)|]", "while (!stoppingToken.IsCancellationRequested)", "")]
    [InlineData("[|for (var i = 0; ; i++)|]", "for (var i = 0; !stoppingToken.IsCancellationRequested; i++)", "")]
    [InlineData("const bool forever = true; [|while (forever)|]", "const bool forever = true; while (forever && !stoppingToken.IsCancellationRequested)", "")]
    [InlineData("var running = true; [|while (running)|]", "var running = true; while (running && !stoppingToken.IsCancellationRequested)", "")]
    [InlineData("[|while (!_stopped)|]", "while (!_stopped && !stoppingToken.IsCancellationRequested)", "private bool _stopped = false;")]
    public Task Heads(string head, string fixedHead, string member) => FixesAsync(
        Background(head + " { await WorkAsync(); /* pause */ await Task.Delay(1000); }", member),
        Background(fixedHead + " { await WorkAsync(); /* pause */ await Task.Delay(1000); }", member),
        Library);

    [Fact]
    public Task DoLoop() => FixesAsync(
        Background("[|do|] { await WorkAsync(); } while (true);"),
        Background("do { await WorkAsync(); } while (!stoppingToken.IsCancellationRequested);"),
        Library);

    [Fact]
    public Task WithoutAsyncTheMethodStillReturns() => FixesAsync(
        Background(
            """
            [|while (true)|]
            {
                Thread.Sleep(1000);
            }
            """,
            execute: "protected override Task ExecuteAsync(CancellationToken stoppingToken)"),
        Background(
            """
            while (!stoppingToken.IsCancellationRequested)
            {
                Thread.Sleep(1000);
            }

            return Task.CompletedTask;
            """,
            execute: "protected override Task ExecuteAsync(CancellationToken stoppingToken)"),
        Library);

    [Theory]
    [InlineData("await Task.Run(() => { [|while (true)|] { Work(); } });", "await Task.Run(() => { while (!stoppingToken.IsCancellationRequested) { Work(); } });")]
    [InlineData("await Task.Run(async delegate { [|while (true)|] { await WorkAsync(); } });", "await Task.Run(async delegate { while (!stoppingToken.IsCancellationRequested) { await WorkAsync(); } });")]
    [InlineData("await Loop(); async Task Loop() { [|while (true)|] { await WorkAsync(); } }", "await Loop(); async Task Loop() { while (!stoppingToken.IsCancellationRequested) { await WorkAsync(); } }")]
    public Task InFunctions(string body, string fixedBody) => FixesAsync(Background(body), Background(fixedBody), Library);

    [Fact]
    public Task AMethodOfAnotherPartThatExecuteCalls() => FixesAsync(
        """
        public partial class Worker : BackgroundService
        {
            private CancellationToken _stopping;

            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                _stopping = stoppingToken;
                return Task.WhenAll(One(), Task.Run(Two));
            }

            private partial Task One();
            private partial Task Two();
        }

        public partial class Worker
        {
            private partial async Task One()
            {
                [|while (true)|]
                    await Task.Delay(1000);
            }

            private partial async Task Two()
            {
                [|while (true)|]
                    await Task.Delay(1000);
            }
        }
        """,
        """
        public partial class Worker : BackgroundService
        {
            private CancellationToken _stopping;

            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                _stopping = stoppingToken;
                return Task.WhenAll(One(), Task.Run(Two));
            }

            private partial Task One();
            private partial Task Two();
        }

        public partial class Worker
        {
            private partial async Task One()
            {
                while (!_stopping.IsCancellationRequested)
                    await Task.Delay(1000);
            }

            private partial async Task Two()
            {
                while (!_stopping.IsCancellationRequested)
                    await Task.Delay(1000);
            }
        }
        """,
        Library);

    [Fact]
    public Task BaseClassesOfTheProgramsOwn() => ReportsAsync(
        """
        public abstract class Polling : BackgroundService
        {
            protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                [|while (true)|]
                    await PollAsync();
            }

            protected abstract Task PollAsync();
        }

        public abstract class Loop<T>
        {
            protected void Run()
            {
                [|while (true)|]
                    Thread.Sleep(1000);
            }
        }

        public class Orders : Polling
        {
            protected override Task PollAsync() => Task.Delay(1000);
        }

        public class Mails : Loop<int>, IHostedService
        {
            private Task? _work;

            Task IHostedService.StartAsync(CancellationToken cancellationToken)
            {
                _work = Task.Run(Run);
                return Task.CompletedTask;
            }

            Task IHostedService.StopAsync(CancellationToken cancellationToken) => _work ?? Task.CompletedTask;
        }
        """,
        Library);

    [Fact]
    public Task WorkThatStartAsyncStartsHasNoTokenForAFix() => OffersNoFixAsync(
        Hosted("new Thread(Loop).Start();", "return Task.CompletedTask;", "private void Loop() { [|while (true)|] { Work(); } }"), Library);

    [Fact]
    public Task ASourceThatStopCancelsIsTheToken() => FixesAsync(
        Hosted("_ = Task.Run(() => { [|while (true)|] { Work(); } });", "_stopping.Cancel(); return Task.CompletedTask;", "private readonly CancellationTokenSource _stopping = new();"),
        Hosted("_ = Task.Run(() => { while (!_stopping.IsCancellationRequested) { Work(); } });", "_stopping.Cancel(); return Task.CompletedTask;", "private readonly CancellationTokenSource _stopping = new();").Replace("!_stopping.Is", "!_stopping.Token.Is", StringComparison.Ordinal),
        Library);

    [Theory]
    [InlineData("[|while (true)|] { try { throw new TimeoutException(); } catch (Exception) { } }")]
    [InlineData("[|while (true)|] { try { throw new TimeoutException(); } catch (TimeoutException) { await Task.Delay(1); } }")]
    [InlineData("[|while (true)|] { foreach (var i in new[] { 1, 2 }) { if (i == 2) break; } switch (DateTime.Now.Day) { case 1: break; } }")]
    [InlineData("[|while (true)|] { Func<int> f = () => { return 1; }; await Task.Delay(f(), CancellationToken.None); }")]
    [InlineData("[|while (true)|] { using var timeout = new CancellationTokenSource(5000); await WorkAsync(timeout.Token); }")]
    [InlineData("[|while (true)|] { await WorkAsync(default); }")]
    [InlineData("Func<Task> step = () => WorkAsync(); [|while (true)|] { await step(); }")]
    [InlineData("[|while (true)|] { await Step(); } async Task Step(CancellationToken token = default) { await Task.Delay(1000, token); }")]
    [InlineData("var started = stoppingToken.IsCancellationRequested; [|while (true)|] { if (started) Work(); await WorkAsync(); }")]
    public Task StillEndless(string body) => ReportsAsync(Background(body), Library);

    [Theory]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { await WorkAsync(); }")]
    [InlineData("while (true) { await Task.Delay(1000, stoppingToken); }")]
    [InlineData("Func<Task> step = () => WorkAsync(stoppingToken); while (true) { await step(); }")]
    [InlineData("Func<Task> step = StepAsync; while (true) { await step(); } Task StepAsync() => WorkAsync(stoppingToken);")]
    [InlineData("while (true) { stoppingToken.ThrowIfCancellationRequested(); Work(); }")]
    [InlineData("while (true) { if (stoppingToken.IsCancellationRequested) break; Work(); }")]
    [InlineData("while (true) { Work(); if (DateTime.Now.Day == 1) return; }")]
    [InlineData("while (true) { try { await WorkAsync(); break; } catch (Exception) { await Task.Delay(1000); } }")]
    [InlineData("while (true) { Work(); throw new InvalidOperationException(); }")]
    [InlineData("while (true) { if (DateTime.Now.Day == 1) goto end; Work(); } end: Work();")]
    [InlineData("while (true) { if (DateTime.Now.Day == 1) Environment.Exit(1); Work(); }")]
    [InlineData("var token = stoppingToken; while (true) { await WorkAsync(token); }")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken); while (true) { await WorkAsync(linked.Token); }")]
    [InlineData("using var own = new CancellationTokenSource(); stoppingToken.Register(() => own.Cancel()); while (true) { await WorkAsync(own.Token); }")]
    [InlineData("_token = stoppingToken; while (true) { await Task.Delay(1000, _token); }")]
    [InlineData("_token = stoppingToken; while (true) { await StepAsync(); }")]
    [InlineData("while (true) { await Local(); } async Task Local() { await Task.Delay(1000, stoppingToken); }")]
    [InlineData("using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); while (await timer.WaitForNextTickAsync(stoppingToken)) { Work(); }")]
    [InlineData("using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)); while (true) { await timer.WaitForNextTickAsync(stoppingToken); }")]
    [InlineData("foreach (var i in Numbers()) { await Task.Delay(i, stoppingToken); } IEnumerable<int> Numbers() { while (true) yield return 1; }")]
    [InlineData("while (_running) { await WorkAsync(); }")]
    [InlineData("var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Any, 0); using var stop = stoppingToken.Register(listener.Stop); while (true) { await listener.AcceptTcpClientAsync(); }")]
    [InlineData("var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Any, 0); using var stop = stoppingToken.Register(() => listener.Stop()); while (true) { await listener.AcceptTcpClientAsync(); }")]
    [InlineData("while (true) { await _queue.Reader.ReadAsync(); }")]
    [InlineData("var pump = new Pump(stoppingToken); while (true) { await pump.TurnAsync(); }")]
    public Task Quiet(string body) => QuietAsync(
        Background(
            body,
            """
            private readonly Channel<int> _queue = Channel.CreateUnbounded<int>();
            private CancellationToken _token;
            private bool _running = true;
            public override Task StopAsync(CancellationToken cancellationToken) { _running = false; _queue.Writer.Complete(); return base.StopAsync(cancellationToken); }
            private async Task StepAsync() { await Task.Delay(1000, _token); }
            private sealed class Pump(CancellationToken token) { public Task TurnAsync() => Task.Delay(1000, token); }
            """),
        Library);

    [Fact]
    public Task QuietOutsideOfHostedServices() => QuietAsync(
        """
        public class Console
        {
            public async Task ExecuteAsync(CancellationToken token) { while (true) await Task.Delay(1000); }
        }
        """,
        Library);

    [Theory]
    [InlineData("class A : BackgroundService { protected override async Task ExecuteAsync(CancellationToken t) { while () { } for (;true while(true) } }")]
    [InlineData("class A : IHostedService { Task StartAsync() { while (true) } void M() => M(")]
    [InlineData("class A : A, BackgroundService { override ExecuteAsync() { do { } while (true) } }")]
    [InlineData("partial class A : Missing, IHostedService { partial Task StartAsync(CancellationToken t); public Task StopAsync(CancellationToken t) => base.StopAsync(t); }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
