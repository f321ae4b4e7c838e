namespace ShutdownAnalyzers.Corpus;

/// <summary>Tells the findings of one repository that stand on the same lines of files of the same name: a template that is there several times.</summary>
internal sealed class Copies(string folder)
{
    private const int LinesAround = 3;

    private readonly HashSet<(string Rule, string Name, string Text)> _seen = [];

    /// <summary>Whether an earlier finding is this one's twin; asked once a finding, in their order.</summary>
    public bool Contains(Finding finding)
    {
        var file = Path.Combine(folder, finding.File);
        if (!File.Exists(file))
            return false;
        var text = File.ReadLines(file).Skip(Math.Max(0, finding.Line - 1 - LinesAround)).Take((2 * LinesAround) + 1).Select(line => line.Trim());
        return !_seen.Add((finding.Rule, Path.GetFileName(finding.File), string.Join('\n', text)));
    }
}
