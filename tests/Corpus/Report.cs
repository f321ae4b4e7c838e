namespace ShutdownAnalyzers.Corpus;

/// <summary>What a run over one repository says on the console.</summary>
internal sealed class Report(string name, RepositoryRun run, Comparison comparison)
{
    /// <summary>Prints it; false where something isn't as expected.</summary>
    public bool Print()
    {
        Console.WriteLine($"{name}: {run.Figures.Projects} projects, {run.Found.Count} findings");
        foreach (var finding in comparison.New)
            Console.WriteLine($"  new       {finding}: {run.Found[finding]}");
        foreach (var (expected, line) in comparison.Moved)
            Console.WriteLine($"  moved     {expected.Finding}, now on line {line}");
        foreach (var expected in comparison.Vanished)
            Console.WriteLine($"  vanished  {expected.Finding} ({expected.Verdict}: {expected.Reason})");
        foreach (var expected in comparison.NotJudged)
            Console.WriteLine($"  unjudged  {expected.Finding}: {run.Found[expected.Finding]}");
        foreach (var exception in run.Exceptions)
            Console.WriteLine($"  thrown    {exception}");

        var failed = run.FixOutcomes.Where(fix => fix.Problem is not null).ToList();
        foreach (var fix in failed)
            Console.WriteLine($"  fix       {fix.Rule} {(fix.AllAtOnce ? "all at once in " : "")}{fix.Place}: {fix.Problem}");
        if (run.FixOutcomes.Count > 0)
            Console.WriteLine($"  {run.FixOutcomes.Count - failed.Count} of {run.FixOutcomes.Count} fixes are good");
        return comparison.IsAsExpected && run.Exceptions.Count == 0 && failed.Count == 0;
    }
}
