using Npgsql;

namespace Orders.Data;

/// <summary>The read replica that reports run on, so that they don't slow the orders down.</summary>
public static class ReportDatabase
{
    /// <summary>Opened by the first report; null without a replica.</summary>
    public static NpgsqlDataSource? Replica { get; private set; }

    public static NpgsqlDataSource? Open(IConfiguration configuration)
    {
        if (Replica is null && configuration.GetConnectionString("Reports") is { } connectionString)
            Replica = NpgsqlDataSource.Create(connectionString);
        return Replica;
    }
}
