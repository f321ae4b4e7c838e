using Npgsql;

namespace Orders.Data;

/// <summary>The read replica that reports run on, so that they don't slow the orders down. Opened by the first report.</summary>
public static class ReportDatabase
{
    private static NpgsqlDataSource? s_replica;

    public static NpgsqlDataSource? Open(IConfiguration configuration)
    {
        if (s_replica is null && configuration.GetConnectionString("Reports") is { } connectionString)
            s_replica = NpgsqlDataSource.Create(connectionString);
        return s_replica;
    }
}
