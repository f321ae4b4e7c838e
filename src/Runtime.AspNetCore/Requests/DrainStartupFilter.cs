using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Puts the drain first in the pipeline, ahead of everything that the application adds.</summary>
internal sealed class DrainStartupFilter(DrainMiddleware middleware) : IStartupFilter
{
    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(pipeline => request => middleware.InvokeAsync(request, pipeline));
        next(app);
    };
}
