using RollingDeploy;

namespace ShutdownAnalyzers.Demonstration.Tests;

public sealed class BuildingTests
{
    [Fact]
    public void ReadsTheCompilersWarnings()
    {
        string[] output =
        [
            "/checkout/x (1)/Orders/Program.cs(18,11): warning SHUT101: 'Build' builds a host (and more) (https://example.org/SHUT101.md) [/checkout/x (1)/Orders/Orders.csproj]",
            "  Orders -> /checkout/x (1)/Orders/bin/Release/net10.0/Orders.dll",
            "/checkout/x (1)/Orders/A/B.cs(3,1): warning CS0168: Unused [/checkout/x (1)/Orders/Orders.csproj]",
            "/checkout/x (1)/Orders/Program.cs(18,11): warning SHUT101: 'Build' builds a host (and more) (https://example.org/SHUT101.md) [/checkout/x (1)/Orders/Orders.csproj]",
        ];

        Assert.Equal(
            [new Warning(Path.Combine("A", "B.cs"), 3, "CS0168", "Unused"), new Warning("Program.cs", 18, "SHUT101", "'Build' builds a host (and more)")],
            Building.Parse(output, "/checkout/x (1)/Orders"));
    }
}
