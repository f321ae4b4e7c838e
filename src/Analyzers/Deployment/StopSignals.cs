namespace ShutdownAnalyzers.Deployment;

/// <summary>The signals that the host takes for a stop.</summary>
internal static class StopSignals
{
    private static readonly HashSet<string> Handled = new(StringComparer.OrdinalIgnoreCase)
    {
        "SIGTERM", "TERM", "15", "SIGINT", "INT", "2", "SIGQUIT", "QUIT", "3",
    };

    /// <summary>Whether .NET handles the signal; true as well for one that is put in later.</summary>
    public static bool IsHandled(string signal) => signal.Contains('$') || Handled.Contains(signal.Trim('"', '\''));
}
