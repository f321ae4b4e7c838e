using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Marks an endpoint that the drain neither refuses nor waits for.</summary>
internal sealed class DrainExemptMetadata
{
    public static DrainExemptMetadata Instance { get; } = new();
}

/// <summary>
/// The one predicate that says which requests the drain leaves alone. Refusing and counting both ask it: an answer that differed would let the wait for the last request never end. Asked only while draining.
/// </summary>
internal sealed class DrainExemption(IServiceProvider services)
{
    private readonly Lazy<TemplateMatcher[]> _routes = new(() => FindRoutes(services));

    /// <summary>Whether the drain refuses, waits for and counts the request.</summary>
    public bool IsCounted(HttpContext request) => !IsExempt(request);

    public bool IsExempt(HttpContext request)
    {
        try
        {
            if (request.GetEndpoint() is { } endpoint) return endpoint.Metadata.GetMetadata<DrainExemptMetadata>() is not null;

            // Ahead of routing, where refusing has to take place, the path is all there is.
            PathString path = request.Request.Path;
            foreach (TemplateMatcher route in _routes.Value)
            {
                if (route.TryMatch(path, new RouteValueDictionary())) return true;
            }

            return false;
        }
        catch (Exception e) when (e is ObjectDisposedException or NullReferenceException or InvalidOperationException)
        {
            // A request that is looked at from outside may end meanwhile; one that has ended needs no wait.
            return true;
        }
    }

    private static TemplateMatcher[] FindRoutes(IServiceProvider services) =>
    [
        .. services.GetService<EndpointDataSource>()?.Endpoints
            .OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<DrainExemptMetadata>() is not null)
            .Select(e => new TemplateMatcher(new RouteTemplate(e.RoutePattern), new RouteValueDictionary(e.RoutePattern.Defaults))) ?? [],
    ];
}
