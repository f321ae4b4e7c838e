using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis.Text;

namespace ShutdownAnalyzers.Deployment;

/// <summary>
/// A correction of a deployment file. The rule that finds the defect knows the file's structure, so it says the new text too; it travels in
/// the diagnostic's properties, and the one fix for all these rules puts it in.
/// </summary>
internal sealed record Edit(string Title, IReadOnlyList<TextChange> Changes)
{
    private const string TitleKey = "edit.title";
    private const string ChangeKey = "edit.change.";

    public static Edit Replace(string title, TextSpan span, string text) => new(title, [new TextChange(span, text)]);

    public static Edit Insert(string title, int position, string text) => Replace(title, new TextSpan(position, 0), text);

    public ImmutableDictionary<string, string?> ToProperties()
    {
        var properties = ImmutableDictionary.CreateBuilder<string, string?>();
        properties.Add(TitleKey, Title);
        for (var i = 0; i < Changes.Count; i++)
        {
            var (span, text) = (Changes[i].Span, Changes[i].NewText);
            properties.Add(ChangeKey + i.ToString(CultureInfo.InvariantCulture), string.Format(CultureInfo.InvariantCulture, "{0} {1} {2}", span.Start, span.Length, text));
        }

        return properties.ToImmutable();
    }

    /// <summary>The correction that a diagnostic carries, or null where its rule has none for this place.</summary>
    public static Edit? Of(ImmutableDictionary<string, string?> properties)
    {
        if (!properties.TryGetValue(TitleKey, out var title) || title is null)
            return null;
        var changes = new List<TextChange>();
        while (properties.TryGetValue(ChangeKey + changes.Count.ToString(CultureInfo.InvariantCulture), out var change) && change is not null)
        {
            var parts = change.Split([' '], 3);
            changes.Add(new TextChange(
                new TextSpan(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture)), parts[2]));
        }

        return new(title, changes);
    }
}
