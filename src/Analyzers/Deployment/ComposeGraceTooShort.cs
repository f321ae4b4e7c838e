using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment.Compose;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.Deployment.Yaml;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment;

/// <summary>SHUT621: a Compose service that is killed before its app can have stopped.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ComposeGraceTooShort() : DeploymentRule(Descriptor)
{
    private const string Key = "stop_grace_period";

    private static readonly TimeSpan Default = TimeSpan.FromSeconds(10);

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ComposeGraceTooShort,
        Category.Deployment,
        "The Compose service is killed before the app has stopped",
        "{0}, but service '{1}' is killed after {2}; set stop_grace_period to {3}s",
        "Compose kills a container ten seconds after its stop signal unless stop_grace_period says otherwise. What isn't done by then is lost.");

    private protected override IEnumerable<Finding> Check(DeploymentModel deployment, HostFacts host)
    {
        // The same service may stand in several files, and another than the first may set the value.
        foreach (var services in deployment.Services.GroupBy(service => service.Name))
        {
            var written = services.Where(service => service.Find(Key) is not null).ToList();
            foreach (var service in written.Count > 0 ? written : services.Take(1))
            {
                var value = service.Find(Key);
                var grace = value is var (_, entry) ? DurationUnits.Parse(entry.Value.Text ?? "", hasPlainSeconds: false) : deployment.PlatformGrace ?? Default;
                if (grace is null || deployment.Budgets.Under(services.SelectMany(twin => twin.Environment())) is not { } budget)
                    continue;
                if (budget.Total <= grace || (value is null && !budget.IsChosen))
                    continue;

                var needed = budget.Seconds(TimeSpan.Zero).ToString(CultureInfo.InvariantCulture);
                var file = value?.File ?? service.File;
                yield return new(file, value?.Entry.Value.Span ?? service.Key.Span, budget.Sum(TimeSpan.Zero), service.Name, SettingText.Show(grace.Value), needed) { Edit = EditOf(service, value?.Entry, needed) };
            }
        }
    }

    private static Edit? EditOf(ComposeService service, YamlEntry? written, string seconds)
    {
        var title = $"Give the service {seconds} s";
        if (written is not null)
            return Edit.Replace(title, written.Value.Span, seconds + "s");
        return (service.Find("build") ?? service.Find("image")) is var (file, first)
            && file == service.File
            && YamlEdits.After(file.Content, first, $"{Key}: {seconds}s") is { } change
            ? new(title, [change])
            : null;
    }
}
