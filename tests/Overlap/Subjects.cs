namespace ShutdownAnalyzers.Overlap;

/// <summary>A rule of another analyzer that is about the same thing as some of this package's. All else that is reported on the same lines is style, and is only counted.</summary>
internal sealed record Subject(string Reason, string[] Ids, string[] Rules)
{
    private static readonly string[] Tokens = ["SHUT102", "SHUT115", "SHUT201", "SHUT202", "SHUT203", "SHUT207", "SHUT208", "SHUT213", "SHUT501"];
    private static readonly string[] Disposables = ["SHUT106", "SHUT109", "SHUT301", "SHUT302", "SHUT303", "SHUT304", "SHUT305", "SHUT306", "SHUT307"];
    private static readonly string[] LostTasks = ["SHUT108", "SHUT109", "SHUT115", "SHUT206", "SHUT207", "SHUT210", "SHUT502"];
    private static readonly string[] AsyncVoid = ["SHUT105", "SHUT107", "SHUT108", "SHUT206", "SHUT210", "SHUT502"];
    private static readonly string[] Waits = ["SHUT110", "SHUT113", "SHUT114", "SHUT208"];

    public static readonly Subject[] All =
    [
        new("a call that could be given a token", ["CA2016", "MA0032", "MA0040", "MA0079", "MA0080", "S8949"], Tokens),
        new("a disposable that isn't disposed", ["CA1001", "CA2000", "CA2213", "IDISP001", "IDISP002", "IDISP003", "IDISP004", "IDISP006", "IDISP014", "S2930", "S2931"], Disposables),
        new("a disposable that is disposed synchronously and could be asynchronously", ["MA0042", "MA0045", "S6966", "VSTHRD103"], ["SHUT307"]),
        new("a task that nobody observes", ["AsyncFixer04", "CA2025", "MA0134", "VSTHRD110"], LostTasks),
        new("async void, or an async lambda for a delegate that returns nothing", ["AsyncFixer03", "MA0147", "MA0155", "VSTHRD100", "VSTHRD101"], AsyncVoid),
        new("a blocking wait", ["AsyncFixer02", "CA1849", "MA0042", "MA0045", "S4462", "S6966", "VSTHRD002", "VSTHRD103", "VSTHRD104"], Waits),
        new("the process's exit", ["S1147"], ["SHUT103"]),
        new("a loop that never ends", ["S2190"], ["SHUT102", "SHUT201", "SHUT202", "SHUT203"]),
        new("a catch that takes everything", ["CA1031", "RCS1075", "S2221", "S2486"], ["SHUT203", "SHUT204"]),
        new("a method that hides or skips its base's", ["CA2215", "S3060"], ["SHUT205"]),
    ];

    /// <summary>Which of the ids reported on a rule's examples are about its subject.</summary>
    public static IEnumerable<string> Among(IEnumerable<string> ids, string rule) =>
        ids.Where(id => All.Any(subject => subject.Rules.Contains(rule) && subject.Ids.Contains(id)));
}
