using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>The next best thing to a drain token, in an application without the drain sequence.</summary>
internal static class StopToken
{
    public static CancellationToken Of(HttpContext request)
    {
        if (request.RequestServices.GetService<IHostApplicationLifetime>() is not { } lifetime) return request.RequestAborted;
        var source = CancellationTokenSource.CreateLinkedTokenSource(request.RequestAborted, lifetime.ApplicationStopping);
        request.Response.RegisterForDispose(source);
        return source.Token;
    }
}
