using System.Collections.Concurrent;

namespace Quiet.Shipping;

internal sealed record Parcel(int Number, string Address);

internal sealed class Parcels(ILogger<Parcels> logger)
{
    private readonly ConcurrentDictionary<int, Parcel> _parcels = new();

    public void Add(Parcel parcel) => _parcels[parcel.Number] = parcel;

    public Parcel? Find(int number) => _parcels.GetValueOrDefault(number);

    public Task LabelAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        logger.LogInformation("Label for {Number}.", parcel.Number);
        return Task.Delay(200, cancellationToken);
    }

    /// <summary>The last save of all: it must complete, within the cleanup's own timeout.</summary>
    public async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("{Count} parcels are saved.", _parcels.Count);
        await File.WriteAllLinesAsync(Path.GetTempFileName(), _parcels.Values.Select(parcel => parcel.Address), cancellationToken);
    }
}
