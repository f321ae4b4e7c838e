using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ShutdownAnalyzers.Tests.Robustness;

/// <summary>All rules over many mutations, two at a time, and the fixes over some of them.</summary>
/// <param name="subjects">What is mutated.</param>
/// <param name="seed">Decides, with its number, what each mutation is.</param>
internal sealed class RobustnessRun(ImmutableArray<Subject> subjects, int seed)
{
    /// <summary>No rule may take longer on one file.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private const int FixesEvery = 5;

    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Lock _lock = new();
    private int _mutations;
    private int _findings;
    private int _fixes;

    public IReadOnlyCollection<string> Failures => _failures;

    public int Mutations => _mutations;

    public int Findings => _findings;

    public int Fixes => _fixes;

    /// <summary>The longest that a rule took on one file, the machine's other work included.</summary>
    public (TimeSpan Time, string Rule, Mutation? Mutation) Slowest { get; private set; }

    /// <summary>Called before each mutation, with the number of the worker: what ends the process is the mutation that was begun last.</summary>
    public Action<int, int> Beginning { get; init; } = (_, _) => { };

    public Action<Mutation, string> Failed { get; init; } = (_, _) => { };

    public async Task RunAsync(int first, int count)
    {
        var next = first - 1;
        await Task.WhenAll(Enumerable.Range(0, 2).Select(worker => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < first + count)
            {
                Beginning(worker, number);
                await OneAsync(number);
            }
        })));
    }

    private async Task OneAsync(int number)
    {
        var mutation = Mutation.Make(subjects, seed, number);
        var project = new MutatedProject(mutation);
        var analysis = await project.AnalyzeAsync();
        foreach (var exception in analysis.Thrown)
            Fail(mutation, exception);

        var (rule, time) = (analysis.Slowest, analysis.Time);
        // A machine that has other things to do makes every rule slow at times: what counts is the shortest of some runs.
        for (var again = 0; again < 3 && time > Limit; again++)
        {
            var other = await new MutatedProject(mutation).AnalyzeAsync();
            if (other.Time < time)
                (rule, time) = (other.Slowest, other.Time);
        }

        if (time > Limit)
            Fail(mutation, $"{rule} took {time.TotalSeconds:0.0} s");

        if (number % FixesEvery == 0 && !analysis.Diagnostics.IsEmpty)
            Interlocked.Add(ref _fixes, await project.FixAsync(analysis.Diagnostics, failure => Fail(mutation, failure)));
        Interlocked.Increment(ref _mutations);
        Interlocked.Add(ref _findings, analysis.Diagnostics.Length);
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
