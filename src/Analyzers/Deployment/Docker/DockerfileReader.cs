using System.Text.RegularExpressions;

namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>Reads a Dockerfile as BuildKit does: parser directives, continuation lines, comments between them, heredocs. It accepts anything; what isn't an instruction stays without effect.</summary>
internal sealed class DockerfileReader
{
    private static readonly Regex Variable = new(@"\$(?:\{(?<name>\w+)(?::?-(?<default>[^}]{0,200}))?\}|(?<name>\w+))", RegexOptions.CultureInvariant);
    private static readonly Regex Heredoc = new("<<(?<dash>-?)([\"']?)(?<name>\\w+)\\1", RegexOptions.CultureInvariant);
    private static readonly Regex EscapeDirective = new(@"\A(?:#\s*(?!escape\b)\w+\s*=.*\r?\n)*#\s*escape\s*=\s*(?<escape>[\\`])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private readonly string _text;
    private readonly char _escape;
    private readonly List<DockerStage> _stages = [];
    private readonly Dictionary<string, DockerStage> _named = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _globalArguments = [];

    private List<DockerInstruction>? _instructions;

    private DockerfileReader(string text)
    {
        _text = text;
        _escape = EscapeDirective.Match(text) is { Success: true } directive ? directive.Groups["escape"].Value[0] : '\\';
    }

    public static Dockerfile Read(string text)
    {
        var reader = new DockerfileReader(text);
        for (var i = 0; i < text.Length;)
            reader.Add(reader.Logical(ref i));
        return new(reader._stages);
    }

    /// <summary>One logical line: continued lines joined, comment lines and the bodies of heredocs left out.</summary>
    private PlacedText Logical(ref int i)
    {
        var line = new PlacedText.Builder();
        var isContinued = true;
        while (isContinued && i < _text.Length)
        {
            var end = LineEnd(i);
            var content = _text.Substring(i, end - i).Trim();
            if (content.Length == 0 || content[0] == '#')
            {
                // Comments and empty lines don't end a continued line; alone they are nothing.
                isContinued = line.Length > 0;
            }
            else
            {
                isContinued = content[content.Length - 1] == _escape;
                var last = i + _text.Substring(i, end - i).TrimEnd().Length - (isContinued ? 1 : 0);
                for (var at = i; at < last; at++)
                    line.Add(_text[at], at);
            }

            i = Math.Min(end + 1, _text.Length);
        }

        var logical = line.Build().Trim();
        SkipHeredocs(logical.Value, ref i);
        return logical;
    }

    private void SkipHeredocs(string line, ref int i)
    {
        if (line.IndexOf("<<", StringComparison.Ordinal) < 0 || !Regex.IsMatch(line, "^(RUN|COPY|ADD)\\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant))
            return;
        foreach (Match heredoc in Heredoc.Matches(line))
        {
            var isEnd = false;
            while (!isEnd && i < _text.Length)
            {
                var end = LineEnd(i);
                var content = _text.Substring(i, end - i).TrimEnd('\r');
                isEnd = (heredoc.Groups["dash"].Length > 0 ? content.TrimStart('\t') : content) == heredoc.Groups["name"].Value;
                i = Math.Min(end + 1, _text.Length);
            }
        }
    }

    private int LineEnd(int i) => _text.IndexOf('\n', i) is var end && end < 0 ? _text.Length : end;

    private void Add(PlacedText line)
    {
        var length = 0;
        while (length < line.Value.Length && char.IsLetter(line.Value[length]))
            length++;
        if (length == 0)
            return;

        var keyword = line.Value.Substring(0, length).ToUpperInvariant();
        var arguments = line.Part(length, line.Value.Length - length).Trim();
        if (keyword == "FROM")
            AddStage(arguments.Value);
        else if (_instructions is null)
            AddGlobalArgument(keyword, arguments.Value);
        else
            _instructions.Add(new(keyword, arguments, ExecForm.Words(arguments.Value)));
    }

    private void AddStage(string arguments)
    {
        var words = arguments.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToList();
        var image = words.Count > 0 ? Expand(words[0]) : "";
        var name = words.Count > 2 && string.Equals(words[1], "AS", StringComparison.OrdinalIgnoreCase) ? words[2] : null;
        _instructions = [];
        var stage = new DockerStage(name, image, _named.TryGetValue(image, out var parent) ? parent : null, _instructions);
        _stages.Add(stage);
        if (name is not null)
            _named[name] = stage;
    }

    private void AddGlobalArgument(string keyword, string arguments)
    {
        var separator = arguments.IndexOf('=');
        if (keyword == "ARG" && separator > 0)
            _globalArguments[arguments.Substring(0, separator)] = arguments.Substring(separator + 1).Trim('"', '\'');
    }

    private string Expand(string text) => Variable.Replace(text, match =>
        _globalArguments.TryGetValue(match.Groups["name"].Value, out var value) ? value
        : match.Groups["default"].Success ? match.Groups["default"].Value
        : match.Value);
}
