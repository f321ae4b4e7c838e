using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Orders.Data;
using Orders.Endpoints;
using Orders.Payments;
using Orders.Shipping;

var builder = WebApplication.CreateBuilder(args);

var database = OrderDatabase.Open(builder.Configuration.GetConnectionString("Orders") ?? "Data Source=orders.db");
builder.Services.AddSingleton(database);
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
