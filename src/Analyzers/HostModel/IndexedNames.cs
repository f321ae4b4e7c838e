namespace ShutdownAnalyzers.HostModel;

/// <summary>The names that <see cref="SourceIndex"/> collects in its one walk over a file; grouped by the part of the model that asks for them.</summary>
internal static class IndexedNames
{
    public static readonly string[] Build = ["Build", "Create"];

    public static readonly string[] Run = ["Run", "RunAsync", "Start", "StartAsync", "RunConsoleAsync", "WaitForShutdown", "WaitForShutdownAsync"];

    public static readonly string[] WebHostConfiguration = ["ConfigureWebHostDefaults", "ConfigureWebHost"];

    public static readonly string[] Drain = ["AddGracefulShutdown", "UseGracefulShutdown"];

    public const string HostLifetime = "IHostLifetime";

    public const string CancelKeyPress = "CancelKeyPress";

    public const string ProcessExit = "ProcessExit";

    public const string Unloading = "Unloading";

    public const string PosixSignalRegistration = "PosixSignalRegistration";

    public const string ServiceBase = "ServiceBase";

    /// <summary>Names whose use says that the program takes SIGTERM.</summary>
    public static readonly string[] Termination = ["SIGTERM", "ShutdownSignal", "UnixSignal"];

    /// <summary>All of the above.</summary>
    public static readonly HashSet<string> All = new(
        [.. Build, .. Run, .. WebHostConfiguration, .. Drain, HostLifetime, CancelKeyPress, ProcessExit, Unloading, PosixSignalRegistration, ServiceBase, .. Termination],
        StringComparer.Ordinal);
}
