using Microsoft.Extensions.Time.Testing;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>A process that doesn't end: its clock is advanced by hand, and its exits are written down.</summary>
internal sealed class FakeProcess
{
    public FakeProcess(FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Hooks = Build();
    }

    public FakeTimeProvider Time { get; }

    public Dictionary<string, string> Variables { get; } = [];

    public List<TimeSpan> Deadlines { get; } = [];

    public List<int> Exits { get; } = [];

    public int ExitCode { get; private set; }

    public ProcessHooks Hooks { get; }

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    private ProcessHooks Build() => new()
    {
        Time = Time,
        GetVariable = name => Variables.GetValueOrDefault(name),
        ArmDeadline = (time, expired) =>
        {
            Deadlines.Add(time);
            return Time.CreateTimer(_ => expired(), null, time, Timeout.InfiniteTimeSpan);
        },
        Exit = (code, lastWords) =>
        {
            lastWords();
            lock (Exits) Exits.Add(code);
        },
        SetExitCode = code => ExitCode = code,
        ListenToSignals = false,
    };
}
