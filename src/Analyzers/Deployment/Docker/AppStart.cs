using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Files;

namespace ShutdownAnalyzers.Deployment.Docker;

/// <summary>How a container's command comes to run a program, and whether the platform's signal reaches it.</summary>
/// <param name="Program">What runs in the end.</param>
/// <param name="Shell">The shell that starts it and stays in between (<c>sh</c>); null where it is started directly.</param>
/// <param name="GetsSignal">Whether the program is the container's first process in the end: started directly, by <c>exec</c>, or as the last command of a shell that gives its place to it.</param>
/// <param name="Command">The simple command that starts it, where a shell does.</param>
/// <param name="Script">The entrypoint script that it stands in, where there is one.</param>
internal sealed record AppStart(AppProgram Program, string? Shell, bool GetsSignal, ShellCommand? Command, DeploymentFile? Script)
{
    /// <summary>The place of the command in the script.</summary>
    public TextSpan PlaceInScript => new(Command!.Start, Command.Length);

    private const int MaxDepth = 4;

    /// <summary>What a command line starts: directly, through <c>sh -c</c>, or through one of <paramref name="scripts"/>.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="scripts">The scripts that it may run.</param>
    /// <param name="isAlpine">Whether the image's <c>sh</c> is BusyBox's.</param>
    public static IEnumerable<AppStart> Of(IReadOnlyList<string> words, IReadOnlyList<DeploymentFile> scripts, bool isAlpine = false) =>
        Of(words, new Surroundings(scripts, isAlpine, []), 0);

    private static IEnumerable<AppStart> Of(IReadOnlyList<string> words, Surroundings around, int depth)
    {
        if (words.Count == 0 || depth > MaxDepth)
            return [];
        var shell = ShellOf(words);
        if (shell is not null && ShellText(words) is { } text)
            return InShell(shell, ShellCommand.Parse(text), null, around, depth);

        // /entrypoint.sh with its arguments, or sh /entrypoint.sh.
        var file = shell is null ? 0 : 1;
        if (file < words.Count && around.Scripts.FirstOrDefault(script => script.Name == AppProgram.FileName(words[file])) is { } found)
        {
            return around.Entered.Add(found)
                ? InShell(ShellOfScript(found.Content), WithArguments(ShellCommand.Parse(found.Content), [.. words.Skip(file + 1)]), found, around, depth)
                : [];
        }

        return AppProgram.Of(words) is { } program ? [new(program, null, true, null, null)] : [];
    }

    private static IEnumerable<AppStart> InShell(string shell, IReadOnlyList<ShellCommand> commands, DeploymentFile? script, Surroundings around, int depth)
    {
        // A script with a trap hands the signal on; what runs in the background or in a pipe is somebody's own construction.
        var handsOn = commands.Any(command => command.Words[0] == "trap");
        for (var i = 0; i < commands.Count; i++)
        {
            var command = commands[i];
            if (command.Separator is "|" or "&")
                continue;
            var isLast = script is null && i == commands.Count - 1 && commands.Take(i).All(before => before.Separator is not ("|" or "&"));
            var passesOn = command.IsExec || handsOn || (isLast && GivesItsPlaceTo(command, shell, around));
            foreach (var start in Of(command.Program, around, depth + 1))
            {
                // The first shell that stays in between is the one that keeps the signal.
                yield return passesOn && start.Shell is not null
                    ? start
                    : new(start.Program, shell, passesOn, command, script);
            }
        }
    }

    /// <summary>Whether a shell runs the last command of <c>-c</c> in its own place: bash does (but not with a redirection), BusyBox and zsh do, dash doesn't. A script's last command none of them.</summary>
    private static bool GivesItsPlaceTo(ShellCommand last, string shell, Surroundings around) => last.Words[0] != "eval" && shell switch
    {
        "bash" => !last.Words.Any(word => word.TrimStart('0', '1', '2', '&') is ['>' or '<', ..]),
        "ash" or "zsh" => true,
        "sh" => around.IsAlpine,
        _ => false,
    };

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

    /// <param name="Scripts">The scripts that a command may run.</param>
    /// <param name="IsAlpine">Whether <c>sh</c> is BusyBox's.</param>
    /// <param name="Entered">The scripts that were followed: each is once, so that none that call each other are followed for ever.</param>
    private sealed record Surroundings(IReadOnlyList<DeploymentFile> Scripts, bool IsAlpine, HashSet<DeploymentFile> Entered);
}
