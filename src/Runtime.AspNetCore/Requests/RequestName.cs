using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Names a request by its method and route pattern: the path itself may hold what has no place in a log.</summary>
internal static class RequestName
{
    public static string Of(HttpContext request)
    {
        try
        {
            string route = request.GetEndpoint() switch
            {
                RouteEndpoint { RoutePattern.RawText: { } pattern } => "/" + pattern.TrimStart('/'),
                { DisplayName: { } name } => name,
                _ => "(no endpoint)",
            };
            return $"{request.Request.Method} {route}";
        }
        catch (Exception e) when (e is ObjectDisposedException or NullReferenceException or InvalidOperationException)
        {
            // It is read from another thread than the request's, which may have just ended it.
            return "(ended)";
        }
    }
}
