using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>
/// Every member of the public contract, used by position, by name and by default, with the types written out: a change of a name, a type, an order or a default breaks the build here, and with it the callers' builds.
/// Compiled by these tests for .NET 10, and by the service of the end-to-end tests for .NET 8.
/// </summary>
internal static class ContractUse
{
    public static void Registrations(IHostApplicationBuilder application, IHostBuilder host, IServiceCollection services, IWebHostBuilder webHost, WebApplicationBuilder web)
    {
        Action<GracefulShutdownOptions>? configure = Options;

        IHostApplicationBuilder a1 = application.AddGracefulShutdown();
        IHostApplicationBuilder a2 = application.AddGracefulShutdown(configure);
        IHostApplicationBuilder a3 = application.AddGracefulShutdown(configure: null);
        IHostApplicationBuilder a4 = GracefulShutdownHostingExtensions.AddGracefulShutdown(builder: application, configure: configure);

        IHostBuilder h1 = host.UseGracefulShutdown();
        IHostBuilder h2 = host.UseGracefulShutdown(configure);
        IHostBuilder h3 = GracefulShutdownHostingExtensions.UseGracefulShutdown(builder: host, configure: null);

        IServiceCollection s1 = services.AddGracefulShutdown();
        IServiceCollection s2 = services.AddGracefulShutdown(configure);
        IServiceCollection s3 = GracefulShutdownServiceCollectionExtensions.AddGracefulShutdown(services: services, configure: null);

        Func<Pool, CancellationToken, ValueTask> cleanup = (pool, token) => pool.CloseAsync(token);
        IServiceCollection c1 = services.AddShutdownCleanup<Pool>("pool", cleanup);
        IServiceCollection c2 = services.AddShutdownCleanup<Pool>("pool", cleanup, CleanupStage.Flush);
        IServiceCollection c3 = services.AddShutdownCleanup<Pool>("pool", cleanup, CleanupStage.StopIntake, TimeSpan.FromSeconds(1));
        IServiceCollection c4 = services.AddShutdownCleanup<Pool>(name: "pool", cleanup: cleanup, stage: CleanupStage.Close, timeout: null);
        IServiceCollection c5 = services.AddShutdownCleanup<Pool>("pool", (pool, token) => pool.CloseAsync(token), timeout: TimeSpan.FromSeconds(1));
        IServiceCollection c6 = services.AddShutdownCleanup<Pool>("pool", async (pool, token) => await pool.CloseAsync(token));
        IServiceCollection c7 = services.AddShutdownCleanup("pool", cleanup);

        IHealthChecksBuilder checks = services.AddHealthChecks();
        IHealthChecksBuilder k1 = checks.AddShutdownCheck();
        IHealthChecksBuilder k2 = checks.AddShutdownCheck("stopping");
        IHealthChecksBuilder k3 = checks.AddShutdownCheck("stopping", "ready", "lb");
        IHealthChecksBuilder k4 = checks.AddShutdownCheck(name: "stopping", tags: ["ready"]);
        IHealthChecksBuilder k5 = GracefulShutdownHealthChecksExtensions.AddShutdownCheck(builder: checks, tags: ["ready"]);

        IWebHostBuilder w1 = webHost.UseGracefulShutdown();
        IWebHostBuilder w2 = webHost.UseGracefulShutdown(configure);
        IWebHostBuilder w3 = GracefulShutdownWebHostBuilderExtensions.UseGracefulShutdown(builder: webHost, configure: null);

        WebApplicationBuilder b1 = web.AddGracefulShutdown();
        WebApplicationBuilder b2 = web.AddGracefulShutdown(configure);
        WebApplicationBuilder b3 = GracefulShutdownWebApplicationExtensions.AddGracefulShutdown(builder: web, configure: null);
    }

    public static void Endpoints(IEndpointRouteBuilder endpoints, RouteHandlerBuilder handler)
    {
        IEndpointConventionBuilder r1 = endpoints.MapReadiness();
        IEndpointConventionBuilder r2 = endpoints.MapReadiness("/ready");
        IEndpointConventionBuilder r3 = GracefulShutdownWebApplicationExtensions.MapReadiness(endpoints: endpoints, pattern: "/ready");
        IEndpointConventionBuilder l1 = endpoints.MapLiveness();
        IEndpointConventionBuilder l2 = endpoints.MapLiveness("/live");
        IEndpointConventionBuilder l3 = GracefulShutdownWebApplicationExtensions.MapLiveness(endpoints: endpoints, pattern: "/live");
        RouteHandlerBuilder e1 = handler.ExemptFromDrain();
        IEndpointConventionBuilder e2 = r1.ExemptFromDrain<IEndpointConventionBuilder>();
        RouteHandlerBuilder e3 = GracefulShutdownWebApplicationExtensions.ExemptFromDrain(builder: handler);
    }

    public static CancellationToken Requests(HttpContext context)
    {
        CancellationToken token = context.GetDrainToken();
        return token.CanBeCanceled ? token : DrainHttpContextExtensions.GetDrainToken(context: context);
    }

    public static async Task ShutdownAsync(IGracefulShutdown shutdown)
    {
        DrainPhase phase = shutdown.Phase;
        bool isDraining = shutdown.IsDraining;
        CancellationToken draining = shutdown.Draining;
        CancellationToken graceOver = shutdown.GraceOver;
        Func<CancellationToken, ValueTask> cleanup = _ => ValueTask.CompletedTask;
        shutdown.OnCleanup("pool", cleanup);
        shutdown.OnCleanup("pool", cleanup, CleanupStage.Flush);
        shutdown.OnCleanup("pool", cleanup, CleanupStage.StopIntake, TimeSpan.FromSeconds(1));
        shutdown.OnCleanup(name: "pool", cleanup: cleanup, stage: CleanupStage.Close, timeout: null);
        shutdown.OnCleanup("pool", async token => await Task.Delay(1, token), timeout: TimeSpan.FromSeconds(1));
        Func<CancellationToken, Task> work = token => Task.Delay(1, token);
        shutdown.Track("work", work);
        shutdown.Track(name: "work", work: async token => await Task.Delay(1, token));
        Task first = shutdown.StartAsync("rollout");
        await first;
        await shutdown.StartAsync("rollout", CancellationToken.None);
        await shutdown.StartAsync(reason: "rollout", cancellationToken: CancellationToken.None);
        _ = (phase, isDraining, draining, graceOver);
    }

    public static async Task WithoutAHostAsync()
    {
        using ShutdownSignal signal = ShutdownSignal.Register();
        IDisposable disposable = signal;
        CancellationToken token = signal.Token;
        Task first = signal.WaitAsync();
        Task second = signal.WaitAsync(token);
        Task third = signal.WaitAsync(cancellationToken: CancellationToken.None);
        await Task.WhenAny(first, second, third, Task.CompletedTask);
        disposable.Dispose();
    }

    public static string Words(DrainPhase phase, CleanupStage stage, LateRequests late, ReadinessMode mode) =>
        phase switch
        {
            DrainPhase.Running or DrainPhase.Announce or DrainPhase.Shed or DrainPhase.Refuse or DrainPhase.Stop or DrainPhase.CleanUp or DrainPhase.Exit => $"{phase}",
            _ => "?",
        }
        + stage switch { CleanupStage.StopIntake or CleanupStage.Flush or CleanupStage.Close => $"{stage}", _ => "?" }
        + late switch { LateRequests.CloseListener or LateRequests.Refuse => $"{late}", _ => "?" }
        + mode switch { ReadinessMode.Immediate or ReadinessMode.AfterDelay or ReadinessMode.Never => $"{mode}", _ => "?" };

    public static void Options(GracefulShutdownOptions options)
    {
        TimeSpan delay = options.DrainDelay, requests = options.RequestTimeout, cleanup = options.CleanupTimeout;
        TimeSpan? shedAfter = options.ShedAfter, grace = options.PlatformGrace;
        options.DrainDelay = delay;
        options.ShedAfter = shedAfter;
        options.RequestTimeout = requests;
        options.CleanupTimeout = cleanup;
        options.PlatformGrace = grace;
        options.LateRequests = LateRequests.CloseListener;
        options.ReadinessMode = ReadinessMode.Immediate;
    }

    internal sealed class Pool
    {
        public ValueTask CloseAsync(CancellationToken token) => token.IsCancellationRequested ? ValueTask.FromCanceled(token) : ValueTask.CompletedTask;
    }

    /// <summary>An implementation with the contract's members alone, as somebody's test has it.</summary>
    internal sealed class Stub : IGracefulShutdown
    {
        public List<Func<CancellationToken, ValueTask>> Handlers { get; } = [];

        public DrainPhase Phase => DrainPhase.Running;

        public bool IsDraining => false;

        public CancellationToken Draining => CancellationToken.None;

        public CancellationToken GraceOver => CancellationToken.None;

        public Task StartAsync(string reason, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public void OnCleanup(string name, Func<CancellationToken, ValueTask> cleanup, CleanupStage stage = CleanupStage.Close, TimeSpan? timeout = null) => Handlers.Add(cleanup);

        public void Track(string name, Func<CancellationToken, Task> work)
        {
        }
    }
}
