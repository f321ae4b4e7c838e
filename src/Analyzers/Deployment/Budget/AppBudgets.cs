using ShutdownAnalyzers.Deployment.Files;
using ShutdownAnalyzers.Deployment.Settings;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Deployment.Budget;

/// <summary>Works out the app's budget for one place where it is deployed: from its code, its <c>appsettings</c> files and that place's environment variables, each over the one before.</summary>
internal sealed class AppBudgets(HostFacts host, DeploymentFiles files)
{
    private static readonly TimeSpan DefaultDrainDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultCleanupTimeout = TimeSpan.FromSeconds(5);

    /// <summary>For all that no other part pays for.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    /// <summary>What the host's stop may take where nothing is set.</summary>
    private static readonly TimeSpan DefaultShutdownTimeout = TimeSpan.FromSeconds(30);

    private static readonly string[] TimeoutVariables = ["shutdownTimeoutSeconds", "DOTNET_SHUTDOWNTIMEOUTSECONDS", "ASPNETCORE_SHUTDOWNTIMEOUTSECONDS"];
    private static readonly string[] EnvironmentVariables = ["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];

    private readonly Lazy<bool> _isSetUpElsewhere = new(() => ReferencedProjects.SetUpHost(host));
    private readonly Lazy<Dictionary<string, string>> _settings = new(() => ReadSettings(files));

    /// <summary>The budget under the given environment variables; null where a part of it can't be known: then no sum is done.</summary>
    public AppBudget? Under(IEnumerable<EnvironmentVariable> variables)
    {
        var environment = ByName(variables);
        return DrainDelayUnder(environment) is not { } delay ? null : host.Drain.IsLibraryRegistered ? WithDrain(delay, environment) : Stock(environment);
    }

    /// <summary>The app's drain delay under the given environment variables: zero where it has no drain; null where it can't be known.</summary>
    public TimeSpan? DrainDelayUnder(IEnumerable<EnvironmentVariable> variables) => DrainDelayUnder(ByName(variables));

    private TimeSpan? DrainDelayUnder(Dictionary<string, string> environment)
    {
        if (host.Builds.All.Count == 0)
            return null;
        if (!host.Drain.IsLibraryRegistered)
            return host.Drain.IsRegistered ? null : TimeSpan.Zero;
        if (host.Drain.IsCalledThroughReference || host.DrainCalls.All.Count != 1)
            return null;
        var delay = environment.TryGetValue(DrainSetting.DrainDelayVariable, out var seconds) ? SettingText.Seconds(seconds) : Option("DrainDelay", IsDevelopment(environment) ? TimeSpan.Zero : DefaultDrainDelay, environment);
        return delay >= TimeSpan.Zero ? delay : null;
    }

    private AppBudget? WithDrain(TimeSpan delay, Dictionary<string, string> environment)
    {
        var request = Option("RequestTimeout", DefaultRequestTimeout, environment);
        var cleanup = Option("CleanupTimeout", DefaultCleanupTimeout, environment);
        return request >= TimeSpan.Zero && cleanup >= TimeSpan.Zero ? new(delay, request.Value + cleanup.Value + Margin, true) : null;
    }

    private AppBudget? Stock(Dictionary<string, string> environment)
    {
        foreach (var name in TimeoutVariables)
        {
            if (environment.TryGetValue(name, out var seconds))
                return SettingText.Seconds(seconds) is { } written ? new(TimeSpan.Zero, written, true) : null;
        }

        if (_settings.Value.TryGetValue("shutdownTimeoutSeconds", out var setting))
            return SettingText.Seconds(setting) is { } written ? new(TimeSpan.Zero, written, true) : null;
        if (host.ShutdownTimeouts.All is [{ Time: { } time, IsAlways: true }])
            return time >= TimeSpan.Zero && time < TimeSpan.FromDays(1) ? new(TimeSpan.Zero, time, true) : null;
        return host.ShutdownTimeouts.All.Count > 0 || _isSetUpElsewhere.Value ? null : new(TimeSpan.Zero, DefaultShutdownTimeout, false);
    }

    private TimeSpan? Option(string name, TimeSpan otherwise, Dictionary<string, string> environment)
    {
        if (environment.TryGetValue(DrainSetting.Section + "__" + name, out var variable) || _settings.Value.TryGetValue(DrainSetting.Section + ":" + name, out variable))
            return SettingText.Duration(variable);
        var inCode = host.DrainCalls.ValuesOf(name).ToList();
        return inCode.Count == 0 ? otherwise : inCode is [var only] ? TimeSpans.ConstantOf(only, host) : null;
    }

    private static Dictionary<string, string> ByName(IEnumerable<EnvironmentVariable> variables)
    {
        var environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var variable in variables)
            environment[variable.Name] = variable.Value.Value;
        return environment;
    }

    private static bool IsDevelopment(Dictionary<string, string> environment) =>
        EnvironmentVariables.Any(name => environment.TryGetValue(name, out var value) && string.Equals(value, "Development", StringComparison.OrdinalIgnoreCase));

    /// <summary>What holds in production: <c>appsettings.json</c>, and <c>appsettings.Production.json</c> over it.</summary>
    private static Dictionary<string, string> ReadSettings(DeploymentFiles files)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in new[] { "appsettings.json", "appsettings.production.json" })
        {
            foreach (var file in files.Of(DeploymentFileKind.Settings).Where(file => string.Equals(file.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                foreach (var setting in WrittenSettings.InJson(file, DrainSetting.Section))
                    settings[DrainSetting.Section + ":" + setting.Path] = setting.Value.Value;
                if (file.Documents.FirstOrDefault()?.Entries.FirstOrDefault(entry => string.Equals(entry.Key.Value, "shutdownTimeoutSeconds", StringComparison.OrdinalIgnoreCase))?.Value.Text is { } seconds)
                    settings["shutdownTimeoutSeconds"] = seconds;
            }
        }

        return settings;
    }
}
