using Quiet.SystemdService;

// The lifetime first, the drain after it: it wraps what is registered.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSystemd();
builder.Services.AddHostedService<Watch>();
builder.Services.AddHostedService<Worker>();
builder.AddGracefulShutdown();

var host = builder.Build();
await host.StartAsync();
await host.WaitForShutdownAsync();
