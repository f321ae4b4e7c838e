using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;

namespace ShutdownAnalyzers.Tests.Robustness;

/// <summary>All rules over many mutations, two at a time, and the fixes over some of them.</summary>
/// <param name="subjects">What is mutated.</param>
/// <param name="seed">Decides, with its number, what each mutation is.</param>
internal sealed class RobustnessRun(ImmutableArray<Subject> subjects, int seed)
{
    private const int FixesEvery = 5;

    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentQueue<Mutation> _slow = new();
    private readonly Lock _lock = new();
    private int _mutations;
    private int _findings;
    private int _fixes;

    /// <summary>No rule may take longer on one file.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(1);

    public IReadOnlyCollection<string> Failures => _failures;

    public int Mutations => _mutations;

    public int Findings => _findings;

    public int Fixes => _fixes;

    /// <summary>The longest that a rule took on one file.</summary>
    public (TimeSpan Time, string Rule, Mutation? Mutation) Slowest { get; private set; }

    /// <summary>Called before each mutation, with the number of the worker: what ends the process is the mutation that was begun last.</summary>
    public Action<int, int> Beginning { get; init; } = (_, _) => { };

    public Action<Mutation, string> Failed { get; init; } = (_, _) => { };

    public async Task RunAsync(int first, int count, int step = 1)
    {
        var next = first - step;
        await Task.WhenAll(Enumerable.Range(0, 2).Select(worker => Task.Run(async () =>
        {
            while (Interlocked.Add(ref next, step) is var number && number < first + (count * step))
            {
                Beginning(worker, number);
                await OneAsync(number);
            }
        })));
        while (_slow.TryDequeue(out var mutation))
            await AgainAsync(mutation);
    }

    private async Task OneAsync(int number)
    {
        var mutation = Mutation.Make(subjects, seed, number);
        var project = new MutatedProject(mutation);
        var analysis = await project.AnalyzeAsync();
        foreach (var exception in analysis.Thrown)
            Fail(mutation, exception);

        if (analysis.Time > Limit)
            _slow.Enqueue(mutation);

        if (number % FixesEvery == FixesEvery - 1 && !analysis.Diagnostics.IsEmpty)
            Interlocked.Add(ref _fixes, await project.FixAsync(analysis.Diagnostics, failure => Fail(mutation, failure)));
        Interlocked.Increment(ref _mutations);
        Interlocked.Add(ref _findings, analysis.Diagnostics.Length);
        if (analysis.Time <= Limit)
            Note(analysis.Time, analysis.Slowest, mutation);
    }

    /// <summary>
    /// A machine that has other things to do makes any rule slow: what took long is done again when nothing else runs here, and
    /// the clock on the wall is corrected by the processor time that the process got. What counts is the shortest of some runs,
    /// less what the compiler takes to bind the file: that is charged to the rule that asks first.
    /// </summary>
    private async Task AgainAsync(Mutation mutation)
    {
        var (time, rule) = (TimeSpan.MaxValue, "");
        for (var run = 0; run < 4 && time > Limit; run++)
        {
            var project = new MutatedProject(mutation);
            GC.Collect();
            var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var analysis = await project.AnalyzeAsync();
            var corrected = (analysis.Time * Math.Min(1, (Environment.CpuUsage.TotalTime - processor) / clock.Elapsed)) - await new MutatedProject(mutation).BindAsync();
            if (corrected < time)
                (time, rule) = (corrected, analysis.Slowest);
        }

        if (time > Limit)
            Fail(mutation, $"{rule} took {time.TotalSeconds:0.0} s");
        Note(time, rule, mutation);
    }

    private void Note(TimeSpan time, string rule, Mutation mutation)
    {
        lock (_lock)
        {
            if (time > Slowest.Time)
                Slowest = (time, rule, mutation);
        }
    }

    private void Fail(Mutation mutation, string failure)
    {
        _failures.Enqueue($"{mutation}: {failure}");
        Failed(mutation, failure);
    }
}
