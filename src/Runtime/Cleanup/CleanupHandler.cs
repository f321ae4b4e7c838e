namespace ShutdownAnalyzers.Runtime;

/// <summary>A registered cleanup handler. Those of <c>AddShutdownCleanup</c> are services, those of <c>OnCleanup</c> are added while the host runs.</summary>
internal sealed class CleanupHandler(string name, CleanupStage stage, TimeSpan? timeout, Func<IServiceProvider, CancellationToken, ValueTask> run, Func<IServiceProvider, CancellationToken, ValueTask>? forced = null, Type? service = null)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    public string Name { get; } = Checked(name);

    public CleanupStage Stage { get; } = Enum.IsDefined(stage)
        ? stage
        : throw new ArgumentOutOfRangeException(nameof(stage), stage, $"The stage of the cleanup handler '{name}' is not one of {string.Join(", ", Enum.GetNames<CleanupStage>())}.");

    public TimeSpan Timeout { get; } = timeout is not { } limit
        ? DefaultTimeout
        : limit > TimeSpan.Zero ? limit : throw new ArgumentOutOfRangeException(nameof(timeout), timeout, $"The timeout of the cleanup handler '{name}' must be more than zero.");

    public Func<IServiceProvider, CancellationToken, ValueTask> Run { get; } = run;

    /// <summary>What is done where <see cref="Run"/> failed or did not end.</summary>
    public Func<IServiceProvider, CancellationToken, ValueTask>? Forced { get; } = forced;

    /// <summary>The service that it is given, where it is given one.</summary>
    public Type? Service { get; } = service;

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name;
    }
}
