using System.Globalization;
using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>The framework's and the runtime library's types that rules ask for.</summary>
internal enum KnownType
{
    IHost,
    IHostBuilder,
    IHostApplicationBuilder,
    HostApplicationBuilder,
    IHostedService,
    IHostedLifecycleService,
    BackgroundService,
    IHostLifetime,
    IHostApplicationLifetime,
    IApplicationLifetime,
    IHostingApplicationLifetime,
    IWebHost,
    IWebHostBuilder,
    WebApplication,
    WebApplicationBuilder,
    IServiceCollection,
    IServiceProvider,
    IApplicationBuilder,
    IEndpointRouteBuilder,
    IRouteTemplateProvider,
    IHealthCheck,
    IHealthChecksBuilder,
    HealthCheckOptions,
    HealthCheckRegistration,
    HealthCheckService,
    IGracefulShutdown,
    ShutdownSignal,
    PosixSignalRegistration,
    CancellationToken,
    Task,
    IDisposable,
    IAsyncDisposable,
    ControllerBase,
    ActionContext,
    IActionResult,
    PageModel,
    Hub,
    HttpContext,
    IResult,
    Environment,
    Process,
    AppDomain,
    Console,
    AssemblyLoadContext,
    Task1,
    ValueTask,
    ValueTask1,
    TaskFactory,
    CancellationTokenSource,
    OperationCanceledException,
    TaskCanceledException,
    Exception,
    Thread,
    ThreadPool,
    Timer,
    TimersTimer,
    PeriodicTimer,
    SemaphoreSlim,
    ManualResetEventSlim,
    CountdownEvent,
    WaitHandle,
    ChannelReader,
    ChannelWriter,
    BlockingCollection,
    TimeSpan,
    Timeout,
    HostOptions,
    GracefulShutdownOptions,
    ConfigureAwaitOptions,
    WebSocket,
    IAsyncEnumerable,
}

/// <summary>
/// Looks each type up once per compilation, on first use. The only place where a type is looked up by name.
/// </summary>
internal sealed class KnownTypes(Compilation compilation)
{
    private static readonly int Count = Enum.GetValues(typeof(KnownType)).Length;

    // A lookup that finds nothing is remembered too, as this marker.
    private static readonly object Missing = new();

    private readonly object?[] _types = new object?[Count];

    /// <summary>The type, or null where the compilation doesn't reference it.</summary>
    public INamedTypeSymbol? this[KnownType type]
    {
        get
        {
            var index = (int)type;
            var found = Volatile.Read(ref _types[index]);
            if (found is null)
            {
                found = LookUp(MetadataName(type)) ?? Missing;
                Volatile.Write(ref _types[index], found);
            }

            return found as INamedTypeSymbol;
        }
    }

    public bool Has(KnownType type) => this[type] is not null;

    public bool Is(ITypeSymbol? symbol, KnownType type) =>
        symbol is not null && SymbolEqualityComparer.Default.Equals(symbol.OriginalDefinition, this[type]);

    /// <summary>Whether <paramref name="symbol"/> is, derives from or implements the known type.</summary>
    public bool Inherits(ITypeSymbol? symbol, KnownType type)
    {
        if (symbol is null || this[type] is not { } known)
            return false;

        if (known.TypeKind == TypeKind.Interface)
        {
            if (Is(symbol, type))
                return true;

            foreach (var implemented in symbol.AllInterfaces)
            {
                if (SymbolEqualityComparer.Default.Equals(implemented.OriginalDefinition, known))
                    return true;
            }

            return symbol is ITypeParameterSymbol parameter && AnyConstraintInherits(parameter, type);
        }

        for (ITypeSymbol? current = symbol; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, known))
                return true;
        }

        return symbol is ITypeParameterSymbol typeParameter && AnyConstraintInherits(typeParameter, type);
    }

    /// <summary>Whether a value of the type is a host.</summary>
    public bool IsHost(ITypeSymbol? symbol) => Inherits(symbol, KnownType.IHost) || Inherits(symbol, KnownType.IWebHost);

    /// <summary>Whether a value of the type builds a host.</summary>
    public bool IsHostBuilder(ITypeSymbol? symbol) =>
        Inherits(symbol, KnownType.IHostBuilder) || Inherits(symbol, KnownType.IWebHostBuilder) || Inherits(symbol, KnownType.IHostApplicationBuilder);

    /// <summary>Whether a value of the type is a host or builds one.</summary>
    public bool IsHostOrBuilder(ITypeSymbol? symbol) => IsHost(symbol) || IsHostBuilder(symbol);

    private bool AnyConstraintInherits(ITypeParameterSymbol parameter, KnownType type)
    {
        foreach (var constraint in parameter.ConstraintTypes)
        {
            // "where T : T" doesn't compile, but must not loop here either.
            if (constraint is not ITypeParameterSymbol && Inherits(constraint, type))
                return true;
        }

        return false;
    }

    // By way of the namespaces, most of which the compiler has at hand: to ask every reference for a type that isn't there takes longer than all rules on code
    // without a host. The compilation's own form of a name goes before others; public ones can come from several references (a shim beside the framework).
    private INamedTypeSymbol? LookUp(string metadataName)
    {
        var path = metadataName.Split('.');
        if (Namespace(compilation.GlobalNamespace, path.AsSpan(0, path.Length - 1)) is not { } space)
            return null;

        var (name, arity) = path[path.Length - 1].Split('`') is [var generic, var count] ? (generic, int.Parse(count, CultureInfo.InvariantCulture)) : (path[path.Length - 1], 0);
        INamedTypeSymbol? found = null;
        foreach (var type in space.GetTypeMembers(name, arity))
        {
            if (SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly))
                return type;
            if (found is null && type.DeclaredAccessibility == Accessibility.Public)
                found = type;
        }

        return found;
    }

    /// <summary>The namespace of that path below another; null where there is none.</summary>
    public static INamespaceSymbol? Namespace(INamespaceSymbol root, ReadOnlySpan<string> path)
    {
        INamespaceSymbol? space = root;
        foreach (var name in path)
        {
            space = Inner(space, name);
            if (space is null)
                return null;
        }

        return space;
    }

    private static INamespaceSymbol? Inner(INamespaceSymbol space, string name)
    {
        foreach (var member in space.GetMembers(name))
        {
            if (member is INamespaceSymbol inner)
                return inner;
        }

        return null;
    }

    internal static string MetadataName(KnownType type) => type switch
    {
        KnownType.IHost => "Microsoft.Extensions.Hosting.IHost",
        KnownType.IHostBuilder => "Microsoft.Extensions.Hosting.IHostBuilder",
        KnownType.IHostApplicationBuilder => "Microsoft.Extensions.Hosting.IHostApplicationBuilder",
        KnownType.HostApplicationBuilder => "Microsoft.Extensions.Hosting.HostApplicationBuilder",
        KnownType.IHostedService => "Microsoft.Extensions.Hosting.IHostedService",
        KnownType.IHostedLifecycleService => "Microsoft.Extensions.Hosting.IHostedLifecycleService",
        KnownType.BackgroundService => "Microsoft.Extensions.Hosting.BackgroundService",
        KnownType.IHostLifetime => "Microsoft.Extensions.Hosting.IHostLifetime",
        KnownType.IHostApplicationLifetime => "Microsoft.Extensions.Hosting.IHostApplicationLifetime",
        KnownType.IApplicationLifetime => "Microsoft.Extensions.Hosting.IApplicationLifetime",
        KnownType.IHostingApplicationLifetime => "Microsoft.AspNetCore.Hosting.IApplicationLifetime",
        KnownType.IWebHost => "Microsoft.AspNetCore.Hosting.IWebHost",
        KnownType.IWebHostBuilder => "Microsoft.AspNetCore.Hosting.IWebHostBuilder",
        KnownType.WebApplication => "Microsoft.AspNetCore.Builder.WebApplication",
        KnownType.WebApplicationBuilder => "Microsoft.AspNetCore.Builder.WebApplicationBuilder",
        KnownType.IServiceCollection => "Microsoft.Extensions.DependencyInjection.IServiceCollection",
        KnownType.IServiceProvider => "System.IServiceProvider",
        KnownType.IApplicationBuilder => "Microsoft.AspNetCore.Builder.IApplicationBuilder",
        KnownType.IEndpointRouteBuilder => "Microsoft.AspNetCore.Routing.IEndpointRouteBuilder",
        KnownType.IRouteTemplateProvider => "Microsoft.AspNetCore.Mvc.Routing.IRouteTemplateProvider",
        KnownType.IHealthCheck => "Microsoft.Extensions.Diagnostics.HealthChecks.IHealthCheck",
        KnownType.IHealthChecksBuilder => "Microsoft.Extensions.DependencyInjection.IHealthChecksBuilder",
        KnownType.HealthCheckOptions => "Microsoft.AspNetCore.Diagnostics.HealthChecks.HealthCheckOptions",
        KnownType.HealthCheckRegistration => "Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckRegistration",
        KnownType.HealthCheckService => "Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService",
        KnownType.IGracefulShutdown => "ShutdownAnalyzers.Runtime.IGracefulShutdown",
        KnownType.ShutdownSignal => "ShutdownAnalyzers.Runtime.ShutdownSignal",
        KnownType.PosixSignalRegistration => "System.Runtime.InteropServices.PosixSignalRegistration",
        KnownType.CancellationToken => "System.Threading.CancellationToken",
        KnownType.Task => "System.Threading.Tasks.Task",
        KnownType.IDisposable => "System.IDisposable",
        KnownType.IAsyncDisposable => "System.IAsyncDisposable",
        KnownType.ControllerBase => "Microsoft.AspNetCore.Mvc.ControllerBase",
        KnownType.ActionContext => "Microsoft.AspNetCore.Mvc.ActionContext",
        KnownType.IActionResult => "Microsoft.AspNetCore.Mvc.IActionResult",
        KnownType.PageModel => "Microsoft.AspNetCore.Mvc.RazorPages.PageModel",
        KnownType.Hub => "Microsoft.AspNetCore.SignalR.Hub",
        KnownType.HttpContext => "Microsoft.AspNetCore.Http.HttpContext",
        KnownType.IResult => "Microsoft.AspNetCore.Http.IResult",
        KnownType.Environment => "System.Environment",
        KnownType.Process => "System.Diagnostics.Process",
        KnownType.AppDomain => "System.AppDomain",
        KnownType.Console => "System.Console",
        KnownType.AssemblyLoadContext => "System.Runtime.Loader.AssemblyLoadContext",
        KnownType.Task1 => "System.Threading.Tasks.Task`1",
        KnownType.ValueTask => "System.Threading.Tasks.ValueTask",
        KnownType.ValueTask1 => "System.Threading.Tasks.ValueTask`1",
        KnownType.TaskFactory => "System.Threading.Tasks.TaskFactory",
        KnownType.CancellationTokenSource => "System.Threading.CancellationTokenSource",
        KnownType.OperationCanceledException => "System.OperationCanceledException",
        KnownType.TaskCanceledException => "System.Threading.Tasks.TaskCanceledException",
        KnownType.Exception => "System.Exception",
        KnownType.Thread => "System.Threading.Thread",
        KnownType.ThreadPool => "System.Threading.ThreadPool",
        KnownType.Timer => "System.Threading.Timer",
        KnownType.TimersTimer => "System.Timers.Timer",
        KnownType.PeriodicTimer => "System.Threading.PeriodicTimer",
        KnownType.SemaphoreSlim => "System.Threading.SemaphoreSlim",
        KnownType.ManualResetEventSlim => "System.Threading.ManualResetEventSlim",
        KnownType.CountdownEvent => "System.Threading.CountdownEvent",
        KnownType.WaitHandle => "System.Threading.WaitHandle",
        KnownType.ChannelReader => "System.Threading.Channels.ChannelReader`1",
        KnownType.ChannelWriter => "System.Threading.Channels.ChannelWriter`1",
        KnownType.BlockingCollection => "System.Collections.Concurrent.BlockingCollection`1",
        KnownType.TimeSpan => "System.TimeSpan",
        KnownType.Timeout => "System.Threading.Timeout",
        KnownType.HostOptions => "Microsoft.Extensions.Hosting.HostOptions",
        KnownType.GracefulShutdownOptions => "ShutdownAnalyzers.Runtime.GracefulShutdownOptions",
        KnownType.WebSocket => "System.Net.WebSockets.WebSocket",
        KnownType.IAsyncEnumerable => "System.Collections.Generic.IAsyncEnumerable`1",
        KnownType.ConfigureAwaitOptions => "System.Threading.Tasks.ConfigureAwaitOptions",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This type has no metadata name yet: add it here."),
    };
}
