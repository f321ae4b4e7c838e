using System.Globalization;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.Deployment.Yaml;

namespace ShutdownAnalyzers.Deployment.Kubernetes;

/// <summary>A preStop hook that waits.</summary>
/// <param name="Hook">The entry of its action: <c>sleep</c> or <c>exec</c>.</param>
/// <param name="Duration">How long it waits.</param>
/// <param name="IsAll">Whether it does nothing else.</param>
internal sealed record PreStopSleep(YamlEntry Hook, TimeSpan Duration, bool IsAll)
{
    public static PreStopSleep? Of(PodContainer container)
    {
        if (container.Node.At("lifecycle", "preStop") is not YamlMapping hook)
            return null;
        if (hook.Entry("sleep") is { } sleep)
            return Seconds(sleep.Value["seconds"]?.Text) is { } duration ? new(sleep, duration, true) : null;
        if (hook.Entry("exec") is not { } exec || exec.Value["command"] is not { } command)
            return null;

        // sleep 10, or a shell's line of which a sleep is a part; the longest sleeps are what is waited for.
        var words = command.Items.Select(item => item.Text ?? "").ToList();
        var commands = words.FindIndex(word => word.StartsWith("-", StringComparison.Ordinal) && word.EndsWith("c", StringComparison.Ordinal)) is >= 0 and var at && at + 1 < words.Count
            ? ShellCommand.Parse(words[at + 1])
            : [new ShellCommand(words, 0, 0, "")];
        var total = TimeSpan.Zero;
        foreach (var part in commands)
        {
            if (part.Words.Count == 2 && AppProgram.FileName(part.Words[0]) == "sleep" && Seconds(part.Words[1]) is { } seconds)
                total += seconds;
        }

        return total > TimeSpan.Zero ? new(exec, total, commands.All(part => AppProgram.FileName(part.Words[0]) == "sleep")) : null;
    }

    private static TimeSpan? Seconds(string? text)
    {
        if (text is null)
            return null;
        var unit = text.Length > 0 ? text[text.Length - 1] : '0';
        var number = char.IsDigit(unit) ? text : text.Substring(0, text.Length - 1);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and < 100_000
            ? unit switch { 'm' => TimeSpan.FromMinutes(value), 'h' => TimeSpan.FromHours(value), _ when char.IsDigit(unit) || unit == 's' => TimeSpan.FromSeconds(value), _ => null }
            : null;
    }
}
