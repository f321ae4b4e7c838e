using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>A service that fixes call.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Name">The type's simple name.</param>
/// <param name="Namespace">The type's namespace.</param>
/// <param name="Parameter">The name that a parameter of it gets.</param>
internal sealed record Service(KnownType Type, string Name, string Namespace, string Parameter)
{
    public static readonly Service HostLifetime = new(KnownType.IHostApplicationLifetime, "IHostApplicationLifetime", "Microsoft.Extensions.Hosting", "lifetime");

    /// <summary>The request, which the routing gives to a handler that asks for it.</summary>
    public static readonly Service Request = new(KnownType.HttpContext, "HttpContext", "Microsoft.AspNetCore.Http", "context");

    public static readonly Service GracefulShutdown = new(KnownType.IGracefulShutdown, "IGracefulShutdown", "ShutdownAnalyzers.Runtime", "shutdown");
}

/// <summary>Where a fix may take a service from; what is in reach already is always tried first.</summary>
[Flags]
internal enum ServiceSources
{
    /// <summary>A parameter, field, property or local of the type, or one that has it: an app, a host, a provider.</summary>
    Reach = 0,

    /// <summary>A new parameter of the handler, which is bound from the services.</summary>
    Parameter = 1,

    /// <summary>A new parameter of the constructor of the class, which the container creates.</summary>
    Constructor = 2,
}
