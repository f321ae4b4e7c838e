using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>What happens to a request at the door. While nothing drains it is noted and passed on, without an allocation.</summary>
internal sealed class DrainMiddleware(RequestDrain requests, DrainExemption exemption)
{
    public Task InvokeAsync(HttpContext request, RequestDelegate pipeline)
    {
        requests.Enter(request);
        return requests.Phase switch
        {
            DrainPhase.Running or DrainPhase.Announce => pipeline(request),
            DrainPhase.Refuse => exemption.IsExempt(request) ? pipeline(request) : Refuse(request),
            _ => pipeline(request),
        };
    }

    /// <summary>Answers 503 and closes the connection, with a different wait for each client, so that they don't all come back at once.</summary>
    internal static Task Refuse(HttpContext request)
    {
        request.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        request.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        request.Response.Headers.RetryAfter = Random.Shared.Next(1, 6).ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }
}
