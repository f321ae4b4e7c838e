using Xunit.Abstractions;

namespace ShutdownAnalyzers.Tests.Robustness;

/// <summary>No rule and no fix throws, whatever the code looks like. The first of the mutations that <c>tests/Robustness</c> makes by the hundred thousand.</summary>
public sealed class RobustnessTests(ITestOutputHelper output)
{
    private const int Seed = 1;
    private const int Count = 500;

    // The other tests run beside this one: tests/Robustness is held to a second.
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task NothingIsThrown()
    {
        var run = new RobustnessRun(Subjects.OfRepository(), Seed) { Limit = Generous };
        await run.RunAsync(0, Count);

        output.WriteLine($"Seed {Seed}: {run.Mutations} mutations, {run.Findings} findings, {run.Fixes} fixes; slowest {run.Slowest.Rule}, {run.Slowest.Time.TotalMilliseconds:0} ms on {run.Slowest.Mutation}.");
        Assert.Empty(run.Failures);
        Assert.Equal(Count, run.Mutations);
        Assert.True(run.Findings > Count / 10, "Hardly anything is found: the mutations no longer reach the rules.");
        Assert.True(run.Fixes > 0, "No fix was offered.");
    }

    /// <summary>What a thousand statements repeat, and what that took minutes of when each of them read the whole file again.</summary>
    public static TheoryData<string, string> Shapes => new()
    {
        { "app.MapGet(\"/ready\", () => Results.Ok());", "routes on one builder" },
        { "var path# = \"/ready\"; app.MapGet(path#, () => Results.Ok());", "a local for each route" },
        { "app.MapPost(\"/orders/#\", (HttpContext context) => { _ = SendAsync(context); });", "work that handlers start" },
        { "void Local#() { } app.MapGet(\"/#\", Local#);", "local functions" },
        { "source.Token.Register(() => source.Cancel());", "uses of one token source" },
        { "async Task Wait#(HttpContext context) => await channel.Reader.WaitToReadAsync(context.RequestAborted); app.MapGet(\"/#\", Wait#);", "long polls" },
        { "app.MapGet(\"/#\", async () => await channel.Reader.WaitToReadAsync(source.Token));", "long polls with one token source" },
    };

    private const int MostTimes = 9;

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task TimeGrowsWithTheFileOnly(string statement, string shape)
    {
        // Four times the file: sixteen times the time where it grows with the square. Any quiet moment of a busy machine will do.
        var ratio = double.MaxValue;
        for (var attempt = 0; attempt < 5 && ratio > MostTimes; attempt++)
            ratio = Math.Min(ratio, await TimeAsync(statement, 2_000) / await TimeAsync(statement, 500));
        output.WriteLine($"{shape}: {ratio:0.0}");
        Assert.True(ratio <= MostTimes, $"{shape}: four times the file took {ratio:0.0} times as long.");
    }

    private static async Task<double> TimeAsync(string statement, int times)
    {
        var text = $$"""
            var app = WebApplication.CreateBuilder(args).Build();
            var source = new CancellationTokenSource();
            var channel = System.Threading.Channels.Channel.CreateUnbounded<int>();
            async Task SendAsync(HttpContext context) => await Task.Delay(1000);
            {{string.Join('\n', Enumerable.Range(0, times).Select(i => statement.Replace("#", $"{i}", StringComparison.Ordinal)))}}
            app.Run();
            """;
        var analysis = await new MutatedProject(new(0, new(nameof(TimeAsync), "Program.cs", () => text, SubjectKind.Web, []), text, "none", SubjectKind.Web)).AnalyzeAsync();
        Assert.Empty(analysis.Thrown);
        return analysis.Time.TotalMilliseconds;
    }
}
