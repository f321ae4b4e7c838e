namespace ShutdownAnalyzers.HostModel;

/// <summary>What must happen to a resource before it is let go.</summary>
/// <param name="Calls">The methods of it that do it.</param>
/// <param name="ByDisposal">Whether its disposal does it too: a <c>using</c>, or whoever takes it over as an <c>IDisposable</c>.</param>
internal sealed record Ending(string[] Calls, bool ByDisposal)
{
    /// <summary>Its connections are given back, in whatever way.</summary>
    public static Ending Closed(ResourceType resource) => new([.. ResourceTable.Closers, .. resource.Close, .. resource.Flush, .. resource.Stop], ByDisposal: true);

    /// <summary>Its buffer is sent.</summary>
    public static Ending Flushed(ResourceType resource) => new(resource.Flush, ByDisposal: false);

    /// <summary>A consumer tells its group that it leaves.</summary>
    public static Ending Left(ResourceType resource) => new(resource.Close, ByDisposal: false);

    /// <summary>A processor takes in nothing more.</summary>
    public static Ending Stopped(ResourceType resource) =>
        resource.DisposalStops ? new([.. resource.Stop, .. ResourceTable.Closers], ByDisposal: true) : new(resource.Stop, ByDisposal: false);

    /// <summary>Not an end but the begin: it is started.</summary>
    public static Ending Started(ResourceType resource) => new(resource.Start, ByDisposal: false);

    public bool Is(string method) => Array.IndexOf(Calls, method) >= 0;
}
