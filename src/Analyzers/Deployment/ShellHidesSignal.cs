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

    /// <summary>A script in a word of a list: its place is that of the same text in the file, where no escapes stand in it.</summary>
    private static Finding InText(DeploymentFile file, TextSpan place, string text, Func<int, int> positionOf, IReadOnlyList<string> words, AppStart start)
    {
        var script = words.FirstOrDefault(word => word.IndexOf(' ') > 0 && text.Contains(word));
        var position = script is null ? null : ShellEdits.ExecPosition(script, start.Command!);
        return new(file, place, start.Shell!, NameOf(start))
        {
            Edit = position is null ? null : EditAt(positionOf(text.IndexOf(script!, StringComparison.Ordinal) + position.Value)),
        };
    }

    private static Edit? EditAt(int? position) => position is { } at ? Edit.Insert("Start the app by exec", at, "exec ") : null;

    private static string NameOf(AppStart start) => start.Program.Name ?? (start.Program.IsDotnet ? "dotnet" : "the app");
}
