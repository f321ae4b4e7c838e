using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT641: a setting of the drain that the runtime library refuses when the host starts.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ShutdownSettingsInvalid() : DeploymentRule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ShutdownSettingsInvalid,
        Category.Deployment,
        "The drain's setting keeps the host from starting",
        "The setting {0} is '{1}': {2}; the host refuses it and doesn't start",
        "The drain's settings are checked at start, since a value that can't be read would only show at the end. This shows it while it is written.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        if (!host.Drain.IsLibraryRegistered)
            yield break;

        foreach (var (setting, name, refusal) in Refused(deployment))
            yield return new(setting.File, setting.Value.Span, name, setting.Value.Value, refusal);
    }

    private static IEnumerable<(WrittenSetting Setting, string Name, string Refusal)> Refused(DeploymentModel deployment)
    {
        foreach (var file in deployment.Files.Of(DeploymentFileKind.Settings))
        {
            foreach (var refused in RefusedOf(WrittenSettings.InJson(file, DrainSetting.Section), ":"))
                yield return refused;
        }

        var variables = deployment.Variables.ToList();
        foreach (var refused in RefusedOf(WrittenSettings.InVariables(variables, DrainSetting.Section), "__"))
            yield return refused;
        foreach (var variable in variables)
        {
            if (variable.Name is DrainSetting.DrainDelayVariable or DrainSetting.PlatformGraceVariable
                && !IsVariable(variable.Value.Value)
                && DrainSetting.RefusalOfSeconds(variable.Value.Value) is { } refusal)
            {
                yield return (new(variable.File, variable.Value, variable.Name), variable.Name, refusal);
            }
        }
    }

    private static IEnumerable<(WrittenSetting Setting, string Name, string Refusal)> RefusedOf(IEnumerable<WrittenSetting> settings, string separator)
    {
        foreach (var setting in settings)
        {
            if (!IsVariable(setting.Value.Value) && DrainSetting.Find(setting.Path)?.Refusal(setting.Value.Value) is { } refusal)
                yield return (setting, DrainSetting.Section + separator + setting.Path.Replace(":", separator), refusal);
        }
    }

    /// <summary>Whether something is still to be put in: by Compose, by Helm.</summary>
    private static bool IsVariable(string text) => text.Contains("${") || text.Contains("{{") || text.StartsWith("$", StringComparison.Ordinal);
}
