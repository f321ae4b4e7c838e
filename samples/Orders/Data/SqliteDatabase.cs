using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Orders.Data;

public sealed class SqliteDatabase(string connectionString) : OrderDatabase
{
    public override async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);

        // Several instances share the file: readers don't wait for the writer, and writers wait for each other.
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000;";
        await command.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }
}
