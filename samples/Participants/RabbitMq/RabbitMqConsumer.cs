using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using ShutdownAnalyzers.Runtime;

namespace RabbitMqWorker;

/// <summary>
/// Consumes a queue, up to <paramref name="prefetch"/> messages at a time, and acknowledges each when it is done. In the drain: the consumer is cancelled, so that the broker gives what comes next to
/// others; what has been delivered is finished and acknowledged; and then the connection is closed. A message that isn't done in time stays unacknowledged, and the broker gives it to somebody else.
/// </summary>
internal sealed class RabbitMqConsumer(IConnectionFactory factory, string queue, ushort prefetch, Func<ReadOnlyMemory<byte>, Task> handle, ILogger<RabbitMqConsumer> logger) : IHostedService, IDrainParticipant
{
    private readonly ConcurrentDictionary<ulong, Task> _held = new();
    private readonly TaskCompletionSource _intakeEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConnection? _connection;
    private IChannel? _channel;
    private string? _tag;

    public string Name => $"RabbitMQ {queue}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _connection = await factory.CreateConnectionAsync(cancellationToken);
        _channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await _channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
        await _channel.BasicQosAsync(0, prefetch, global: false, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += OnDeliveryAsync;
        consumer.UnregisteredAsync += OnIntakeEndedAsync;
        _tag = await _channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
    }

    public async Task StopIntakeAsync(CancellationToken cancellationToken)
    {
        if (_channel is not { IsOpen: true } || _tag is null) return;
        await _channel.BasicCancelAsync(_tag, noWait: false, cancellationToken);
        // The broker's word stands in the line behind the deliveries that came before it: now all of those are known.
        await _intakeEnded.Task.WaitAsync(cancellationToken);
    }

    public Task WhenIdleAsync(CancellationToken cancellationToken) => Task.WhenAll(_held.Values).WaitAsync(cancellationToken);

    /// <summary>The drain has stopped the consumer by now.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (_connection is { IsOpen: true }) await _connection.CloseAsync(cancellationToken);
    }

    /// <summary>Where the broker doesn't answer.</summary>
    public async ValueTask AbortAsync(CancellationToken cancellationToken)
    {
        if (_connection is not null) await _connection.AbortAsync(cancellationToken);
    }

    /// <summary>Deliveries come one by one; each is held from here on, and done beside the others. The body is the client's only until this returns.</summary>
    private Task OnDeliveryAsync(object sender, BasicDeliverEventArgs delivery)
    {
        var done = new TaskCompletionSource();
        _held[delivery.DeliveryTag] = done.Task;
        _ = HandleAsync(delivery.DeliveryTag, delivery.Body.ToArray(), done);
        return Task.CompletedTask;
    }

    private async Task HandleAsync(ulong tag, ReadOnlyMemory<byte> body, TaskCompletionSource done)
    {
        try
        {
            await Task.Yield();
            await handle(body);
            await _channel!.BasicAckAsync(tag, multiple: false);
        }
        catch (Exception e)
        {
            // Not acknowledged: the broker gives it to the next consumer once the connection is closed.
            logger.LogError(e, "A message of {Queue} could not be handled", queue);
        }
        finally
        {
            _held.TryRemove(tag, out _);
            done.SetResult();
        }
    }

    private Task OnIntakeEndedAsync(object sender, ConsumerEventArgs args)
    {
        _intakeEnded.TrySetResult();
        return Task.CompletedTask;
    }
}
