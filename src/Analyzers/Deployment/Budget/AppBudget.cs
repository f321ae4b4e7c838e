using ShutdownAnalyzers.Deployment.Settings;

namespace ShutdownAnalyzers.Deployment.Budget;

/// <summary>How long the app takes, at worst, from SIGTERM to its exit.</summary>
/// <param name="DrainDelay">How long it goes on serving first; zero without a drain.</param>
/// <param name="Stop">What its stop may take after that: request timeout, cleanup and margin of the drain, or the host's shutdown timeout.</param>
/// <param name="IsChosen">Whether the app sets a drain or a timeout of its own, so that it isn't a stock host.</param>
internal sealed record AppBudget(TimeSpan DrainDelay, TimeSpan Stop, bool IsChosen)
{
    public TimeSpan Total => DrainDelay + Stop;

    /// <summary>The sum as a message shows it.</summary>
    public string Sum(TimeSpan preStop)
    {
        var parts = new List<string>();
        if (preStop > TimeSpan.Zero)
            parts.Add("preStop " + SettingText.Show(preStop));
        if (DrainDelay > TimeSpan.Zero)
            parts.Add("drain delay " + SettingText.Show(DrainDelay));
        parts.Add("shutdown budget " + SettingText.Show(Stop));
        return string.Join(" + ", parts) + (parts.Count > 1 ? " = " + SettingText.Show(preStop + Total) : "");
    }

    /// <summary>The smallest sufficient grace, in whole seconds.</summary>
    public long Seconds(TimeSpan preStop) => (long)Math.Ceiling((preStop + Total).TotalSeconds);
}
