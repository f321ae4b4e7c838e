using Hangfire;
using Hangfire.InMemory;
using HangfireWorker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddSingleton<JobStorage, InMemoryStorage>();
builder.Services.AddHostedService<HangfireParticipant>();
builder.Services.AddDrainParticipant<HangfireParticipant>();
var host = builder.Build();

var jobs = new BackgroundJobClient(host.Services.GetRequiredService<JobStorage>());
foreach (var order in builder.Configuration["Orders"]?.Split(',') ?? [])
    jobs.Enqueue(() => Packing.Pack(order));
host.Run();

/// <summary>The jobs of the orders that the setting names.</summary>
public static class Packing
{
    public static void Pack(string order)
    {
        Console.WriteLine($"packing {order} begins");
        Thread.Sleep(1500);
        Console.WriteLine($"packing {order} ends");
    }
}
