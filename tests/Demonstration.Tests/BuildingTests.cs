using RollingDeploy;

namespace ShutdownAnalyzers.Demonstration.Tests;

public sealed class BuildingTests
{
    [Fact]
    public void ReadsTheCompilersWarnings()
    {
        string[] output =
        [
            "/tmp/x (1)/Orders/Program.cs(18,11): warning SHUT101: 'Build' builds a host (and more) (https://example.org/SHUT101.md) [/tmp/x (1)/Orders/Orders.csproj]",
            "  Orders -> /tmp/x (1)/Orders/bin/Release/net10.0/Orders.dll",
            "/tmp/x (1)/Orders/A/B.cs(3,1): warning CS0168: Unused [/tmp/x (1)/Orders/Orders.csproj]",
            "/tmp/x (1)/Orders/Program.cs(18,11): warning SHUT101: 'Build' builds a host (and more) (https://example.org/SHUT101.md) [/tmp/x (1)/Orders/Orders.csproj]",
        ];

        Assert.Equal(
            [new Warning(Path.Combine("A", "B.cs"), 3, "CS0168", "Unused"), new Warning("Program.cs", 18, "SHUT101", "'Build' builds a host (and more)")],
            Building.Parse(output, "/tmp/x (1)/Orders"));
    }
}
