using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ShutdownAnalyzers.Runtime;

namespace KafkaWorker;

/// <summary>
/// Consumes a topic, one message after the other, and stores each offset when its message is done; the client commits what is stored. In the drain: no further message is taken, the one in work is
/// finished, and then the consumer leaves its group, which commits and hands the partitions over at once instead of after the session's timeout.
/// </summary>
internal sealed class KafkaConsumer(ConsumerConfig config, string topic, Func<string, Task> handle, ILogger<KafkaConsumer> logger) : IHostedService, IDrainParticipant, IDisposable
{
    private readonly CancellationTokenSource _intakeEnds = new();
    private IConsumer<Ignore, string>? _consumer;
    private Task _loop = Task.CompletedTask;

    public string Name => $"Kafka {topic}";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // An offset that is stored before its message is done would be committed with it.
        config.EnableAutoOffsetStore = false;
        _consumer = new ConsumerBuilder<Ignore, string>(config).SetErrorHandler((_, error) => logger.LogWarning("Kafka: {Reason}", error.Reason)).Build();
        _consumer.Subscribe(topic);
        // Consume blocks its thread.
        _loop = Task.Factory.StartNew(ConsumeAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        return Task.CompletedTask;
    }

    public Task StopIntakeAsync(CancellationToken cancellationToken) => _intakeEnds.CancelAsync();

    public Task WhenIdleAsync(CancellationToken cancellationToken) => _loop.WaitAsync(cancellationToken);

    /// <summary>The drain has stopped the loop by now.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not while a message is in work: closing under the loop would be an error in native code.</summary>
    public void Close()
    {
        if (_loop.IsCompleted) _consumer?.Close();
    }

    public void Dispose()
    {
        if (_loop.IsCompleted) _consumer?.Dispose();
        _intakeEnds.Dispose();
    }

    private async Task ConsumeAsync()
    {
        while (Next() is { } message)
        {
            try
            {
                await handle(message.Message.Value);
                _consumer!.StoreOffset(message);
            }
            catch (Exception e)
            {
                // What belongs here is the application's: a retry, a dead-letter topic. The next message that is done commits this one's offset as well.
                logger.LogError(e, "The message at {Offset} could not be handled", message.TopicPartitionOffset);
            }
        }
    }

    /// <summary>The next message, or null where the intake has ended.</summary>
    private ConsumeResult<Ignore, string>? Next()
    {
        while (!_intakeEnds.IsCancellationRequested)
        {
            try
            {
                return _consumer!.Consume(_intakeEnds.Token);
            }
            catch (ConsumeException e)
            {
                logger.LogError(e, "Kafka gave no message");
            }
            catch (OperationCanceledException)
            {
                // The intake has ended.
            }
        }

        return null;
    }
}
