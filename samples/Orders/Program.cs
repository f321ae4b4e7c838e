using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Npgsql;
using Orders.Data;
using Orders.Endpoints;
using Orders.Payments;
using Orders.Shipping;

var builder = WebApplication.CreateBuilder(args);

// A SQLite file unless the connection string names a PostgreSQL server.
var connectionString = builder.Configuration.GetConnectionString("Orders") ?? "Data Source=orders.db";
if (OrderDatabase.IsPostgreSql(connectionString))
{
    var dataSource = NpgsqlDataSource.Create(connectionString);
    builder.Services.AddSingleton(dataSource);
    builder.Services.AddSingleton<OrderDatabase, PostgreSqlDatabase>();
}
else
{
    builder.Services.AddSingleton<OrderDatabase>(new SqliteDatabase(connectionString));
}

builder.Services.AddSingleton<OrderRepository>();
builder.Services.AddSingleton<PaymentClient>();
builder.Services.Configure<ShippingOptions>(builder.Configuration.GetSection("Shipping"));
builder.Services.AddHostedService<ShippingWorker>();
builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database", tags: ["ready"]);

var app = builder.Build();

await app.Services.GetRequiredService<OrderRepository>().CreateSchemaAsync();

app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
app.MapOrders();
app.MapReports();
app.MapAdmin();

app.Run();
