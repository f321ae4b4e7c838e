using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Docker;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT614: a container that runs <c>dotnet run</c> or <c>dotnet watch</c>: the SDK's process stands between the platform and the app.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RunsUnderSdk() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.RunsUnderSdk,
        Category.Deployment,
        "The container runs the app under the SDK",
        "'dotnet {0}' is the container's command: the SDK's process gets the stop signal and the app is its child; publish the app and start its dll",
        "dotnet run and dotnet watch build the app at each start and run it as a child. They are for a developer's machine; a container starts the published app.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        foreach (var image in deployment.Images)
        {
            if (image.Command is { } command && !DevelopmentNames.Has(image.File.Name) && !DevelopmentNames.Has(image.Stage.Name ?? "") && SdkCommand(image.Starts) is { } sdk)
                yield return new(image.File, command.Instruction.Arguments.Span(), sdk);
        }

        foreach (var (file, nodes, words) in deployment.Commands)
        {
            if (!DevelopmentNames.Has(file.Name) && SdkCommand(deployment.StartsOf(words)) is { } sdk)
                yield return new(file, nodes[0].Span, sdk);
        }
    }

    private static string? SdkCommand(IEnumerable<AppStart> starts) => starts.Select(start => start.Program.SdkCommand).FirstOrDefault(command => command is not null);
}
