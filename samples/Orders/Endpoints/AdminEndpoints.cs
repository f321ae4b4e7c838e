namespace Orders.Endpoints;

public static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/admin/restart", (ILogger<Program> logger) =>
        {
            // The orchestrator starts the process again, with the new settings.
            logger.LogWarning("An administrator asked for a restart");
            Environment.Exit(0);
        });
}
