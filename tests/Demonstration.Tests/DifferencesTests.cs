using RollingDeploy;

namespace ShutdownAnalyzers.Demonstration.Tests;

public sealed class DifferencesTests
{
    [Fact]
    public void EqualFilesHaveNone() => Assert.Empty(Differences.Between(["a", "b"], ["a", "b"]));

    [Fact]
    public void ShowsWhatWasRemovedAndAdded() =>
        Assert.Equal(["- b", "+ x", "+ y", "+ e"], Differences.Between(["a", "b", "c", "d"], ["a", "x", "y", "c", "d", "e"]));

    [Fact]
    public void ShowsANewFile() => Assert.Equal(["+ a"], Differences.Between([], ["a"]));
}
