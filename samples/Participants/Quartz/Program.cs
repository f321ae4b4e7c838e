using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;
using QuartzWorker;

var builder = Host.CreateApplicationBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddQuartz(quartz => quartz.ScheduleJob<PackOrder>(trigger => trigger.StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromSeconds(1)).RepeatForever())));
builder.Services.AddQuartzHostedService();
builder.Services.AddDrainParticipant<QuartzParticipant>();
builder.Build().Run();

/// <summary>Not interrupted by the drain, which waits for it.</summary>
[DisallowConcurrentExecution]
internal sealed class PackOrder : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        Console.WriteLine("packing begins");
        await Task.Delay(1500, cancellationToken);
        Console.WriteLine("packing ends");
    }
}
