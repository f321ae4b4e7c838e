using Microsoft.CodeAnalysis.Testing;
using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;
using static ShutdownAnalyzers.Tests.HostedServices.Services;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class ChannelItemsDroppedTests : RuleTest<ChannelItemsDropped, EmptyCodeFixProvider>
{
    private const string Members =
        """
        private readonly Channel<int> _queue = Channel.CreateUnbounded<int>();
        private readonly Channel<bool> _wake = Channel.CreateUnbounded<bool>();
        private readonly Channel<string> _latest = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        private Task HandleAsync(int item, CancellationToken token) => Task.Delay(item, token);
        private async Task DrainAsync() { while (_queue.Reader.TryRead(out var item)) await HandleAsync(item, CancellationToken.None); }
        """;

    [Theory]
    [InlineData("await foreach (var item in _queue.Reader.[|ReadAllAsync|](stoppingToken)) await HandleAsync(item, stoppingToken);")]
    [InlineData("await foreach (var item in _queue.Reader.[|ReadAllAsync|](stoppingToken).ConfigureAwait(false)) { stoppingToken.ThrowIfCancellationRequested(); Work(); }")]
    [InlineData("await foreach (var item in _queue.Reader.[|ReadAllAsync|](stoppingToken)) { if (stoppingToken.IsCancellationRequested) break; Work(); }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { var item = await _queue.Reader.[|ReadAsync|](stoppingToken); Work(); }")]
    [InlineData("while (true) { var item = await _queue.Reader.[|ReadAsync|](stoppingToken); await HandleAsync(item, default); }")]
    [InlineData("while (await _queue.Reader.[|WaitToReadAsync|](stoppingToken)) { if (_queue.Reader.TryRead(out var item)) Work(); }")]
    [InlineData("while (await _queue.Reader.[|WaitToReadAsync|](stoppingToken)) { while (_queue.Reader.TryRead(out var item)) await HandleAsync(item, stoppingToken); }")]
    [InlineData("var reader = _queue.Reader; var token = stoppingToken; while (true) { await reader.[|ReadAsync|](token); }")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken); while (true) { await _queue.Reader.[|ReadAsync|](linked.Token); }")]
    [InlineData("await Task.Run(async () => { while (true) { await _queue.Reader.[|ReadAsync|](stoppingToken); } });")]
    [InlineData("await Loop(); async Task Loop() { while (true) await _queue.Reader.[|ReadAsync|](stoppingToken); }")]
    public Task ReadersThatLeave(string body) => ReportsAsync(Background(body, Members.Replace("private async Task DrainAsync() { while (_queue.Reader.TryRead(out var item)) await HandleAsync(item, CancellationToken.None); }", "", StringComparison.Ordinal)), Library);

    [Theory]
    [InlineData("await foreach (var item in _queue.Reader.ReadAllAsync(stoppingToken)) await HandleAsync(item, CancellationToken.None);")]
    [InlineData("await foreach (var item in _queue.Reader.ReadAllAsync()) await HandleAsync(item, stoppingToken);")]
    [InlineData("while (await _queue.Reader.WaitToReadAsync(stoppingToken)) { while (_queue.Reader.TryRead(out var item)) Work(); }")]
    [InlineData("while (await _queue.Reader.WaitToReadAsync()) { if (_queue.Reader.TryRead(out var item)) Work(); }")]
    [InlineData("while (true) { await _queue.Reader.ReadAsync(CancellationToken.None); }")]
    [InlineData("await _queue.Reader.ReadAsync(stoppingToken);")]
    [InlineData("while (true) { await _wake.Reader.ReadAsync(stoppingToken); Work(); }")]
    [InlineData("while (true) { await _latest.Reader.ReadAsync(stoppingToken); Work(); }")]
    [InlineData("using var timeout = new CancellationTokenSource(1000); while (true) { await _queue.Reader.ReadAsync(timeout.Token); }")]
    public Task QuietReaders(string body) => QuietAsync(Background(body, Members.Replace("private async Task DrainAsync() { while (_queue.Reader.TryRead(out var item)) await HandleAsync(item, CancellationToken.None); }", "", StringComparison.Ordinal)), Library);

    [Theory]
    [InlineData("try { while (true) await _queue.Reader.ReadAsync(stoppingToken); } finally { while (_queue.Reader.TryRead(out _)) Work(); }")]
    [InlineData("try { while (true) await _queue.Reader.ReadAsync(stoppingToken); } catch (OperationCanceledException) { } await DrainAsync();")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { await _queue.Reader.ReadAsync(stoppingToken); } await DrainAsync();")]
    [InlineData("try { await foreach (var i in _queue.Reader.ReadAllAsync(stoppingToken)) await HandleAsync(i, stoppingToken); } catch (OperationCanceledException) { } _queue.Writer.Complete(); await foreach (var i in _queue.Reader.ReadAllAsync(CancellationToken.None)) Work();")]
    public Task QuietWhereTheRestIsRead(string body) => QuietAsync(Background(body, Members), Library);

    [Theory]
    [InlineData("_queue.Writer.Complete(); await _queue.Reader.Completion; await base.StopAsync(cancellationToken);")]
    [InlineData("await base.StopAsync(cancellationToken); while (_queue.Reader.TryRead(out var item)) await HandleAsync(item, cancellationToken);")]
    [InlineData("_queue.Writer.Complete(); await Task.WhenAny(_queue.Reader.Completion, Task.Delay(5000, cancellationToken)); await base.StopAsync(cancellationToken);")]
    public Task QuietWhereTheStopDrains(string stop) => QuietAsync(WithStop(stop, "ReadAsync"), Library);

    [Theory]
    [InlineData("_queue.Writer.Complete(); await base.StopAsync(cancellationToken);")]
    [InlineData("await base.StopAsync(cancellationToken); _queue.Writer.Complete();")]
    public Task ACompletedWriterAloneDoesNotDrain(string stop) => ReportsAsync(WithStop(stop, "[|ReadAsync|]"), Library);

    [Fact]
    public Task AnInjectedReaderOfAHostedServiceWithItsOwnToken() => ReportsAsync(
        """
        using System.Threading.Channels;

        public record Mail(string To);

        public class Sender(ChannelReader<Mail> mails) : IHostedService
        {
            private readonly CancellationTokenSource _stopping = new();
            private Task? _work;

            public Task StartAsync(CancellationToken cancellationToken)
            {
                _work = SendAsync(_stopping.Token);
                return Task.CompletedTask;
            }

            public Task StopAsync(CancellationToken cancellationToken)
            {
                _stopping.Cancel();
                return _work ?? Task.CompletedTask;
            }

            private async Task SendAsync(CancellationToken token)
            {
                while (true)
                {
                    var mail = await mails.[|ReadAsync|](token);
                    await File.WriteAllTextAsync(mail.To, "", token);
                }
            }
        }
        """,
        Library);

    [Fact]
    public Task QuietForOtherStreams() => QuietAsync(
        Background("await foreach (var item in Numbers.ReadAllAsync(stoppingToken)) await Task.Delay(item, stoppingToken);", "private static class Numbers { public static async IAsyncEnumerable<int> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token) { await Task.Delay(1, token); yield return 1; } }"), Library);

    [Fact]
    public Task QuietOutsideOfHostedServices() => QuietAsync(
        "public class Plain { public async Task Read(System.Threading.Channels.ChannelReader<int> reader, CancellationToken token) { while (true) await reader.ReadAsync(token); } }", Library);

    [Theory]
    [InlineData("class A : BackgroundService { protected override async Task ExecuteAsync(CancellationToken t) { while (true) await _x.ReadAsync(t, ; await foreach (var x in y.ReadAllAsync(t)) } }")]
    [InlineData("class A(System.Threading.Channels.ChannelReader<Missing> r) : BackgroundService { protected override async Task ExecuteAsync(CancellationToken t) { while (true) { await r.ReadAsync(t); r.TryRead(out } } }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);

    private static string WithStop(string stop, string read) => Background(
        $"while (true) {{ await HandleAsync(await _queue.Reader.{read}(stoppingToken), default); }}",
        $$"""
        private readonly Channel<int> _queue = Channel.CreateUnbounded<int>();
        private Task HandleAsync(int item, CancellationToken token) => Task.Delay(item, token);
        public override async Task StopAsync(CancellationToken cancellationToken) { {{stop}} }
        """);
}
