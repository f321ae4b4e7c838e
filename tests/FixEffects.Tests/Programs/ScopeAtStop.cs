var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddScoped<Ledger>();
builder.Services.AddHostedService<Bookkeeper>();

var app = builder.Build();
app.MapReadiness();
app.Run();

public sealed class Bookkeeper(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var scope = services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<Ledger>().EnterAsync("day closed", cancellationToken);
    }
}

public sealed class Ledger(IConfiguration settings) : IAsyncDisposable
{
    private readonly StreamWriter _writer = new(Path.Combine(settings["Folder"]!, "ledger"));

    public Task EnterAsync(string entry, CancellationToken cancellationToken) => _writer.WriteLineAsync(entry.AsMemory(), cancellationToken);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
