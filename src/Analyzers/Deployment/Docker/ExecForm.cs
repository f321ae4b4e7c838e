using System.Globalization;
using System.Text;

namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>The exec form: a JSON array of strings. What isn't exactly that is the shell form, as for Docker itself.</summary>
internal static class ExecForm
{
    public static IReadOnlyList<string>? Words(string arguments)
    {
        var words = new List<string>();
        var i = 0;
        if (!Skip(arguments, ref i, '['))
            return null;
        if (Skip(arguments, ref i, ']'))
            return i == arguments.Length ? words : null;
        do
        {
            if (Text(arguments, ref i) is not { } word)
                return null;
            words.Add(word);
        }
        while (Skip(arguments, ref i, ','));
        return Skip(arguments, ref i, ']') && i == arguments.Length ? words : null;
    }

    /// <summary>The words as an exec form.</summary>
    public static string Write(IEnumerable<string> words) =>
        "[" + string.Join(", ", words.Select(word => "\"" + word.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"")) + "]";

    private static bool Skip(string text, ref int i, char wanted)
    {
        while (i < text.Length && char.IsWhiteSpace(text[i]))
            i++;
        if (i >= text.Length || text[i] != wanted)
            return false;
        for (i++; i < text.Length && char.IsWhiteSpace(text[i]);)
            i++;
        return true;
    }

    private static string? Text(string text, ref int i)
    {
        if (i >= text.Length || text[i] != '"')
            return null;
        var word = new StringBuilder();
        for (i++; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                i++;
                return word.ToString();
            }

            if (text[i] != '\\')
                word.Append(text[i]);
            else if (!Unescape(text, ref i, word))
                return null;
        }

        return null;
    }

    private static bool Unescape(string text, ref int i, StringBuilder word)
    {
        if (++i >= text.Length)
            return false;
        var at = "\"\\/bfnrt".IndexOf(text[i]);
        if (at >= 0)
        {
            word.Append("\"\\/\b\f\n\r\t"[at]);
            return true;
        }

        if (text[i] != 'u' || i + 4 >= text.Length || !int.TryParse(text.Substring(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code))
            return false;
        word.Append((char)code);
        i += 4;
        return true;
    }
}
