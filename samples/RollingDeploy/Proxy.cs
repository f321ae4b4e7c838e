using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace RollingDeploy;

/// <summary>
/// The load balancer: YARP in this process. It asks every instance's readiness once a second, takes an instance out after two bad answers
/// and retries nothing, so that each request that goes to a dead instance is lost.
/// </summary>
internal sealed class Proxy : IAsyncDisposable
{
    private const string Cluster = "orders";
    private const int FailuresToLeave = 2;
    private static readonly TimeSpan s_probeInterval = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private Proxy(WebApplication app) => _app = app;

    public static string Description =>
        $"YARP, round robin, readiness probed every {s_probeInterval.TotalSeconds:0} s, out after {FailuresToLeave} failed probes, no retries";

    public Uri Address => new(_app.Urls.Single());

    public static async Task<Proxy> StartAsync(IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        // The empty builder: neither the environment nor a settings file of the current folder changes how the proxy works.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = Cluster, ClusterId = Cluster, Match = new RouteMatch { Path = "{**path}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = Cluster,
                    LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
                    Destinations = instances.ToDictionary(instance => instance.Name, instance => new DestinationConfig { Address = instance.Address }),
                    HealthCheck = new HealthCheckConfig
                    {
                        Active = new ActiveHealthCheckConfig
                        {
                            Enabled = true,
                            Path = "/health/ready",
                            Interval = s_probeInterval,
                            Timeout = TimeSpan.FromSeconds(5),
                            Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                        },
                    },
                    Metadata = new Dictionary<string, string>
                    {
                        [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = FailuresToLeave.ToString(),
                    },
                },
            ]);

        var app = builder.Build();
        app.UseRouting();
        app.MapReverseProxy();
        await app.StartAsync(cancellationToken);
        return new Proxy(app);
    }

    /// <summary>Whether the proxy would send a request to the instance.</summary>
    public bool Uses(Instance instance) =>
        _app.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster(Cluster, out var cluster)
        && cluster.DestinationsState.AvailableDestinations.Any(destination => destination.DestinationId == instance.Name
            && destination.Health.Active == DestinationHealth.Healthy);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
