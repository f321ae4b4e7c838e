using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Orders.Data;

public static class OrderDatabase
{
    /// <summary>A PostgreSQL server where the connection string names a host, else the SQLite file that it names.</summary>
    public static DbDataSource Open(string connectionString)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return settings.ContainsKey("Host") || settings.ContainsKey("Server")
            ? NpgsqlDataSource.Create(connectionString)
            : SqliteFactory.Instance.CreateDataSource(connectionString);
    }
}
