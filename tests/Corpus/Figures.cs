using System.Text;
using System.Text.Json;

namespace ShutdownAnalyzers.Corpus;

/// <summary>How the fixes of one rule fared in one repository.</summary>
internal sealed record FixFigures(string Rule, int Offered, int Good, int AllOffered, int AllGood);

/// <summary>What the last run over one repository counted.</summary>
internal sealed record RepositoryFigures(string Name, int Projects, int SourceFiles, int DeploymentFiles, int Exceptions, IReadOnlyList<FixFigures> Fixes);

/// <summary>The figures of all repositories: a file of one line a repository, so that a run over one of them changes one line.</summary>
internal static class Figures
{
    public static IReadOnlyList<RepositoryFigures> Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<List<RepositoryFigures>>(File.ReadAllText(file), JsonSerializerOptions.Web)! : [];

    /// <summary>Puts in what one run counted; a run without fixes leaves their figures as they were.</summary>
    public static void Update(string file, RepositoryFigures changed, bool keepFixes)
    {
        var all = Read(file).ToDictionary(figures => figures.Name);
        all[changed.Name] = keepFixes && all.TryGetValue(changed.Name, out var old) ? changed with { Fixes = old.Fixes } : changed;
        var lines = all.Values.OrderBy(figures => figures.Name, StringComparer.Ordinal).Select(figures => "  " + JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));
        File.WriteAllText(file, "[\n" + string.Join(",\n", lines) + "\n]\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
