// Most tests wait for a service rather than compute, but on a small machine each one more is noise for the others.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>Tests under load, one at a time and with nothing beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class UnderLoad
{
    public const string Name = "under load";
}
