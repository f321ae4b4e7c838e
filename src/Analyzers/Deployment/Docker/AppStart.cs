using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Files;

namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>How a container's command comes to run a program, and whether the platform's signal reaches it.</summary>
/// <param name="Program">What runs in the end.</param>
/// <param name="Shell">The shell that starts it and stays in between (<c>sh</c>); null where it is started directly.</param>
/// <param name="GetsSignal">Whether the program is the container's first process in the end: started directly, by <c>exec</c>, or by bash as its last command [facts, 12].</param>
/// <param name="Command">The simple command that starts it, where a shell does.</param>
/// <param name="Script">The entrypoint script that it stands in, where there is one.</param>
internal sealed record AppStart(AppProgram Program, string? Shell, bool GetsSignal, ShellCommand? Command, DeploymentFile? Script)
{
    /// <summary>The place of the command in the script.</summary>
    public TextSpan PlaceInScript => new(Command!.Start, Command.Length);

    private const int MaxDepth = 4;

    /// <summary>What a command line starts: directly, through <c>sh -c</c>, or through one of <paramref name="scripts"/>.</summary>
    public static IEnumerable<AppStart> Of(IReadOnlyList<string> words, IReadOnlyList<DeploymentFile> scripts) => Of(words, scripts, 0);

    private static IEnumerable<AppStart> Of(IReadOnlyList<string> words, IReadOnlyList<DeploymentFile> scripts, int depth)
    {
        if (words.Count == 0 || depth > MaxDepth)
            return [];
        var shell = ShellOf(words);
        if (shell is not null && ShellText(words) is { } text)
            return InShell(shell, ShellCommand.Parse(text), null, scripts, depth);

        // /entrypoint.sh with its arguments, or sh /entrypoint.sh.
        var file = shell is null ? 0 : 1;
        if (file < words.Count && scripts.FirstOrDefault(script => script.Name == AppProgram.FileName(words[file])) is { } found)
            return InShell(ShellOfScript(found.Content), WithArguments(ShellCommand.Parse(found.Content), [.. words.Skip(file + 1)]), found, scripts, depth);
        return AppProgram.Of(words) is { } program ? [new(program, null, true, null, null)] : [];
    }

    private static IEnumerable<AppStart> InShell(string shell, IReadOnlyList<ShellCommand> commands, DeploymentFile? script, IReadOnlyList<DeploymentFile> scripts, int depth)
    {
        // A script with a trap hands the signal on; what runs in the background or in a pipe is somebody's own construction.
        var handsOn = commands.Any(command => command.Words[0] == "trap");
        for (var i = 0; i < commands.Count; i++)
        {
            var command = commands[i];
            if (command.Separator is "|" or "&")
                continue;
            var isLastOfBash = shell == "bash" && script is null && i == commands.Count - 1 && commands.Take(i).All(before => before.Separator == "&&");
            var passesOn = command.IsExec || isLastOfBash || handsOn;
            foreach (var start in Of(command.Program, scripts, depth + 1))
            {
                // The first shell that stays in between is the one that keeps the signal.
                yield return passesOn && start.Shell is not null
                    ? start
                    : new(start.Program, shell, passesOn, command, script);
            }
        }
    }

    /// <summary>A script's <c>"$@"</c> is what it is called with.</summary>
    private static IReadOnlyList<ShellCommand> WithArguments(IReadOnlyList<ShellCommand> commands, IReadOnlyList<string> arguments) =>
        [.. commands.Select(command => command.Words[command.Words.Count - 1] is "$@" or "$*"
            ? new ShellCommand([.. command.Words.Take(command.Words.Count - 1), .. arguments], command.Start, command.Length, command.Separator)
            : command).Where(command => command.Words.Count > 0)];

    /// <summary>The shell that the first word is, by its plain name.</summary>
    private static string? ShellOf(IReadOnlyList<string> words) =>
        AppProgram.FileName(words[0]) is "sh" or "bash" or "ash" or "dash" or "zsh" ? AppProgram.FileName(words[0]) : null;

    /// <summary>The text behind <c>-c</c>, alone or among other letters (<c>-ec</c>).</summary>
    private static string? ShellText(IReadOnlyList<string> words)
    {
        for (var i = 1; i + 1 < words.Count && words[i].StartsWith("-", StringComparison.Ordinal); i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal) && words[i].EndsWith("c", StringComparison.Ordinal))
                return words[i + 1];
        }

        return null;
    }

    private static string ShellOfScript(string script)
    {
        var line = script.Split('\n')[0];
        return line.StartsWith("#!", StringComparison.Ordinal) && line.Contains("bash") ? "bash" : "sh";
    }
}
