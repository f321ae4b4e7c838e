using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;
using static ShutdownAnalyzers.Tests.HostedServices.Services;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class ForegroundThreadTests : RuleTest<ForegroundThread, ForegroundThreadFix>
{
    private const string Stopped = "return Task.CompletedTask;";

    private const string Members =
        """
        private readonly CancellationTokenSource _stopping = new();
        private readonly BlockingCollection<int> _items = new();
        private readonly List<Thread> _threads = new();
        private Thread? _thread;
        private volatile bool _stopped;
        private void Run() { while (!_stopped) Thread.Sleep(1000); }
        private void RunWith(object? state) => Run();
        private void Consume() { foreach (var i in _items.GetConsumingEnumerable()) Work(); }
        private void Observe() { while (!_stopping.IsCancellationRequested) Thread.Sleep(10); }
        """;

    [Theory]
    [InlineData("new [|Thread|](Run).Start();", "new Thread(Run) { IsBackground = true }.Start();")]
    [InlineData("new [|Thread|](() => Run()).Start();", "new Thread(() => Run()) { IsBackground = true }.Start();")]
    [InlineData("new [|Thread|](delegate() { Run(); }).Start();", "new Thread(delegate() { Run(); }) { IsBackground = true }.Start();")]
    [InlineData("new [|Thread|](Local).Start(); void Local() => Run();", "new Thread(Local) { IsBackground = true }.Start(); void Local() => Run();")]
    [InlineData("new [|Thread|](RunWith).Start(1);", "new Thread(RunWith) { IsBackground = true }.Start(1);")]
    [InlineData("var thread = new [|Thread|](Run); // pump\n        thread.Start();", "var thread = new Thread(Run) { IsBackground = true }; // pump\n        thread.Start();")]
    [InlineData("_thread = new [|Thread|](Run) { Name = \"pump\" };\n        _thread.Start();", "_thread = new Thread(Run) { IsBackground = true, Name = \"pump\" };\n        _thread.Start();")]
    [InlineData("_thread = new [|Thread|](Run) { IsBackground = false };\n        _thread.Start();", "_thread = new Thread(Run) { IsBackground = true };\n        _thread.Start();")]
    [InlineData("Thread thread = [|new(Run)|];\n        thread.Start();", "Thread thread = new(Run) { IsBackground = true };\n        thread.Start();")]
    [InlineData("_thread = new [|Thread|](Run)\n{\n    Name = \"pump\",\n};\n_thread?.Start();", "_thread = new Thread(Run)\n{\n    IsBackground = true,\n    Name = \"pump\",\n};\n_thread?.Start();")]
    [InlineData("var thread = new [|Thread|](Run); thread.Start(); _threads.Add(thread);", "var thread = new Thread(Run) { IsBackground = true }; thread.Start(); _threads.Add(thread);")]
    [InlineData("new [|Thread|](Run).Start(); new [|Thread|](Observe).Start();", "new Thread(Run) { IsBackground = true }.Start(); new Thread(Observe) { IsBackground = true }.Start();")]
    public Task AThreadThatNobodyEnds(string start, string background) =>
        FixesAsync(Hosted(start, Stopped, Members), Hosted(background, Stopped, Members), Library);

    [Theory]
    [InlineData("new Thread(Run) { IsBackground = true }.Start();", Stopped)]
    [InlineData("_thread = new Thread(Run); _thread.IsBackground = true; _thread.Start();", Stopped)]
    [InlineData("var thread = new Thread(Run); thread.IsBackground = true; thread.Start();", Stopped)]
    [InlineData("var thread = new Thread(Run) { IsBackground = !_stopped }; thread.Start();", Stopped)]
    [InlineData("_thread = new Thread(() => Thread.Sleep(1)); _thread.Start();", "_thread!.Join(); return Task.CompletedTask;")]
    [InlineData("_thread = new Thread(() => Thread.Sleep(1)); _thread.Start();", "_thread?.Join(1000); return Task.CompletedTask;")]
    [InlineData("_thread = new Thread(() => Thread.Sleep(1)); _thread.Start();", "_thread?.Interrupt(); return Task.CompletedTask;")]
    [InlineData("var thread = new Thread(Run); thread.Start(); thread.Join();", Stopped)]
    [InlineData("var thread = new Thread(() => Thread.Sleep(1)); thread.Start(); _threads.Add(thread);", "_threads.ForEach(thread => thread.Join()); return Task.CompletedTask;")]
    [InlineData("new Thread(Run).Start();", "_stopped = true; return Task.CompletedTask;")]
    [InlineData("new Thread(Observe).Start();", "_stopping.Cancel(); return Task.CompletedTask;")]
    [InlineData("new Thread(Consume).Start();", "_items.CompleteAdding(); return Task.CompletedTask;")]
    [InlineData("_thread = new Thread(Run);", Stopped)]
    public Task QuietWhereTheProcessCanEnd(string start, string stop) => QuietAsync(Hosted(start, stop, Members), Library);

    [Fact]
    public Task InExecuteAsync() => ReportsAsync(
        Background("new [|Thread|](() => { while (DateTime.Now.Day != 1) Thread.Sleep(1000); }).Start(); new Thread(() => { while (!stoppingToken.IsCancellationRequested) Thread.Sleep(1000); }).Start(); await Task.Delay(1, stoppingToken);"), Library);

    [Fact]
    public Task TheStartTokenEndsNoThread() => ReportsAsync(
        Hosted("new [|Thread|](() => { while (!cancellationToken.IsCancellationRequested) Thread.Sleep(1000); }).Start();", Stopped), Library);

    [Fact]
    public Task ThroughABaseClassAndAnotherPart() => ReportsAsync(
        """
        public abstract partial class Looping : IHostedService
        {
            public Task StartAsync(CancellationToken cancellationToken) { Begin(); return Task.CompletedTask; }
            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }

        public abstract partial class Looping
        {
            private void Begin() => new [|Thread|](Turn).Start();

            protected abstract void Turn();
        }

        public class Orders : Looping
        {
            protected override void Turn() => Thread.Sleep(1000);
        }
        """,
        Library);

    [Fact]
    public Task QuietOutsideOfHostedServices() => QuietAsync("public class Plain { public void Start() => new Thread(() => Thread.Sleep(1000)).Start(); }", Library);

    [Theory]
    [InlineData("class A : IHostedService { public Task StartAsync(CancellationToken t) { new Thread(; new Thread(Missing).Start(); _x = new Thread() { IsBackground = }; } }")]
    [InlineData("class A : IHostedService { Thread _t = new(Missing); public Task StartAsync(CancellationToken t) => _t.Start(; public Task StopAsync(CancellationToken t) => _t.Join() }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
