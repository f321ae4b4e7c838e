using Hangfire;
using Quartz;
using Quiet.Schedule;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddQuartz(quartz => quartz.ScheduleJob<Sweep>(trigger => trigger.WithCronSchedule("0 * * * * ?")));
builder.Services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
builder.Services.AddHangfire(hangfire => hangfire.UseInMemoryStorage());
builder.Services.AddHangfireServer(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
builder.Services.AddHostedService<Reminders>();
builder.AddGracefulShutdown();

var host = builder.Build();
await host.RunAsync();
