using System.Threading.Channels;
using Quiet.QueueConsumer;
using ShutdownAnalyzers.Runtime;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton(Channel.CreateBounded<Job>(100));
builder.Services.AddSingleton<JobIntake>();
builder.Services.AddHostedService<JobConsumer>();
builder.Services.AddHostedService<Archiver>();
builder.AddGracefulShutdown();

using var host = builder.Build();
var shutdown = host.Services.GetRequiredService<IGracefulShutdown>();
var intake = host.Services.GetRequiredService<JobIntake>();
shutdown.OnCleanup("intake", _ => intake.CloseAsync(), CleanupStage.StopIntake);
await host.RunAsync();
