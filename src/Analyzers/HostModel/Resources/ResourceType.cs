namespace ShutdownAnalyzers.HostModel;

/// <summary>What kind of care a resource wants at shutdown; this decides which rule looks after it.</summary>
internal enum ResourceKind
{
    /// <summary>Connections that must be closed.</summary>
    Pool,

    /// <summary>Sends from a buffer that must be flushed.</summary>
    Producer,

    /// <summary>Must leave its group by <c>Close</c>, or its partitions stay unread until the broker's timeout.</summary>
    Consumer,

    /// <summary>Takes in work by itself once it is started, until it is told to stop.</summary>
    Processor,
}

/// <summary>One type that holds something which a shutdown must give back.</summary>
/// <param name="Name">The full name, without arity.</param>
/// <param name="Kind">What care it wants.</param>
internal sealed record ResourceType(string Name, ResourceKind Kind)
{
    /// <summary>The name without its namespace.</summary>
    public string SimpleName => Name.Substring(Name.LastIndexOf('.') + 1);

    /// <summary>The library's own methods that make one, constructors aside.</summary>
    public string[] Create { get; init; } = [];

    /// <summary>What closes it besides <c>Dispose</c> and <c>Close</c> in their forms; the one that a fix prefers comes first.</summary>
    public string[] Close { get; init; } = [];

    /// <summary>What sends its buffer out.</summary>
    public string[] Flush { get; init; } = [];

    /// <summary>What makes a processor or a consumer take in work; empty where its constructor does.</summary>
    public string[] Start { get; init; } = [];

    /// <summary>What ends a processor's intake; for one that <see cref="DisposalStops"/>, disposal does too.</summary>
    public string[] Stop { get; init; } = [];

    /// <summary>What a fix stops it by, where the first of <see cref="Stop"/> would not wait for the work that it holds.</summary>
    public string[] Finish { get; init; } = [];

    /// <summary>The arguments of that call.</summary>
    public string FinishArguments { get; init; } = "";

    public bool DisposalStops { get; init; }

    /// <summary>What registers a service of the library's own that starts and stops it: where the program calls one of these, that is its owner.</summary>
    public string[] Hosting { get; init; } = [];

    /// <summary>The library keeps it by its name: whoever asks for it again gets the same one.</summary>
    public bool IsShared { get; init; }

    /// <summary>It lives in the object that made it, and is closed with it.</summary>
    public bool IsChild { get; init; }

    /// <summary>A short name for messages of cleanup handlers.</summary>
    public string ShortName { get; init; } = "";
}
