using RollingDeploy;

namespace ShutdownAnalyzers.Demonstration.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void RunsBothVersionsByDefault()
    {
        Assert.True(Settings.TryParse([], out var settings, out _));
        Assert.Equal((3, 32, true, true, false), (settings.Instances, settings.Clients, settings.Before, settings.After, settings.Keep));
    }

    [Fact]
    public void TakesOptions()
    {
        Assert.True(Settings.TryParse(["--instances", "2", "--clients", "8", "--seconds", "1", "--only", "after", "--keep"], out var settings, out _));
        Assert.Equal((2, 8, false, true, true), (settings.Instances, settings.Clients, settings.Before, settings.After, settings.Keep));
        Assert.Equal(TimeSpan.FromSeconds(1), settings.Steady);
    }

    [Theory]
    [InlineData("--instances")]
    [InlineData("--instances", "1")]
    [InlineData("--clients", "many")]
    [InlineData("--seconds", "-3")]
    [InlineData("--only", "both")]
    [InlineData("--fast")]
    public void SaysWhatItDoesNotKnow(params string[] args)
    {
        Assert.False(Settings.TryParse(args, out _, out var error));
        Assert.Contains(args[0], error);
    }
}
