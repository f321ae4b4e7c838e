namespace ShutdownAnalyzers.TestSupport;

/// <summary>What a load run has seen.</summary>
/// <param name="AnsweredGets">GETs answered 2xx with the right body.</param>
/// <param name="AnsweredPosts">POSTs answered 2xx with the right body.</param>
/// <param name="Moved">Connects that an instance refused, so that the client went to the next one.</param>
/// <param name="Repeated">GETs that met a closed connection and were sent again, as HTTP allows.</param>
/// <param name="Lost">All others, each with what became of it.</param>
public sealed record LoadResult(int AnsweredGets, int AnsweredPosts, int Moved, int Repeated, IReadOnlyCollection<Loss> Lost)
{
    public int Answered => AnsweredGets + AnsweredPosts;

    public int Requests => Answered + Lost.Count;

    public override string ToString() =>
        $"{Requests} requests, {Answered} answered, {Lost.Count} lost ({string.Join(", ", Lost.GroupBy(loss => loss.What).Select(group => $"{group.Count()}x {group.Key}"))}), {Moved} connects refused, {Repeated} GETs repeated";
}

/// <summary>A request without its answer.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Status">What it was answered instead, or 0 where no whole answer came.</param>
/// <param name="What">The same in words.</param>
public sealed record Loss(string Method, int Status, string What);
