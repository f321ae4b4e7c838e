namespace RollingDeploy;

/// <summary>The table at the end, and what it means.</summary>
internal static class Report
{
    public static void Print(IReadOnlyList<Outcome> outcomes)
    {
        Console.WriteLine();
        Row("", outcomes, outcome => outcome.Service.Name);
        Row("requests", outcomes, outcome => $"{outcome.Tally.Requests:N0}");
        Row("answered", outcomes, outcome => $"{outcome.Tally.Answered:N0}");
        Row("lost", outcomes, outcome => $"{outcome.Tally.Lost:N0}");
        foreach (var reason in outcomes.SelectMany(outcome => outcome.Tally.LostBy.Keys).Distinct().Order(StringComparer.Ordinal))
            Row("  " + reason, outcomes, outcome => $"{outcome.Tally.LostBy.GetValueOrDefault(reason):N0}");
        Row("SIGTERM to exit", outcomes, outcome => $"{outcome.Exits.Average(exit => exit.After.TotalSeconds):0.0} s");
        Row("exit codes", outcomes, outcome => string.Join(", ", outcome.Exits.Select(exit => exit.Code).Distinct()));
        Console.WriteLine();
    }

    /// <summary>Says what was shown and gives the exit code for it.</summary>
    public static int Judge(Outcome? before, Outcome? after)
    {
        if (after is { Tally.Lost: > 0 })
        {
            Console.WriteLine($"FAILED: the fixed version lost {after.Tally.Lost:N0} of {after.Tally.Requests:N0} requests.");
            return ExitCodes.FixedVersionFails;
        }

        if (before is { Tally.Lost: 0 })
        {
            Console.WriteLine("NOTHING SHOWN: the version without fixes happened to lose no request either. Try more --clients.");
            return ExitCodes.NothingShown;
        }

        if (before is not null)
            Console.WriteLine($"Without the fixes {before.Tally.Lost:N0} of {before.Tally.Requests:N0} requests were lost.");
        if (after is not null)
            Console.WriteLine($"With the fixes none of {after.Tally.Requests:N0} requests was lost.");
        return ExitCodes.Success;
    }

    private static void Row(string title, IEnumerable<Outcome> outcomes, Func<Outcome, string> cell) =>
        Console.WriteLine($"  {title,-28}{string.Concat(outcomes.Select(outcome => $"{cell(outcome),12}"))}");
}
