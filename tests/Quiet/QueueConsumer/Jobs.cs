using System.Threading.Channels;

namespace Quiet.QueueConsumer;

internal sealed record Job(int Number);

internal sealed class JobIntake(Channel<Job> channel)
{
    public ValueTask AddAsync(Job job, CancellationToken cancellationToken) => channel.Writer.WriteAsync(job, cancellationToken);

    public ValueTask CloseAsync()
    {
        channel.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Completes the channel at the stop and reads it to its end: nothing that was taken in is dropped.</summary>
internal sealed class JobConsumer(Channel<Job> channel, ILogger<JobConsumer> logger) : IHostedService
{
    private Task _reading = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _reading = ReadAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        channel.Writer.TryComplete();
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync()
    {
        await foreach (var job in channel.Reader.ReadAllAsync())
            logger.LogInformation("Job {Number} is done.", job.Number);
    }
}
