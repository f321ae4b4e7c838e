using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.Tests.Framework;

/// <summary>A rule's page in <c>docs/rules</c>: its sections, and the examples in them.</summary>
internal sealed partial record RulePage(IReadOnlyDictionary<string, string> Sections)
{
    public static readonly string Folder = Path.Combine(References.RepositoryRoot, "docs", "rules");

    /// <summary>The rules that have a page.</summary>
    public static IEnumerable<string> Ids => Directory.GetFiles(Folder, "SHUT*.md").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public bool HasNoFix => Sections["Fix"].TrimStart().StartsWith("None", StringComparison.Ordinal);

    /// <summary>Whether the rule reports in deployment files.</summary>
    public bool IsOfDeploymentFiles => Files("Bad", areContext: false).Count > 0;

    public static string FileOf(string id) => Path.Combine(Folder, id + ".md");

    public static RulePage Read(string id)
    {
        var text = File.ReadAllText(FileOf(id)).ReplaceLineEndings("\n");
        var parts = SectionHeading().Split(text);
        var sections = new Dictionary<string, string>();
        for (var i = 1; i + 1 < parts.Length; i += 2)
            sections.Add(parts[i], parts[i + 1]);
        return new(sections);
    }

    public bool Has(string section) => Sections.ContainsKey(section);

    /// <summary>The n-th block of Bad belongs to the n-th of Good.</summary>
    public IEnumerable<(RuleExample Bad, RuleExample Good)> Examples()
    {
        var (bad, good) = (Blocks("Bad"), Blocks("Good"));
        Assert.NotEmpty(bad);
        Assert.Equal(bad.Count, good.Count);
        return bad.Zip(good);
    }

    /// <summary>The C# examples of a section; <c>```csharp context</c> is the program around a deployment file, and no example itself.</summary>
    public List<RuleExample> Blocks(string section) =>
        [.. CodeBlock().Matches(Sections[section]).Where(match => match.Groups["kind"].Value != "context").Select(match => new RuleExample(match.Groups["code"].Value, match.Groups["kind"].Value))];

    /// <summary>The deployment files of a section: language and text, of those that are context or of the others.</summary>
    public List<(string Language, string Text)> Files(string section, bool areContext) =>
        [.. FileBlock().Matches(Sections[section]).Where(match => match.Groups["context"].Success == areContext && (areContext || match.Groups["language"].Value != "csharp")).Select(match => (match.Groups["language"].Value, match.Groups["code"].Value))];

    [GeneratedRegex("^## (.+)\n", RegexOptions.Multiline)]
    private static partial Regex SectionHeading();

    [GeneratedRegex("^```(?<language>[a-z]+)(?<context> context)?\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FileBlock();

    [GeneratedRegex("^```csharp ?(?<kind>[a-z]*)\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

/// <summary>A fenced block: <c>```csharp</c> is a web program, <c>```csharp console</c> one on .NET alone, <c>```csharp library</c> a web library.</summary>
internal sealed record RuleExample(string Source, string Kind)
{
    public Code Code() => new()
    {
        NetOnly = Kind == "console",
        OutputKind = Kind == "library" ? OutputKind.DynamicallyLinkedLibrary : OutputKind.ConsoleApplication,
        MoreReferences = [.. References.Pools, .. References.Brokers, .. References.Clients],
    };
}
