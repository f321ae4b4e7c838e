namespace ShutdownAnalyzers.Facts.Container;

/// <summary>Says when it is disposed.</summary>
internal class Resource(string name) : IDisposable
{
    public string Name => name;

    public virtual void Dispose() => Console.WriteLine($"{name} disposed");
}

internal sealed class ByType() : Resource("by type");

internal sealed class ByFactory(string name) : Resource(name);

internal sealed class AsyncOnly : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        Console.WriteLine("async-only disposed");
        return ValueTask.CompletedTask;
    }
}
