namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>A participant whose steps end when the test says so.</summary>
internal sealed class FakeParticipant(string name) : IDrainParticipant
{
    private readonly List<string> _calls = [];

    public string Name => name;

    public Func<CancellationToken, Task> StopIntake { get; init; } = _ => Task.CompletedTask;

    public Func<CancellationToken, Task> WhenIdle { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<string> Calls
    {
        get { lock (_calls) return [.. _calls]; }
    }

    public Task StopIntakeAsync(CancellationToken cancellationToken)
    {
        lock (_calls) _calls.Add("stop");
        return StopIntake(cancellationToken);
    }

    public Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        lock (_calls) _calls.Add("idle");
        return WhenIdle(cancellationToken);
    }
}
