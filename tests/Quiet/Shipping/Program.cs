using Npgsql;
using Quiet.Platform;
using Quiet.Shipping;
using ShutdownAnalyzers.Runtime;
using StackExchange.Redis;

var builder = WebApplication.CreateBuilder(args);
builder.AddPlatformDefaults();

// Created by the container, so disposed by it.
builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect("redis:6379"));
builder.Services.AddSingleton<Parcels>();
builder.Services.AddSingleton<ParcelFeed>();
builder.Services.AddHostedService<CarrierPoll>();

// Created here, since the schema is checked before the host runs, and closed here.
await using var database = NpgsqlDataSource.Create("Host=parcels");
builder.Services.AddSingleton(database);

// Plain disposables that hold nothing beyond the process.
builder.Services.AddSingleton(new SemaphoreSlim(4));
builder.Services.AddSingleton(new HttpClient { BaseAddress = new Uri("https://carrier.example") });

var app = builder.Build();
app.UseWebSockets();
app.MapPlatformEndpoints();
app.MapParcels();

app.Lifetime.ApplicationStopping.Register(Announce);
app.Lifetime.ApplicationStopped.Register(static () => Console.WriteLine("Stopped."));

var shutdown = app.Services.GetRequiredService<IGracefulShutdown>();
shutdown.OnCleanup("parcels", app.Services.GetRequiredService<Parcels>().SaveAsync, CleanupStage.Flush);

app.Run();

void Announce() => app.Logger.LogInformation("Shipping drains.");
