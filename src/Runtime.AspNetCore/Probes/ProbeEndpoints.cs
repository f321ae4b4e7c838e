using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>What the two probes answer.</summary>
internal static class ProbeEndpoints
{
    /// <summary>The tag of the health checks that readiness runs.</summary>
    public const string ReadyTag = "ready";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, RequestDelegate answer, string call)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        if (endpoints.ServiceProvider.GetService<ProbeRoutes>() is not { } routes)
        {
            throw new InvalidOperationException($"{call} needs the drain sequence's request part: call AddGracefulShutdown() on the WebApplicationBuilder, or UseGracefulShutdown() on the web host's builder.");
        }

        routes.Add(endpoints, pattern, call);
        return endpoints.MapMethods(pattern, Methods, answer).WithDisplayName($"{call} {pattern}").ExemptFromDrain();
    }

    public static Task LiveAsync(HttpContext request) => AnswerAsync(request, StatusCodes.Status200OK, "Healthy");

    public static async Task ReadyAsync(HttpContext request)
    {
        if (request.RequestServices.GetRequiredService<Readiness>().Refuses())
        {
            await AnswerAsync(request, StatusCodes.Status503ServiceUnavailable, "Draining").ConfigureAwait(false);
            return;
        }

        HealthStatus status = HealthStatus.Healthy;
        if (request.RequestServices.GetService<HealthCheckService>() is { } checks)
        {
            HealthReport report = await checks.CheckHealthAsync(static check => check.Tags.Contains(ReadyTag), request.RequestAborted).ConfigureAwait(false);
            status = report.Status;
        }

        await AnswerAsync(request, status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK, status.ToString()).ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext request, int status, string text)
    {
        request.Response.StatusCode = status;
        request.Response.ContentType = "text/plain";
        request.Response.Headers.CacheControl = "no-store, no-cache";
        return HttpMethods.IsHead(request.Request.Method) ? Task.CompletedTask : request.Response.WriteAsync(text, Encoding.UTF8);
    }
}
