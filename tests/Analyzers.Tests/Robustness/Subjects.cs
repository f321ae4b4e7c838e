using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Robustness;

/// <summary>What is mutated: the sources and deployment files of this repository, the examples in its pages and tests, and those of any folder.</summary>
internal static partial class Subjects
{
    private const int MaxLength = 60_000;
    private const int MaxBeside = 8;

    private static readonly string[] Files = ["*.cs", "*.yaml", "*.yml", "Dockerfile*", "*.Dockerfile", "*.service", "appsettings*.json", "*.sh"];
    private static readonly string[] PassedOver = ["obj", "bin", "node_modules", "artifacts", ".git"];

    public static ImmutableArray<Subject> OfRepository()
    {
        var root = References.RepositoryRoot;
        return
        [
            .. Directory.GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(OfPage),
            .. Directory.GetFiles(Path.Combine(root, "tests", "Analyzers.Tests"), "*Tests.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(OfTests),
            .. OfFolder(Path.Combine(root, "samples")),
            .. OfFolder(Path.Combine(root, "tests", "Quiet")),
            .. OfFolder(Path.Combine(root, "tests", "Services")),
            .. OfFolder(Path.Combine(root, "tests", "FixEffects.Tests", "Programs")),
        ];
    }

    /// <summary>Every file of a folder, each among the sources beside it.</summary>
    public static IEnumerable<Subject> OfFolder(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var relative = Path.GetRelativePath(folder, file);
            if (!Files.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file))) || relative.Split(Path.DirectorySeparatorChar).Any(PassedOver.Contains))
                continue;

            if (new FileInfo(file) is { Exists: false } or { Length: 0 or > MaxLength })
                continue;

            var isSource = file.EndsWith(".cs", StringComparison.Ordinal);
            var beside = isSource ? Directory.GetFiles(Path.GetDirectoryName(file)!, "*.cs").Where(other => other != file).Order(StringComparer.Ordinal).Take(MaxBeside) : [];
            yield return new(Path.Combine(Path.GetFileName(folder), relative), isSource ? "Program.cs" : "/repo/" + relative, () => File.ReadAllText(file), SubjectKind.Web, [.. beside]);
        }
    }

    private static IEnumerable<Subject> OfPage(string page)
    {
        foreach (Match block in Block().Matches(File.ReadAllText(page).ReplaceLineEndings("\n")))
        {
            var text = block.Groups["code"].Value;
            if (PathOf(block.Groups["language"].Value, text) is { } path)
                yield return new($"docs/{Path.GetFileName(page)}@{block.Index}", path, () => text, KindOf(block.Groups["kind"].Value), []);
        }
    }

    private static SubjectKind KindOf(string word) => word switch
    {
        "library" => SubjectKind.Library,
        "console" => SubjectKind.Console,
        _ => SubjectKind.Web,
    };

    private static string? PathOf(string language, string text) => language switch
    {
        "csharp" => "Program.cs",
        "dockerfile" => "/repo/src/Shop/Dockerfile",
        "ini" => "/repo/deploy/shop.service",
        "json" => "/repo/src/Shop/appsettings.json",
        "yaml" => text.StartsWith("services:", StringComparison.Ordinal) ? "/repo/compose.yaml" : "/repo/k8s/shop.yaml",
        _ => null,
    };

    // The code under test stands in literals of several lines; a deployment file's comes after its path.
    private static IEnumerable<Subject> OfTests(string file)
    {
        var root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot();
        foreach (var literal in root.DescendantNodes().OfType<LiteralExpressionSyntax>())
        {
            if (literal.Token.Value is not string text || !text.Contains('\n', StringComparison.Ordinal))
                continue;

            var path = literal.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Arguments: [{ Expression: LiteralExpressionSyntax { Token.Value: string first } }, ..] } } && first != text && Path.HasExtension(first) && !first.EndsWith(".cs", StringComparison.Ordinal)
                ? "/repo/" + first
                : "Program.cs";
            yield return new(
                $"{Path.GetFileName(file)}@{literal.SpanStart}",
                path,
                () => text.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal),
                file.Contains("NoTerminationSignal", StringComparison.Ordinal) || file.Contains("Signal", StringComparison.Ordinal) || file.Contains("ProcessExit", StringComparison.Ordinal) ? SubjectKind.Console : SubjectKind.Web,
                []);
        }
    }

    [GeneratedRegex("^```(?<language>[a-z]+) ?(?<kind>[a-z]*)\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
