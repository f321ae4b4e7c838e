using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.Deployment.Matching;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT611: the shell form of <c>ENTRYPOINT</c> or <c>CMD</c>. The shell is process 1, and the stop signal ends with it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ShellFormEntrypoint() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ShellFormEntrypoint,
        Category.Deployment,
        "The container's shell keeps the stop signal",
        "'{0}' in shell form runs {1} under '{2}', which keeps SIGTERM to itself: the app is killed at the end of the grace period{3}",
        "Docker runs a shell form as /bin/sh -c. bash and Alpine's shell give their place to the last command; under the others the app never learns that it is to stop.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var image in deployment.Images)
        {
            if (image.Command is { IsShellForm: true } command
                && !image.IsForWindows
                && image.Starts.FirstOrDefault(start => !start.GetsSignal && start.Script is null) is { Command: { } app } start)
            {
                var edit = EditOf(image, command, app);
                yield return new(image.File, command.Instruction.Arguments.Span(), command.Instruction.Keyword, start.Program.Name ?? "dotnet", start.Shell!, Advice(edit)) { Edit = edit };
            }
        }
    }

    private static Edit? EditOf(ProjectImage image, ContainerCommand command, ShellCommand app)
    {
        var arguments = command.Instruction.Arguments;

        // In exec form ENTRYPOINT takes the words of CMD, which it didn't before.
        var takesMore = command.Instruction.Keyword == "ENTRYPOINT" && image.Stage.Command is not null;
        if (!takesMore && ShellEdits.WithoutShell(arguments.Value) is { } words)
            return Edit.Replace("Use the exec form", arguments.Span(), ExecForm.Write(words));
        return ShellEdits.ExecPosition(arguments.Value, app) is { } position
            ? Edit.Insert("Start the app by exec", arguments.Span(position, 0).Start, "exec ")
            : null;
    }

    private static string Advice(Edit? edit) => edit is null ? "" : $"; write: {edit.Changes[0].NewText!.Trim()}" + (edit.Changes[0].Span.Length == 0 ? " before it" : "");
}
