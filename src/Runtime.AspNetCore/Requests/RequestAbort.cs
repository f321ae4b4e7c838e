using Microsoft.AspNetCore.Http;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Aborts a request that another thread serves.</summary>
internal static class RequestAbort
{
    public static void Try(HttpContext request)
    {
        try { request.Abort(); }
        catch (Exception e) when (e is ObjectDisposedException or NullReferenceException or InvalidOperationException)
        {
            // It ended between the look and the abort.
        }
    }
}
