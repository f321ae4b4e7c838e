using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.Deployment.Systemd;
using ShutdownAnalyzers.Deployment.Yaml;
using YamlDotNet.Core;

namespace ShutdownAnalyzers.Deployment.Files;

/// <summary>What a file is read as; the package's targets say it as item metadata.</summary>
internal enum DeploymentFileKind
{
    Dockerfile,
    Script,

    /// <summary>Kubernetes manifests or a Compose file: the content tells.</summary>
    Yaml,
    Systemd,

    /// <summary><c>appsettings*.json</c>.</summary>
    Settings,
}

/// <summary>A deployment file, read once, on first use.</summary>
internal sealed class DeploymentFile
{
    /// <summary>In characters. A larger file is no manifest that somebody wrote; it is passed over.</summary>
    public const int MaxLength = 1_000_000;

    private const string IgnoreMarker = "shutdown-analyzers: ignore";

    private readonly AdditionalText _file;
    private readonly Lazy<SourceText?> _text;
    private readonly Lazy<string> _content;
    private readonly Lazy<bool> _hasMarkers;
    private readonly Lazy<IReadOnlyList<YamlNode>> _documents;
    private readonly Lazy<Dockerfile> _dockerfile;
    private readonly Lazy<SystemdUnit> _unit;

    public DeploymentFile(AdditionalText file, DeploymentFileKind kind, string? workload)
    {
        _file = file;
        Path = file.Path.Replace('\\', '/');
        Kind = kind;
        Workload = workload;
        _text = new(ReadText);
        _content = new(() => ReadContent(_text.Value));
        _hasMarkers = new(() => Content.Contains(IgnoreMarker));
        _documents = new(ReadDocuments);
        _dockerfile = new(() => DockerfileReader.Read(Content));
        _unit = new(() => SystemdUnit.Read(Content));
    }

    /// <summary>With forward slashes.</summary>
    public string Path { get; }

    public DeploymentFileKind Kind { get; }

    /// <summary>The workload of this file that is the project's, where the item metadata <c>ShutdownWorkload</c> names it.</summary>
    public string? Workload { get; }

    public string Directory => Path.Substring(0, Math.Max(0, Path.LastIndexOf('/')));

    public string Name => Path.Substring(Path.LastIndexOf('/') + 1);

    /// <summary>The text, or an empty one for a file that is too large or not text.</summary>
    public string Content => _content.Value;

    /// <summary>The documents of a YAML or JSON file; none where it can't be read: templates and broken files are passed over.</summary>
    public IReadOnlyList<YamlNode> Documents => _documents.Value;

    public Dockerfile Dockerfile => _dockerfile.Value;

    public SystemdUnit Unit => _unit.Value;

    public bool Is(AdditionalText file) => ReferenceEquals(_file, file);

    public Location Location(TextSpan span) =>
        Microsoft.CodeAnalysis.Location.Create(_file.Path, span, _text.Value?.Lines.GetLinePositionSpan(span) ?? default);

    /// <summary>The whole lines of a place, with their ends.</summary>
    public TextSpan LinesOf(TextSpan span) => _text.Value is not { } text ? span : TextSpan.FromBounds(
        text.Lines.GetLineFromPosition(span.Start).Start,
        text.Lines.GetLineFromPosition(span.End).EndIncludingLineBreak);

    /// <summary>Whether a comment above or on the line of <paramref name="span"/> says <c># shutdown-analyzers: ignore SHUTnnn</c>.</summary>
    public bool Ignores(string id, TextSpan span)
    {
        if (_text.Value is not { } text || !_hasMarkers.Value)
            return false;
        var line = text.Lines.GetLineFromPosition(span.Start).LineNumber;
        return Says(text.Lines[line]) || (line > 0 && text.Lines[line - 1].ToString().TrimStart() is ['#', ..] && Says(text.Lines[line - 1]));

        bool Says(TextLine at)
        {
            var content = at.ToString();
            var comment = content.IndexOf(IgnoreMarker, StringComparison.Ordinal);
            return comment > 0 && content.IndexOf('#') is >= 0 and var hash && hash < comment && content.IndexOf(id, comment, StringComparison.Ordinal) > 0;
        }
    }

    private SourceText? ReadText()
    {
        var text = _file.GetText();
        return text is null || text.Length > MaxLength || IsBinary(text) ? null : text;
    }

    /// <summary>A byte order mark that the text still has isn't content; an empty line in its place keeps all positions.</summary>
    private static string ReadContent(SourceText? text) => text?.ToString() is not { } content ? "" : content is ['\uFEFF', ..] ? "\n" + content.Substring(1) : content;

    private static bool IsBinary(SourceText text)
    {
        for (var i = 0; i < Math.Min(text.Length, 4096); i++)
        {
            if (text[i] == '\0')
                return true;
        }

        return false;
    }

    private IReadOnlyList<YamlNode> ReadDocuments()
    {
        try
        {
            return YamlReader.Read(Kind == DeploymentFileKind.Settings ? JsonText.ToYaml(Content) : Content);
        }
        catch (YamlException)
        {
            // A Helm template, or broken: its own tools say so.
            return [];
        }
    }
}
