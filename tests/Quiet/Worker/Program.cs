using Quiet.Worker;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(25));
builder.Services.AddHostedService<Sweeper>();
builder.Services.AddHostedService<Heartbeat>();
builder.Services.AddHostedService<Gauges>();
builder.AddGracefulShutdown();

await builder.Build().RunAsync();
