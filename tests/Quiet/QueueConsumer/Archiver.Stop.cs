namespace Quiet.QueueConsumer;

internal sealed partial class Archiver
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await StopArchivingAsync(cancellationToken);

        // What was archived is recorded in any case, also when the time is over.
        await File.WriteAllTextAsync(Path.Combine(Path.GetTempPath(), "archived"), $"{_archived}", CancellationToken.None);
    }

    private Task StopArchivingAsync(CancellationToken cancellationToken) => base.StopAsync(cancellationToken);
}
