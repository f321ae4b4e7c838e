using System.Runtime.CompilerServices;

namespace Quiet.Shipping;

/// <summary>Follows the parcels for as long as the process serves: the stop's token is a field, its use is elsewhere.</summary>
internal sealed class ParcelFeed(IHostApplicationLifetime lifetime, TimeProvider? time = null)
{
    private readonly CancellationToken _stopping = lifetime.ApplicationStopping;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public async Task<string> NextAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        await Task.Delay(TimeSpan.FromSeconds(1), _time, either.Token);
        return $"parcel at {_time.GetUtcNow():T}";
    }

    public async IAsyncEnumerable<string> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
            yield return await NextAsync(cancellationToken);
    }
}
