namespace ShutdownAnalyzers.HostModel;

/// <summary>The names that <see cref="SourceIndex"/> collects in its one scan of a file; grouped by the part of the model that asks for them.</summary>
internal static class IndexedNames
{
    public static readonly string[] Build = ["Build", "Create"];

    public static readonly string[] Run = ["Run", "RunAsync", "Start", "StartAsync", "RunConsoleAsync", "WaitForShutdown", "WaitForShutdownAsync"];

    /// <summary>Of <see cref="Run"/>, what returns while the host runs.</summary>
    public static readonly string[] Start = ["RunAsync", "Start", "StartAsync"];

    /// <summary>Of <see cref="Run"/>, what a builder has too: it builds and starts in one call.</summary>
    public static readonly string[] BuildAndRun = ["Start", "StartAsync", "RunConsoleAsync"];

    public static readonly string[] WebHostConfiguration = ["ConfigureWebHostDefaults", "ConfigureWebHost"];

    /// <summary>How a program gets an <c>IHostBuilder</c> or <c>IWebHostBuilder</c>.</summary>
    public static readonly string[] ClassicBuilders = ["CreateDefaultBuilder", "HostBuilder", "IHostBuilder", "WebHostBuilder", "IWebHostBuilder", .. WebHostConfiguration];

    public static readonly string[] Drain = ["AddGracefulShutdown", "UseGracefulShutdown"];

    /// <summary>Calls that register a host lifetime.</summary>
    public static readonly string[] LifetimeRegistrations = ["AddSystemd", "UseSystemd", "AddWindowsService", "UseWindowsService", "UseConsoleLifetime"];

    public static readonly string[] ShutdownTimeout = ["ShutdownTimeout", "UseShutdownTimeout"];

    /// <summary>Options of the drain that are set in code.</summary>
    public static readonly string[] DrainOptions = ["DrainDelay", "RequestTimeout", "CleanupTimeout"];

    /// <summary>What ends the process.</summary>
    public static readonly string[] Exits = ["Exit", "Kill"];

    public const string StopAsync = "StopAsync";

    /// <summary>What makes a scope or a provider of the container's.</summary>
    public static readonly string[] Scopes = ["CreateScope", "CreateAsyncScope", "BuildServiceProvider"];

    /// <summary>Properties of log libraries that a program sets.</summary>
    public static readonly string[] LogProperties = ["Logger", "AutoShutdown"];

    public const string HostLifetime = "IHostLifetime";

    public const string CancelKeyPress = "CancelKeyPress";

    public const string ProcessExit = "ProcessExit";

    public const string Unloading = "Unloading";

    public const string PosixSignalRegistration = "PosixSignalRegistration";

    public const string ServiceBase = "ServiceBase";

    /// <summary>Names whose use says that the program takes SIGTERM.</summary>
    public static readonly string[] Termination = ["SIGTERM", "ShutdownSignal", "UnixSignal"];

    /// <summary>What a stop callback is registered on.</summary>
    public static readonly string[] StopEvents = ["ApplicationStopping", "ApplicationStopped", ProcessExit, CancelKeyPress, Unloading, PosixSignalRegistration];

    /// <summary>Calls that are given handlers.</summary>
    public static readonly string[] Endpoints =
    [
        "Map", "MapGet", "MapPost", "MapPut", "MapPatch", "MapDelete", "MapMethods", "MapFallback", "MapWhen",
        "Use", "UseWhen", "Run", "AddEndpointFilter",
    ];

    /// <summary>Calls that map one endpoint which a probe can ask.</summary>
    public static readonly string[] Map = ["Map", "MapGet", "MapMethods", "MapHealthChecks", "UseHealthChecks", "MapReadiness", "MapLiveness"];

    /// <summary>Attributes that give an action its route.</summary>
    public static readonly string[] RouteAttributes = ["Route", "RouteAttribute", "HttpGet", "HttpGetAttribute", "HttpHead", "HttpHeadAttribute", "AcceptVerbs"];

    public static readonly string[] HealthChecks =
        ["AddHealthChecks", "AddCheck", "AddAsyncCheck", "AddTypeActivatedCheck", "AddShutdownCheck", "AddApplicationLifecycleHealthCheck", "HealthCheckRegistration"];

    /// <summary>Members that tell of the stop.</summary>
    public static readonly string[] StopTokens = ["ApplicationStopping", "ApplicationStopped", "Draining", "GraceOver"];

    public static readonly string[] Cleanup = ["AddShutdownCleanup", "OnCleanup"];

    public static readonly string[] Resolve = ["GetRequiredService", "GetService", "GetRequiredKeyedService", "GetKeyedService"];

    public static readonly string[] Completion = ["Complete", "TryComplete", "CompleteAdding"];

    /// <summary>How a full channel makes room.</summary>
    public static readonly string[] DropModes = ["DropOldest", "DropNewest", "DropWrite"];

    public static readonly string[] HostedServices = ["AddHostedService", "IHostedService"];

    public const string ServicesStopConcurrently = "ServicesStopConcurrently";

    /// <summary>Makes a web socket of a request.</summary>
    public const string AcceptWebSocket = "AcceptWebSocketAsync";

    /// <summary>Calls that set a Serilog logger up for the host, and what flushes one.</summary>
    public static readonly string[] Logs = [.. SerilogLogs.Registrations, "CreateBootstrapLogger", "CloseAndFlush", "CloseAndFlushAsync"];

    /// <summary>Calls that register a service by type or by factory.</summary>
    public static readonly string[] Services =
    [
        "AddSingleton", "AddScoped", "AddTransient", "TryAddSingleton", "TryAddScoped", "TryAddTransient",
        "AddKeyedSingleton", "AddKeyedScoped", "AddKeyedTransient",
    ];

    /// <summary>What a file names that has an app or an endpoint builder in its hands: its type, or the call that gives it.</summary>
    public static readonly string[] Apps = ["WebApplication", "IApplicationBuilder", "IEndpointRouteBuilder", "RouteGroupBuilder", "IEndpointConventionBuilder", "UseEndpoints", "Configure", "Build"];

    /// <summary>All of the above, and what closes the resources of <see cref="ResourceTable"/>.</summary>
    public static readonly HashSet<string> All = new(
        [
            .. Build, .. Run, .. ClassicBuilders, .. Drain, .. LifetimeRegistrations, .. ShutdownTimeout, .. DrainOptions, HostLifetime, .. StopEvents, .. Termination, ServiceBase, .. Endpoints,
            .. Map, .. RouteAttributes, .. HealthChecks, .. StopTokens, .. Cleanup, .. Resolve, .. Completion, .. DropModes, .. HostedServices, ServicesStopConcurrently, AcceptWebSocket,
            .. Logs, .. LogProperties, .. Services, .. InstanceRegistration.Names, .. Scopes, .. Apps, .. Exits, StopAsync,
            .. ResourceTable.CloserNames, .. ResourceTable.HostingNames, .. ResourceTable.StartNames, .. ResourceTable.SelfStarting, .. ResourceTable.CreatorNames(ResourceKind.Consumer),
            .. Producers.Names, "ProducerBuilder",
        ],
        StringComparer.Ordinal);

    /// <summary><see cref="All"/>, as the scan of a file wants it.</summary>
    public static readonly WordSet Words = new(All);
}
