using Microsoft.AspNetCore.Mvc;

namespace Quiet.StartupApi;

public sealed class Startup
{
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddControllers();
        services.AddHealthChecks();
    }

    public void Configure(IApplicationBuilder app)
    {
        app.UseRouting();
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapControllers();
            endpoints.MapReadiness();
            endpoints.MapLiveness();
        });
    }
}

[ApiController]
[Route("orders")]
public sealed class OrdersController(IHostApplicationLifetime lifetime, ILogger<OrdersController> logger) : ControllerBase
{
    [HttpGet]
    public IActionResult List() => Ok(Array.Empty<string>());

    [HttpPost("{id}/cancel")]
    public async Task<IActionResult> CancelAsync(string id, CancellationToken cancellationToken)
    {
        await Task.Delay(10, cancellationToken);
        logger.LogInformation("{Order} is cancelled.", id);
        return NoContent();
    }

    [HttpPost("/admin/shutdown")]
    public IActionResult Shutdown()
    {
        lifetime.StopApplication();
        return Accepted();
    }
}
