using Orders.Data;
using Orders.Payments;

namespace Orders.Endpoints;

public static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder endpoints)
    {
        var orders = endpoints.MapGroup("/orders");
        orders.MapPost("/", CreateAsync);
        orders.MapGet("/{id}", FindAsync);
        orders.MapGet("/", LatestAsync);
    }

    private static async Task<IResult> CreateAsync(
        NewOrder order, OrderRepository repository, PaymentClient payments, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(order.Customer) || string.IsNullOrWhiteSpace(order.Product) || order.Quantity is < 1 or > 1000)
            return Results.BadRequest("An order names its customer, its product and a quantity from 1 to 1000.");

        var total = await payments.ChargeAsync(order, cancellationToken);
        var created = new Order(
            Guid.CreateVersion7().ToString("N"), order.Customer, order.Product, order.Quantity, total, Order.Paid, DateTimeOffset.UtcNow);

        // The customer has paid: whether the client is still there doesn't matter any more.
        await repository.AddAsync(created, CancellationToken.None);
        return Results.Created($"/orders/{created.Id}", created);
    }

    private static async Task<IResult> FindAsync(
        string id, OrderRepository repository, PaymentClient payments, CancellationToken cancellationToken)
    {
        if (await repository.FindAsync(id, cancellationToken) is not { } order)
            return Results.NotFound();

        await payments.CheckAsync(order, cancellationToken);
        return Results.Ok(order);
    }

    private static Task<List<Order>> LatestAsync(OrderRepository repository, CancellationToken cancellationToken) =>
        repository.LatestAsync(20, cancellationToken);
}
