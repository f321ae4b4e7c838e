using System.Data.Common;
using Npgsql;

namespace Orders.Data;

public sealed class PostgreSqlDatabase(NpgsqlDataSource dataSource) : OrderDatabase
{
    public override async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken) =>
        await dataSource.OpenConnectionAsync(cancellationToken);
}
