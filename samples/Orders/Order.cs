namespace Orders;

public sealed record Order(string Id, string Customer, string Product, int Quantity, long TotalCents, string Status, DateTimeOffset CreatedAt)
{
    public const string Paid = "paid";
    public const string Shipped = "shipped";
}

public sealed record NewOrder(string Customer, string Product, int Quantity);

public sealed record Sales(string Product, long Orders, long TotalCents);
