namespace ShutdownAnalyzers.HostModel;

/// <summary>Where a fix may take the host's lifetime from, as a fact of a diagnostic.</summary>
internal static class LifetimeSource
{
    /// <summary>The property that holds it.</summary>
    public const string Property = "lifetime";

    /// <summary>The host is stopping already: it need not be asked.</summary>
    public const string None = "none";

    /// <summary>What is in scope.</summary>
    public const string Reach = "reach";

    /// <summary>A parameter more of the handler.</summary>
    public const string Parameter = "parameter";

    /// <summary>A parameter more of the constructor.</summary>
    public const string Constructor = "constructor";

    /// <summary>The request's services.</summary>
    public const string Request = "request";

    public static string For(RunSite site) => site switch
    {
        { Callback.Event: StopEvent.ApplicationStopping or StopEvent.ApplicationStopped or StopEvent.ProcessExit } => None,
        { Callback: not null } => Reach,
        { By: RunBy.HostedService } => Constructor,
        { Handler: HandlerKind.Endpoint } => Parameter,
        { Handler: HandlerKind.Action or HandlerKind.Page or HandlerKind.Middleware or HandlerKind.Hub or HandlerKind.Grpc or HandlerKind.HealthCheck or HandlerKind.EndpointClass } => Constructor,
        { By: RunBy.Request } => Request,
        _ => Reach,
    };
}
