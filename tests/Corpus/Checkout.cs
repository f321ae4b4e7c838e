using System.Text.Json;

namespace ShutdownAnalyzers.Corpus;

/// <summary>A public repository at one commit, in a subfolder of its name.</summary>
internal sealed record Checkout(string Name, string Repository, string Commit)
{
    public static IReadOnlyList<Checkout> Listed(string file) =>
        JsonSerializer.Deserialize<List<Checkout>>(File.ReadAllText(file), JsonSerializerOptions.Web)!;
}
