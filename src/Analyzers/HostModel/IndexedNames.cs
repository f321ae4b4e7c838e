namespace ShutdownAnalyzers.HostModel;

/// <summary>The names that <see cref="SourceIndex"/> collects in its one walk over a file; grouped by the part of the model that asks for them.</summary>
internal static class IndexedNames
{
    public static readonly string[] Build = ["Build", "Create"];

    public static readonly string[] Run = ["Run", "RunAsync", "Start", "StartAsync", "RunConsoleAsync", "WaitForShutdown", "WaitForShutdownAsync"];

    public static readonly string[] WebHostConfiguration = ["ConfigureWebHostDefaults", "ConfigureWebHost"];

    public static readonly string[] Drain = ["AddGracefulShutdown", "UseGracefulShutdown"];

    public const string HostLifetime = "IHostLifetime";

    public static readonly string[] StopEvents = ["ApplicationStopping", "ApplicationStopped", "ProcessExit", "CancelKeyPress", "Unloading", "PosixSignalRegistration"];

    /// <summary>Calls that are given handlers.</summary>
    public static readonly string[] Endpoints =
    [
        "Map", "MapGet", "MapPost", "MapPut", "MapPatch", "MapDelete", "MapMethods", "MapFallback", "MapWhen",
        "Use", "UseWhen", "Run", "AddEndpointFilter",
    ];

    /// <summary>All of the above.</summary>
    public static readonly HashSet<string> All = new(
        [.. Build, .. Run, .. WebHostConfiguration, .. Drain, HostLifetime, .. StopEvents, .. Endpoints],
    public static readonly string[] Cleanup = ["AddShutdownCleanup", "OnCleanup"];

    public static readonly string[] Resolve = ["GetRequiredService", "GetService"];

    /// <summary>All of the above, and what closes the resources of <see cref="ResourceTypes"/>.</summary>
    public static readonly HashSet<string> All = new(
        [.. Build, .. Run, .. ClassicBuilders, .. Drain, HostLifetime, .. Cleanup, .. Resolve, .. ResourceTypes.CloserNames],
        StringComparer.Ordinal);
}
