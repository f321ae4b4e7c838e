using System.Text;

namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>One simple command of a shell line.</summary>
/// <param name="Words">Its words without quotes, assignments before it left out.</param>
/// <param name="Start">Where it begins in the line.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Separator">What follows it: <c>&amp;&amp;</c>, <c>||</c>, <c>;</c>, <c>|</c>, <c>&amp;</c>, or nothing at the end.</param>
internal sealed record ShellCommand(IReadOnlyList<string> Words, int Start, int Length, string Separator)
{
    private static readonly string[] Separators = ["&&", "||", ";;", ";", "|", "&", "\n"];

    private static readonly string[] Prefixes = ["exec", "eval", "command", "nohup", "time", "then", "do", "else", "{", "("];

    /// <summary>Whether the shell gives its place to the program: it is then gone, and the program gets the signals.</summary>
    public bool IsExec => Words.Count > 1 && (Words[0] == "exec" || (Words[0] == "eval" && Evaluated?.IsExec == true));

    /// <summary>The program and its arguments, behind <c>exec</c>, <c>eval</c> and the like.</summary>
    public IReadOnlyList<string> Program
    {
        get
        {
            var start = 0;
            while (start < Words.Count - 1 && Array.IndexOf(Prefixes, Words[start]) >= 0)
            {
                if (Words[start] == "eval")
                    return Evaluated?.Program ?? [];
                start++;
            }

            return [.. Words.Skip(start)];
        }
    }

    private ShellCommand? Evaluated => Parse(string.Join(" ", Words.SkipWhile(word => word != "eval").Skip(1).TakeWhile(word => word != "eval"))).FirstOrDefault();

    /// <summary>The simple commands of a line or a script, in their order. Quotes, comments and continued lines are read; the rest of the shell's grammar is words.</summary>
    public static IReadOnlyList<ShellCommand> Parse(string text)
    {
        var commands = new List<ShellCommand>();
        var words = new List<string>();
        var word = new StringBuilder();
        var (start, end, inWord) = (-1, 0, false);

        void EndWord()
        {
            if (inWord && (words.Count > 0 || !IsAssignment(word.ToString())))
                words.Add(word.ToString());
            word.Clear();
            inWord = false;
        }

        void EndCommand(string separator)
        {
            EndWord();
            if (words.Count > 0)
                commands.Add(new([.. words], start, end - start, separator));
            words.Clear();
            start = -1;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (SeparatorAt(text, i) is { } separator)
            {
                // 2>&1 and &> are redirections.
                if (separator == "&" && (i > 0 && text[i - 1] == '>' || i + 1 < text.Length && text[i + 1] == '>'))
                {
                    word.Append(character);
                    continue;
                }

                EndCommand(separator);
                i += separator.Length - 1;
                continue;
            }

            if (char.IsWhiteSpace(character))
            {
                EndWord();
                continue;
            }

            if (character == '#' && !inWord)
            {
                i = text.IndexOf('\n', i) is var next && next < 0 ? text.Length : next - 1;
                continue;
            }

            if (character == '\\' && i + 1 < text.Length && text[i + 1] is '\n' or '\r')
            {
                EndWord();
                i += text[i + 1] == '\r' ? 2 : 1;
                continue;
            }

            if (start < 0)
                start = i;
            inWord = true;
            i = Append(text, i, word);
            end = Math.Min(i + 1, text.Length);
        }

        EndCommand("");
        return commands;
    }

    /// <summary>Appends the character or the quoted part at <paramref name="i"/>; returns its last character's index.</summary>
    private static int Append(string text, int i, StringBuilder word)
    {
        switch (text[i])
        {
            case '\'':
                var close = text.IndexOf('\'', i + 1) is var found && found < 0 ? text.Length : found;
                word.Append(text, i + 1, close - i - 1);
                return close;
            case '"':
                for (i++; i < text.Length && text[i] != '"'; i++)
                {
                    if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\' or '$' or '`')
                        i++;
                    word.Append(text[i]);
                }

                return i;
            case '\\' when i + 1 < text.Length:
                word.Append(text[i + 1]);
                return i + 1;
            default:
                word.Append(text[i]);
                return i;
        }
    }

    private static string? SeparatorAt(string text, int i)
    {
        foreach (var separator in Separators)
        {
            if (string.CompareOrdinal(text, i, separator, 0, separator.Length) == 0)
                return separator == ";;" ? ";" : separator;
        }

        return null;
    }

    private static bool IsAssignment(string word)
    {
        var equals = word.IndexOf('=');
        return equals > 0 && word.Take(equals).All(character => char.IsLetterOrDigit(character) || character == '_');
    }
}
