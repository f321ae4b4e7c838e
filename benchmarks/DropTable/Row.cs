using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks.DropTable;

/// <summary>All runs of one variant by one route.</summary>
internal sealed class Row(Variant variant)
{
    private readonly List<Run> _runs = [];

    public Variant Variant => variant;

    public LoadResult Last => _runs[^1].Load;

    public int Restarts => _runs.Sum(run => run.Exits.Count);

    public int Requests => _runs.Sum(run => run.Load.Requests);

    public int Refused => _runs.Sum(run => run.Load.Moved);

    public double LostPer10000 => 10_000.0 * Lost() / Requests;

    public TimeSpan MedianExit => _runs.SelectMany(run => run.Exits).Select(exit => exit.After).Order().ElementAt(Restarts / 2);

    public IEnumerable<int> ExitCodes => _runs.SelectMany(run => run.Exits).Select(exit => exit.Code).Distinct().Order();

    public void Add(Run run) => _runs.Add(run);

    public int RequestsOf(string method) => Lost(loss => loss.Method == method) + _runs.Sum(run => method == "GET" ? run.Load.AnsweredGets : run.Load.AnsweredPosts);

    public int Lost(Func<Loss, bool>? which = null) => _runs.Sum(run => run.Load.Lost.Count(which ?? (_ => true)));
}
