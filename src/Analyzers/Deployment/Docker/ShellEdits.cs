namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>Corrections of commands that a shell keeps the signal from.</summary>
internal static class ShellEdits
{
    private const string SyntaxOfShells = "$`*?[]{}()<>|;&~\\\n";

    /// <summary>The words of a shell form that needs no shell: one command, no variables, globs, redirections or assignments. Else null.</summary>
    public static IReadOnlyList<string>? WithoutShell(string text)
    {
        var commands = ShellCommand.Parse(text);
        return commands is [var single] && single.Start == 0 && !HasSyntax(text) ? single.IsExec ? [.. single.Words.Skip(1)] : single.Words : null;
    }

    /// <summary>
    /// Where <c>exec </c> goes for a command to take the shell's place, as an offset in the text that the command stands in; null where a word in front
    /// says otherwise, and where something is to run after the command: exec doesn't come back.
    /// </summary>
    public static int? ExecPosition(string text, ShellCommand command)
    {
        if (!IsLast(text, command))
            return null;

        var first = command.Words[0];
        if (first == "eval")
        {
            // Inside of the quotes: eval is the shell's own and can't be exec'ed.
            var quote = text.IndexOf('"', command.Start, command.Length);
            return quote < 0 ? null : quote + 1;
        }

        // An assignment in front, or a word of the shell's own grammar, can't stand behind exec.
        var written = text.Substring(command.Start, command.Length).TrimStart('"', '\'');
        var isProgram = written.StartsWith(first, StringComparison.Ordinal) || written.StartsWith("$@", StringComparison.Ordinal) || written.StartsWith("$*", StringComparison.Ordinal);
        return isProgram && first is not ("then" or "do" or "else" or "{" or "(" or "time" or "nohup" or "command") ? command.Start : null;
    }

    /// <summary>Whether the script ends with the command: behind it stand other branches, ends of branches and <c>exit</c>.</summary>
    private static bool IsLast(string text, ShellCommand command)
    {
        var isElsewhere = text.Substring(command.Start + command.Length).TrimStart(' ').StartsWith(";;", StringComparison.Ordinal);
        var depth = 0;
        foreach (var next in ShellCommand.Parse(text))
        {
            if (next.Start <= command.Start)
                continue;
            switch (next.Words[0])
            {
                case "if" or "case" when isElsewhere:
                    depth++;
                    break;
                case "fi" or "esac":
                    isElsewhere = isElsewhere && depth > 0;
                    depth = Math.Max(0, depth - 1);
                    break;
                case "else" or "elif":
                    isElsewhere = true;
                    break;
                case "exit" when !isElsewhere:
                    return true;
                default:
                    if (!isElsewhere)
                        return false;
                    break;
            }
        }

        return true;
    }

    private static bool HasSyntax(string text)
    {
        foreach (var character in text)
        {
            if (SyntaxOfShells.IndexOf(character) >= 0)
                return true;
        }

        return false;
    }
}
