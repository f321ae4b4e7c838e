using Orders.Data;

namespace Orders.Endpoints;

public static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/reports/sales", async (IConfiguration configuration, OrderRepository orders, CancellationToken cancellationToken) =>
        {
            // Without a replica the orders' own database has to do.
            var reports = ReportDatabase.Open(configuration) is { } replica
                ? new OrderRepository(replica)
                : orders;
            return await reports.SalesAsync(cancellationToken);
        });
}
