using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Settings;

namespace ShutdownAnalyzers.Deployment.Systemd;

/// <summary>A value of a unit with its place.</summary>
internal readonly record struct UnitValue(string Text, TextSpan Span);

/// <summary>The <c>[Service]</c> section of a systemd unit: key and value a line, continued by a backslash, comments by <c>#</c> and <c>;</c>.</summary>
internal sealed class SystemdUnit
{
    private static readonly Regex Assignment = new(
        "\"(?<name>\\w+)=(?<value>[^\"]*)\"|'(?<name>\\w+)=(?<value>[^']*)'|(?<name>\\w+)=(?<value>\\S*)", RegexOptions.CultureInvariant);

    private readonly Dictionary<string, UnitValue> _service = new(StringComparer.Ordinal);
    private readonly List<UnitValue> _environment = [];

    private SystemdUnit()
    {
    }

    /// <summary>The last value of a key; null where it isn't set.</summary>
    public UnitValue? this[string key] => _service.TryGetValue(key, out var value) ? value : null;

    /// <summary>The variables that <c>Environment=</c> sets, each over those before it.</summary>
    public IEnumerable<EnvironmentVariable> Environment(DeploymentFile file) =>
        from line in _environment
        from Match match in Assignment.Matches(line.Text)
        let value = match.Groups["value"]
        select new EnvironmentVariable(file, match.Groups["name"].Value, new(new TextSpan(line.Span.Start + value.Index, value.Length), value.Value));

    public static SystemdUnit Read(string text)
    {
        var unit = new SystemdUnit();
        var section = "";
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            var end = LineEnd(text, i);
            while (end < text.Length && IsContinued(text, start, end))
                end = LineEnd(text, end + 1);
            i = end + 1;

            var line = text.Substring(start, end - start);
            var content = line.Trim();
            if (content.Length == 0 || content[0] is '#' or ';')
                continue;
            if (content[0] == '[')
                section = content;
            else if (section == "[Service]" && line.IndexOf('=') is > 0 and var equals)
                unit.Add(line, start, equals);
        }

        return unit;
    }

    private void Add(string line, int start, int equals)
    {
        var value = line.Substring(equals + 1);
        var text = value.Trim();
        var offset = equals + 1 + (value.Length - value.TrimStart().Length);
        var key = line.Substring(0, equals).Trim();
        var span = new TextSpan(start + Math.Min(offset, line.Length), text.Length);
        _service[key] = new(text.Replace("\\\r\n", " ").Replace("\\\n", " "), span);
        if (key != "Environment")
            return;

        // An empty value takes back those before it.
        if (text.Length == 0)
            _environment.Clear();
        _environment.Add(new(text, span));
    }

    private static bool IsContinued(string text, int start, int end)
    {
        var last = end > start && text[end - 1] == '\r' ? end - 2 : end - 1;
        return last >= start && text[last] == '\\';
    }

    private static int LineEnd(string text, int i) => i >= text.Length ? text.Length : text.IndexOf('\n', i) is var end && end < 0 ? text.Length : end;
}
