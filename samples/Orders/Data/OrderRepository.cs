using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Orders.Data;

public sealed class OrderRepository(DbDataSource database)
{
    private const string Columns = "id, customer, product, quantity, total_cents, status, created_at";

    public async Task CreateSchemaAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (connection is SqliteConnection)
        {
            // Readers don't wait for the writer: several instances share the file.
            await using var journal = Command(connection, "PRAGMA journal_mode = WAL");
            await journal.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = Command(
            connection,
            """
            CREATE TABLE IF NOT EXISTS orders (
                id varchar(32) PRIMARY KEY,
                customer varchar(200) NOT NULL,
                product varchar(200) NOT NULL,
                quantity int NOT NULL,
                total_cents bigint NOT NULL,
                status varchar(20) NOT NULL,
                created_at bigint NOT NULL);
            CREATE INDEX IF NOT EXISTS orders_by_status ON orders (status, id);
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task AddAsync(Order order, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = Command(
            connection,
            $"INSERT INTO orders ({Columns}) VALUES (@id, @customer, @product, @quantity, @total, @status, @created)",
            ("@id", order.Id),
            ("@customer", order.Customer),
            ("@product", order.Product),
            ("@quantity", order.Quantity),
            ("@total", order.TotalCents),
            ("@status", order.Status),
            ("@created", order.CreatedAt.ToUnixTimeMilliseconds()));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<Order?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var found = await ReadAsync($"SELECT {Columns} FROM orders WHERE id = @id", ToOrder, cancellationToken, ("@id", id));
        return found.SingleOrDefault();
    }

    public Task<List<Order>> LatestAsync(int count, CancellationToken cancellationToken) =>
        ReadAsync($"SELECT {Columns} FROM orders ORDER BY id DESC LIMIT @count", ToOrder, cancellationToken, ("@count", count));

    public Task<List<Sales>> SalesAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            "SELECT product, count(*), CAST(sum(total_cents) AS bigint) FROM orders GROUP BY product ORDER BY product",
            row => new Sales(row.GetString(0), row.GetInt64(1), row.GetInt64(2)),
            cancellationToken);

    /// <summary>Marks the oldest paid orders as shipped; how many there were.</summary>
    public async Task<int> ShipAsync(int batchSize, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = Command(
            connection,
            "UPDATE orders SET status = @shipped WHERE id IN (SELECT id FROM orders WHERE status = @paid ORDER BY id LIMIT @count)",
            ("@shipped", Order.Shipped),
            ("@paid", Order.Paid),
            ("@count", batchSize));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<List<T>> ReadAsync<T>(
        string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    private static Order ToOrder(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetInt32(3),
        row.GetInt64(4),
        row.GetString(5),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));

    private static DbCommand Command(DbConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
