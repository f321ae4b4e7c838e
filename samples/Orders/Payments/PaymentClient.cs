namespace Orders.Payments;

/// <summary>Stands for the payment provider: answers as late as a provider does.</summary>
public sealed class PaymentClient
{
    public async Task<long> ChargeAsync(NewOrder order, CancellationToken cancellationToken)
    {
        await Task.Delay(Random.Shared.Next(60, 200), cancellationToken);
        return order.Quantity * 1_995L;
    }

    public Task CheckAsync(Order order, CancellationToken cancellationToken) =>
        order.Status == Order.Shipped ? Task.CompletedTask : Task.Delay(Random.Shared.Next(20, 80), cancellationToken);
}
