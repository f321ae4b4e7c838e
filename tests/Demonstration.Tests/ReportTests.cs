using RollingDeploy;

namespace ShutdownAnalyzers.Demonstration.Tests;

public sealed class ReportTests
{
    [Theory]
    [InlineData(5, 0, ExitCodes.Success)]
    [InlineData(5, 1, ExitCodes.FixedVersionFails)]
    [InlineData(0, 1, ExitCodes.FixedVersionFails)]
    [InlineData(0, 0, ExitCodes.NothingShown)]
    [InlineData(null, 0, ExitCodes.Success)]
    [InlineData(null, 1, ExitCodes.FixedVersionFails)]
    [InlineData(5, null, ExitCodes.Success)]
    [InlineData(0, null, ExitCodes.NothingShown)]
    public void SaysWhetherSomethingWasShown(int? lostBefore, int? lostAfter, int exitCode) =>
        Assert.Equal(exitCode, Report.Judge(Outcome(lostBefore), Outcome(lostAfter)));

    private static Outcome? Outcome(int? lost) => lost is null
        ? null
        : new Outcome(new Service("any", "any"), new Tally(100, lost == 0 ? [] : new Dictionary<string, int> { ["502 Bad Gateway"] = lost.Value }), []);
}
