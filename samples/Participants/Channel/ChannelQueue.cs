using System.Threading.Channels;
using ShutdownAnalyzers.Runtime;

namespace ChannelWorker;

/// <summary>
/// A queue inside the process, and its worker. Its intake are the requests, which the drain ends by itself, so it refuses nothing: a job that a late request was promised is taken. It is idle when every
/// job that was taken is done; only then does the host stop the worker.
/// </summary>
internal sealed class ChannelQueue<T>(int capacity, Func<T, CancellationToken, Task> handle, ILogger<ChannelQueue<T>> logger) : BackgroundService, IDrainParticipant
{
    private readonly Channel<T> _channel = Channel.CreateBounded<T>(capacity);
    private readonly Lock _gate = new();
    private int _held;
    private TaskCompletionSource? _idle;

    public string Name => $"queue of {typeof(T).Name}";

    /// <summary>Takes a job; waits where the queue is full. When it returns, the job will be done.</summary>
    public async ValueTask EnqueueAsync(T job, CancellationToken cancellationToken)
    {
        // Counted first: the queue must not look idle while the job is on its way into it.
        lock (_gate) _held++;
        try
        {
            await _channel.Writer.WriteAsync(job, cancellationToken);
        }
        catch
        {
            Release();
            throw;
        }
    }

    public Task StopIntakeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_held == 0) return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task.WaitAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var job in _channel.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await handle(job, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(e, "{Job} failed", job);
            }
            finally
            {
                Release();
            }
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            if (--_held > 0) return;
            _idle?.TrySetResult();
            _idle = null;
        }
    }
}
