namespace ShutdownAnalyzers.Deployment.Yaml;

/// <summary>JSON as .NET's configuration reads it (comments, trailing commas) is YAML once the comments are blanked; positions stay.</summary>
internal static class JsonText
{
    /// <summary>The same text with a space for each character of a comment, and for each tab, which YAML doesn't take everywhere.</summary>
    public static string ToYaml(string json)
    {
        var text = json.ToCharArray();
        for (var i = 0; i < text.Length;)
        {
            var end = Next(json, i);
            if (IsComment(json, i) || text[i] == '\t')
                Blank(text, i, end);
            i = end;
        }

        return new string(text);
    }

    private static bool IsComment(string json, int i) => json[i] == '/' && i + 1 < json.Length && json[i + 1] is '/' or '*';

    /// <summary>Where the string, the comment or the character at <paramref name="i"/> ends.</summary>
    private static int Next(string json, int i)
    {
        if (IsComment(json, i))
        {
            var end = json[i + 1] == '/' ? json.IndexOf('\n', i) : json.IndexOf("*/", i + 2, StringComparison.Ordinal) + 2;
            return end <= i ? json.Length : end;
        }

        if (json[i] != '"')
            return i + 1;
        for (i++; i < json.Length && json[i] != '"'; i++)
        {
            if (json[i] == '\\')
                i++;
        }

        return Math.Min(i + 1, json.Length);
    }

    private static void Blank(char[] text, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (text[i] is not ('\r' or '\n'))
                text[i] = ' ';
        }
    }
}
