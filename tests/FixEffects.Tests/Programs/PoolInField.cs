using Npgsql;

var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
var looked = Path.Combine(builder.Configuration["Folder"]!, "looked");

// Holds the process until its connections have been counted.
AppDomain.CurrentDomain.ProcessExit += (_, _) =>
{
    Console.WriteLine("holding");
    SpinWait.SpinUntil(() => File.Exists(looked), TimeSpan.FromSeconds(6));
};

var app = builder.Build();
app.MapGet("/", async () =>
{
    await using var command = Pools.Orders.CreateCommand("select 1");
    return (int)(await command.ExecuteScalarAsync())!;
});
app.MapReadiness();
app.Run();

internal static class Pools
{
    public static readonly NpgsqlDataSource Orders = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable("Server")!);
}
