using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT612: <c>sh -c</c> or an entrypoint script that starts the app without <c>exec</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ShellHidesSignal() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ShellHidesSignal,
        Category.Deployment,
        "A shell stands between the platform and the app",
        "'{0}' runs {1} without exec and keeps SIGTERM to itself: the app is killed at the end of the grace period; put exec before it",
        "The signal goes to the container's first process. A shell that starts the app as its child neither hands the signal on nor ends by it; exec gives the shell's place to the app.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        // A script that several images use is reported once.
        var scripts = new HashSet<(DeploymentFile, int)>();
        foreach (var image in deployment.Images)
        {
            if (image.Command is not { } command || image.IsForWindows)
                continue;
            foreach (var start in image.Starts.Where(start => !start.GetsSignal))
            {
                if (start.Script is { } script)
                {
                    if (scripts.Add((script, start.Command!.Start)))
                        yield return InScript(script, start);
                }
                else if (!command.IsShellForm)
                {
                    var arguments = command.Instruction.Arguments;
                    yield return InText(image.File, arguments.Span(), arguments.Value, at => arguments.Span(at, 0).Start, command.Words, start);
                }
            }
        }

        foreach (var (file, nodes, words) in deployment.Commands)
        {
            foreach (var start in deployment.StartsOf(words).Where(start => !start.GetsSignal))
                yield return InYaml(file, nodes, words, start);
        }
    }

    private static Finding InScript(DeploymentFile script, AppStart start) =>
        new(script, start.PlaceInScript, script.Name, NameOf(start))
        {
            Edit = EditAt(ShellEdits.ExecPosition(script.Content, start.Command!)),
        };

    private static Finding InYaml(DeploymentFile file, IReadOnlyList<YamlNode> nodes, IReadOnlyList<string> words, AppStart start)
    {
        var item = nodes.SelectMany(node => node.Items).FirstOrDefault(item => item.Text is { } text && text.IndexOf(' ') > 0) ?? nodes[0];
        var span = item.Span;
        return InText(file, span, file.Content.Substring(span.Start, span.Length), at => span.Start + at, words, start);
    }

    /// <summary>A script in a word of a list: its command's place is that of the same text in the file, as far as no escapes stand in it.</summary>
    private static Finding InText(DeploymentFile file, TextSpan place, string text, Func<int, int> positionOf, IReadOnlyList<string> words, AppStart start)
    {
        var script = words.FirstOrDefault(word => word.IndexOf(' ') > 0);
        var (command, position) = (start.Command!, script is null ? null : ShellEdits.ExecPosition(script, start.Command!));
        var written = script is null ? "" : script.Substring(position ?? command.Start, command.Start + command.Length - (position ?? command.Start)).Split('"', '\\', '\'', '\n')[0].TrimEnd();
        var at = written.Length == 0 ? -1 : text.IndexOf(written, StringComparison.Ordinal);
        if (at >= 0 && text.IndexOf(written, at + 1, StringComparison.Ordinal) >= 0)
            at = -1;

        // Of a script of several lines the command's own.
        var isLong = at >= 0 && text.Contains('\n');
        return new(file, isLong ? TextSpan.FromBounds(positionOf(at), positionOf(at + written.Length)) : place, start.Shell!, NameOf(start))
        {
            Edit = position is null || at < 0 ? null : EditAt(positionOf(at)),
        };
    }

    private static Edit? EditAt(int? position) => position is { } at ? Edit.Insert("Start the app by exec", at, "exec ") : null;

    private static string NameOf(AppStart start) => start.Program.Name ?? (start.Program.IsDotnet ? "dotnet" : "the app");
}
