using System.Data.Common;

namespace Orders.Data;

/// <summary>Where the orders are kept. The SQL is the same for both databases.</summary>
public abstract class OrderDatabase
{
    public abstract ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>PostgreSQL's connection strings name a host; SQLite's name a file.</summary>
    public static bool IsPostgreSql(string connectionString)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return settings.ContainsKey("Host") || settings.ContainsKey("Server");
    }
}
