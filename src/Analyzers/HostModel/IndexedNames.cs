namespace ShutdownAnalyzers.HostModel;

/// <summary>The names that <see cref="SourceIndex"/> collects in its one scan of a file; grouped by the part of the model that asks for them.</summary>
internal static class IndexedNames
{
    public static readonly string[] Build = ["Build", "Create"];

    public static readonly string[] Run = ["Run", "RunAsync", "Start", "StartAsync", "RunConsoleAsync", "WaitForShutdown", "WaitForShutdownAsync"];

    /// <summary>Of <see cref="Run"/>, what a builder has too: it builds and starts in one call.</summary>
    public static readonly string[] BuildAndRun = ["Start", "StartAsync", "RunConsoleAsync"];

    public static readonly string[] WebHostConfiguration = ["ConfigureWebHostDefaults", "ConfigureWebHost"];

    /// <summary>How a program gets an <c>IHostBuilder</c> or <c>IWebHostBuilder</c>.</summary>
    public static readonly string[] ClassicBuilders = ["CreateDefaultBuilder", "HostBuilder", "IHostBuilder", "WebHostBuilder", "IWebHostBuilder", .. WebHostConfiguration];

    public static readonly string[] Drain = ["AddGracefulShutdown", "UseGracefulShutdown"];

    public const string HostLifetime = "IHostLifetime";

    /// <summary>All of the above.</summary>
    public static readonly HashSet<string> All = new(
        [.. Build, .. Run, .. ClassicBuilders, .. Drain, HostLifetime],
        StringComparer.Ordinal);

    /// <summary><see cref="All"/>, as the scan of a file wants it.</summary>
    public static readonly WordSet Words = new(All);
}
