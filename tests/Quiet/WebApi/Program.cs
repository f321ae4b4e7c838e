using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Quiet.WebApi;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<Catalogue>();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddHttpClient();
builder.Services.AddHostedService<PriceRefresh>();
builder.Services.AddHealthChecks().AddShutdownCheck();
builder.AddGracefulShutdown(options => options.DrainDelay = TimeSpan.FromSeconds(5));

var app = builder.Build();
app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
app.MapLiveness();

var items = app.MapGroup("/items");
items.MapGet("/", (Catalogue catalogue) => catalogue.All());
items.MapGet("/{id:int}", (int id, Catalogue catalogue) => catalogue.Find(id) is { } item ? Results.Ok(item) : Results.NotFound());

// The stream ends with the drain, not with the client alone.
items.MapGet("/changes", async (HttpContext context, Catalogue catalogue) =>
{
    context.Response.ContentType = "text/event-stream";
    var stop = context.GetDrainToken();
    try
    {
        await foreach (var change in catalogue.ChangesAsync(stop))
            await context.Response.WriteAsync($"data: {change}\n\n", stop);
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        // The client reconnects elsewhere.
    }
});

// An administrator's stop asks the host, with a code of its own.
app.MapPost("/admin/stop", (IHostApplicationLifetime lifetime) =>
{
    Environment.ExitCode = 3;
    lifetime.StopApplication();
    return Results.Accepted();
});

if (args is ["--check"])
{
    // Before the host runs there is nothing to drain.
    Environment.Exit(app.Services.GetRequiredService<Catalogue>().All().Count > 0 ? 0 : 1);
}

app.Run();
