using System.Text.RegularExpressions;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests;

/// <summary>What the guides show is code: each block compiles behind <c>var builder</c>, and no rule has anything to say about it.</summary>
public sealed partial class GuidePagesTests
{
    public static TheoryData<string, string> Blocks
    {
        get
        {
            var blocks = new TheoryData<string, string>();
            foreach (var page in new[] { "cleanup.md", "report.md" })
            {
                var text = File.ReadAllText(Path.Combine(References.RepositoryRoot, "docs", page)).ReplaceLineEndings("\n");
                foreach (Match block in CodeBlock().Matches(text))
                    blocks.Add(page, block.Groups["code"].Value);
            }

            return blocks;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task BlockCompilesAndIsSilent(string page, string block)
    {
        var lines = block.Split('\n');
        var usings = lines.TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal)).ToArray();
        var body = string.Join('\n', lines.Skip(usings.Length));
        var run = body.Contains(".RunAsync()", StringComparison.Ordinal) ? "" : "builder.Build().Run();\n";

        var project = AllRules.Project(
            $"{string.Join('\n', usings)}\nvar builder = Host.CreateApplicationBuilder(args);\nbuilder.AddGracefulShutdown();\n{body}{run}",
            new Code { MoreReferences = [.. References.Pools, .. References.Brokers] });

        var reported = await AllRules.ReportAsync(project.Project);
        Assert.True(reported.IsEmpty, $"{page}:\n{block}\n{string.Join('\n', reported)}");
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
