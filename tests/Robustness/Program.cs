using System.Collections.Immutable;
using System.Globalization;
using ShutdownAnalyzers.Tests.Framework;
using ShutdownAnalyzers.Tests.Robustness;

if (args.Contains("--help"))
{
    Console.WriteLine("""
        Runs every rule over mutated sources and deployment files, and the fixes over every fifth of them.

          dotnet run -c Release --project tests/Robustness -- [FOLDER] [--count 100000] [--first 0] [--seed 1] [--step 1]

        Mutates this repository's sources and examples, and those of FOLDER. Mutations that fail are printed and kept in
        artifacts/robustness; --first N --count 1 makes mutation N again, given the same seed and folder;
        --step 100 makes the large files alone. Exit code 1 when anything failed.
        """);
    return 0;
}

int Number(string name, int otherwise) => Array.IndexOf(args, name) is var at and >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

var (seed, first, count, step) = (Number("--seed", 1), Number("--first", 0), Number("--count", 100_000), Number("--step", 1));
ImmutableArray<Subject> subjects = [.. Subjects.OfRepository(), .. args is [var folder, ..] && !folder.StartsWith("--", StringComparison.Ordinal) ? Subjects.OfFolder(folder) : []];
var kept = Directory.CreateDirectory(Path.Combine(References.RepositoryRoot, "artifacts", "robustness")).FullName;
Console.WriteLine($"Seed {seed}, {subjects.Length} files, {count} mutations from {first} on");

var run = new RobustnessRun(subjects, seed)
{
    // An overflow of the stack ends the process: then these files say where.
    Beginning = (worker, number) =>
    {
        File.WriteAllText(Path.Combine(kept, $"worker{worker}.txt"), $"seed {seed} mutation {number}\n");
        if (number % 1_000 == 0)
            Console.WriteLine($"{DateTime.Now:T} {number}");
    },
    Failed = (mutation, failure) =>
    {
        Console.WriteLine($"{mutation}: {failure}");
        File.WriteAllText(Path.Combine(kept, $"{seed}-{mutation.Number}{Path.GetExtension(mutation.Subject.Path)}"), mutation.Text);
    },
};
await run.RunAsync(first, count, step);

var (time, rule, slowest) = run.Slowest;
Console.WriteLine($"{run.Mutations} mutations, {run.Findings} findings, {run.Fixes} fixes applied, {run.Failures.Count} failures; the slowest rule on one file: {rule}, {time.TotalMilliseconds:0} ms, {slowest}");
return run.Failures.Count == 0 ? 0 : 1;
