namespace ShutdownAnalyzers.Corpus;

/// <summary>What a run finds against what is expected.</summary>
/// <param name="Known">Found where it is expected.</param>
/// <param name="Moved">Expected on another line of the same file.</param>
/// <param name="New">Found and not expected.</param>
/// <param name="Vanished">Expected and not found.</param>
internal sealed record Comparison(
    IReadOnlyList<Judgement> Known,
    IReadOnlyList<(Judgement Expected, int Line)> Moved,
    IReadOnlyList<Finding> New,
    IReadOnlyList<Judgement> Vanished)
{
    public IEnumerable<Judgement> NotJudged => Known.Where(judgement => !judgement.IsJudged);

    public bool IsAsExpected => Moved.Count == 0 && New.Count == 0 && Vanished.Count == 0 && !NotJudged.Any();

    /// <summary>The findings of this run, with the verdicts that are still theirs.</summary>
    public IEnumerable<Judgement> Updated =>
        [.. Known, .. Moved.Select(moved => moved.Expected with { Finding = moved.Expected.Finding with { Line = moved.Line } }), .. New.Select(finding => new Judgement(finding, Judgement.Unjudged, ""))];

    public static Comparison Of(IEnumerable<Finding> found, IReadOnlyList<Judgement> expected)
    {
        var left = new SortedSet<Finding>(found);
        var known = new List<Judgement>();
        var missed = new List<Judgement>();
        foreach (var judgement in expected.OrderBy(judgement => judgement.Finding))
            (left.Remove(judgement.Finding) ? known : missed).Add(judgement);

        var moved = new List<(Judgement, int)>();
        var vanished = new List<Judgement>();
        foreach (var judgement in missed)
        {
            var elsewhere = left.Where(finding => finding.Rule == judgement.Finding.Rule && finding.File == judgement.Finding.File).Select(finding => (Finding?)finding).FirstOrDefault();
            if (elsewhere is { } finding && left.Remove(finding))
                moved.Add((judgement, finding.Line));
            else
                vanished.Add(judgement);
        }

        return new(known, moved, [.. left], vanished);
    }
}
