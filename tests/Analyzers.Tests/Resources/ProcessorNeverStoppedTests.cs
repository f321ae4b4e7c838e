using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Resources;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Resources;

public sealed class ProcessorNeverStoppedTests : RuleTest<ProcessorNeverStopped, ProcessorNeverStoppedFix>
{
    private static readonly Action<Code> Brokers = code => code.MoreReferences.AddRange([.. References.Brokers, .. References.Clients, References.StandIns]);

    [Fact]
    public Task LocalOfAHostedProgram() => FixesAsync(
        """
        using Azure.Messaging.ServiceBus;

        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        var host = builder.Build();

        var client = new ServiceBusClient("connection");
        var processor = client.CreateProcessor("orders");
        await processor.[|StartProcessingAsync|]();
        await host.RunAsync();
        """,
        """
        using Azure.Messaging.ServiceBus;
        using ShutdownAnalyzers.Runtime;

        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        var host = builder.Build();

        var client = new ServiceBusClient("connection");
        var processor = client.CreateProcessor("orders");
        host.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("service bus processor", async _ => await processor.StopProcessingAsync(), CleanupStage.StopIntake);
        await processor.StartProcessingAsync();
        await host.RunAsync();
        """,
        Brokers);

    [Fact]
    public Task FieldOfAHostedService() => FixesAsync(
        """
        using Azure.Messaging.ServiceBus;

        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        builder.Services.AddHostedService<Orders>();
        builder.Build().Run();

        public sealed class Orders : IHostedService
        {
            private readonly ServiceBusProcessor _processor;

            public Orders(ServiceBusClient client)
            {
                _processor = client.CreateProcessor("orders");
            }

            public async Task StartAsync(CancellationToken cancellationToken)
            {
                await _processor.[|StartProcessingAsync|](cancellationToken);
            }

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """,
        """
        using Azure.Messaging.ServiceBus;
        using ShutdownAnalyzers.Runtime;

        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        builder.Services.AddHostedService<Orders>();
        builder.Build().Run();

        public sealed class Orders : IHostedService
        {
            private readonly ServiceBusProcessor _processor;
            private readonly IGracefulShutdown _shutdown;

            public Orders(ServiceBusClient client, IGracefulShutdown shutdown)
            {
                _processor = client.CreateProcessor("orders");
                _shutdown = shutdown;
            }

            public async Task StartAsync(CancellationToken cancellationToken)
            {
                await _processor.StartProcessingAsync(cancellationToken);
                _shutdown.OnCleanup("service bus processor", async _ => await _processor.StopProcessingAsync(), CleanupStage.StopIntake);
            }

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }
        """,
        Brokers);

    [Fact]
    public Task FixAllInAProgramWithoutAHost() => FixesAsync(
        """
        using Hangfire;
        using Quartz;

        public static class Program
        {
            public static async Task Main()
            {
                var scheduler = await QuartzSchedulerBuilder.Create().BuildScheduler();
                await scheduler.[|Start|]();
                var server = new [|BackgroundJobServer|]();
                Console.ReadLine();
            }
        }
        """,
        """
        using Hangfire;
        using Quartz;

        public static class Program
        {
            public static async Task Main()
            {
                var scheduler = await QuartzSchedulerBuilder.Create().BuildScheduler();
                try
                {
                    await scheduler.Start();
                    var server = new BackgroundJobServer();
                    try
                    {
                        Console.ReadLine();
                    }
                    finally
                    {
                        server.Dispose();
                    }
                }
                finally
                {
                    await scheduler.Shutdown(waitForJobsToComplete: true);
                }
            }
        }
        """,
        Brokers);

    [Theory]
    [InlineData("public void Run() { var bus = Bus.Factory.CreateUsingRabbitMq(); bus.[|Start|](); }")]
    [InlineData("private readonly ServiceBusProcessor _p = Client.CreateProcessor(\"a\"); public Task Run() => _p.[|StartProcessingAsync|]();")]
    public Task NoFixWhereNoPlaceIsSafe(string members) => OffersNoFixAsync(InClass(members + " private static void End() { }"), Brokers);

    [Theory]
    [InlineData("public async Task Run() { var p = Client.CreateProcessor(\"a\"); await p.[|StartProcessingAsync|](); await Task.Delay(-1); }")]
    [InlineData("public async Task Run() { var p = Client.CreateSessionProcessor(\"a\"); await p.[|StartProcessingAsync|](); }")]
    [InlineData("public async Task Run() { var p = new Azure.Messaging.EventHubs.EventProcessorClient(null!, \"g\", \"c\"); await p.[|StartProcessingAsync|](); }")]
    [InlineData("public void Run() { var p = new Azure.Messaging.EventHubs.EventProcessorClient(null!, \"g\", \"c\"); p.[|StartProcessing|](); }")]
    [InlineData("private ServiceBusProcessor? _p; public async Task Run() { _p = Client.CreateProcessor(\"a\"); await _p.[|StartProcessingAsync|](); } public async Task Again() { await _p!.StartProcessingAsync(); }")]
    [InlineData("public async Task Run() { var bus = Bus.Factory.CreateUsingInMemory(c => { }); await bus.[|StartAsync|](); }")]
    [InlineData("public async Task Run() { var bus = Bus.Factory.CreateUsingInMemory(c => { }); var handle = await bus.[|StartAsync|](); Console.WriteLine(handle); }")]
    [InlineData("private readonly IBusControl _bus = Bus.Factory.CreateUsingInMemory(c => { }); public Task StartAsync(CancellationToken token) => _bus.[|StartAsync|](token); public Task StopAsync(CancellationToken token) => Task.CompletedTask;")]
    [InlineData("public async Task Run() { var s = await QuartzSchedulerBuilder.Create().BuildScheduler(); await s.[|Start|](); }")]
    [InlineData("public async Task Run() { var s = QuartzSchedulerBuilder.Create().BuildScheduler().AsTask().Result; await s.[|StartDelayed|](TimeSpan.FromSeconds(1)); }")]
    [InlineData("private static IScheduler? s_scheduler; public void Run() { s_scheduler = QuartzSchedulerBuilder.Create().BuildScheduler().GetAwaiter().GetResult(); s_scheduler.[|Start|](); }")]
    [InlineData("public void Run() { new [|BackgroundJobServer|](); }")]
    [InlineData("public void Run() { var server = new [|BackgroundJobServer|](new BackgroundJobServerOptions()); Console.WriteLine(server); }")]
    [InlineData("private readonly BackgroundJobServer _server = new [|BackgroundJobServer|]();")]
    [InlineData("private BackgroundJobServer _server = [|new()|];")]
    [InlineData("public void Run(IServiceCollection services) { services.AddSingleton(new [|BackgroundJobServer|]()); }")]
    [InlineData("public async Task Run() { var server = new MQTTnet.Server.MqttServerFactory().CreateMqttServer(new MQTTnet.Server.MqttServerOptions()); await server.[|StartAsync|](); }")]
    public Task NeverStopped(string members) => ReportsAsync(InClass(members), Brokers);

    [Theory]
    [InlineData("public async Task Run() { await using var p = Client.CreateProcessor(\"a\"); await p.StartProcessingAsync(); }")]
    [InlineData("public async Task Run() { var p = Client.CreateProcessor(\"a\"); await p.StartProcessingAsync(); await p.StopProcessingAsync(); }")]
    [InlineData("private ServiceBusProcessor? _p; public async Task Run() { _p = Client.CreateProcessor(\"a\"); await _p.StartProcessingAsync(); } public async Task StopAsync() { if (_p is { } p) await p.CloseAsync(); }")]
    [InlineData("private ServiceBusProcessor? _p; public async Task Run() { _p = Client.CreateProcessor(\"a\"); await _p.StartProcessingAsync(); } public ValueTask DisposeAsync() => _p!.DisposeAsync();")]
    [InlineData("private readonly List<ServiceBusProcessor> _all = new(); public async Task Run() { var p = Client.CreateProcessor(\"a\"); _all.Add(p); await p.StartProcessingAsync(); } public async Task StopAsync() { foreach (var p in _all) await p.StopProcessingAsync(); }")]
    [InlineData("public async Task<ServiceBusProcessor> Run() { var p = Client.CreateProcessor(\"a\"); await p.StartProcessingAsync(); return p; }")]
    [InlineData("public async Task Run(ServiceBusProcessor p) => await p.StartProcessingAsync();")]
    [InlineData("public async Task Run() { var bus = Bus.Factory.CreateUsingInMemory(c => { }); await bus.StartAsync(); try { Console.ReadLine(); } finally { await bus.StopAsync(); } }")]
    [InlineData("public async Task Run() { var bus = Bus.Factory.CreateUsingInMemory(c => { }); var handle = await bus.StartAsync(); await handle.StopAsync(); }")]
    [InlineData("private readonly IBusControl _bus = Bus.Factory.CreateUsingInMemory(c => { }); public Task StartAsync(CancellationToken token) => _bus.StartAsync(token); public Task StopAsync(CancellationToken token) => _bus.StopAsync(token);")]
    [InlineData("public async Task Run(IServiceProvider services) { var bus = services.GetRequiredService<IBusControl>(); await bus.StartAsync(); }")]
    [InlineData("public async Task Run(IHostApplicationLifetime lifetime) { var s = await QuartzSchedulerBuilder.Create().BuildScheduler(); await s.Start(); lifetime.ApplicationStopping.Register(() => s.Shutdown(true).AsTask().Wait()); }")]
    [InlineData("public async Task Run(ISchedulerFactory f) { var s = await f.GetScheduler(); await s.Start(); } public async Task StopAsync(ISchedulerFactory f) { var s = await f.GetScheduler(); await s.Shutdown(); }")]
    [InlineData("public async Task Run() { await using var s = await QuartzSchedulerBuilder.Create().BuildScheduler(); await s.Start(); }")]
    [InlineData("private readonly ISchedulerFactory _f; public Jobs(ISchedulerFactory f) => _f = f; public async Task Run() { var s = await _f.GetScheduler(); await s.Start(); }")]
    [InlineData("public async Task Run() { var s = await QuartzSchedulerBuilder.Create().BuildScheduler(); Console.WriteLine(s.SchedulerName); }")]
    [InlineData("public void Run() { using var server = new BackgroundJobServer(); }")]
    [InlineData("public void Run() { using (new BackgroundJobServer()) { Console.ReadLine(); } }")]
    [InlineData("private BackgroundJobServer? _server; public void Run() => _server = new BackgroundJobServer(); public void Dispose() => _server?.Dispose();")]
    [InlineData("public void Run(IHostApplicationLifetime lifetime) { var server = new BackgroundJobServer(); lifetime.ApplicationStopping.Register(server.SendStop); }")]
    [InlineData("public void Run(IServiceCollection services) { services.AddSingleton(_ => new BackgroundJobServer()); }")]
    public Task Stopped(string members) => QuietAsync(InClass(members), Brokers);

    /// <summary>A hosting package starts and stops it.</summary>
    [Fact]
    public Task OwnedByAHostingPackage() => QuietAsync(
        """
        using Hangfire;
        using MassTransit;
        using Quartz;

        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddHangfire(configuration => { });
        builder.Services.AddHangfireServer();
        builder.Services.AddMassTransit(configurator => configurator.UsingInMemory());
        builder.Services.AddQuartz();
        builder.Services.AddQuartzHostedService();
        builder.Services.AddHostedService<Jobs>();
        builder.Build().Run();

        sealed class Jobs(ISchedulerFactory factory) : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                var scheduler = await factory.GetScheduler(stoppingToken);
                await scheduler.Start(stoppingToken);
            }
        }
        """,
        code => code.MoreReferences.AddRange([.. References.Brokers, .. References.Registrations]));

    /// <summary>Quartz before version 4: a scheduler isn't disposable.</summary>
    [Fact]
    public Task OlderQuartz() => ReportsAsync(
        """
        using Quartz.Impl;

        var scheduler = await StdSchedulerFactory.GetDefaultScheduler();
        await scheduler.[|Start|]();
        Console.ReadLine();
        """,
        code => code.MoreReferences.Add(References.OlderVersions));

    [Fact]
    public Task SilentInLibraries() => QuietAsync(
        InClass("public void Run() { new BackgroundJobServer(); }").Replace("public static void Main() { }", "", StringComparison.Ordinal),
        code =>
        {
            Brokers(code);
            code.OutputKind = OutputKind.DynamicallyLinkedLibrary;
        });

    [Theory]
    [InlineData("var s = new BackgroundJobServer(; s.Start(")]
    [InlineData("await p.StartProcessingAsync(); var p = p; new Missing().StartAsync(); p?.StartAsync(,);")]
    public Task BrokenCode(string code) => NeverThrowsAsync(
        $$"""
        using Hangfire;
        {{code}}
        namespace Hangfire { public class BackgroundJobServer : IDisposable { public void Dispose() { } } }
        """);

    private static string InClass(string members) =>
        $$"""
        using Azure.Messaging.ServiceBus;
        using Hangfire;
        using MassTransit;
        using Quartz;

        public class Jobs
        {
            public Jobs() { }

            private static ServiceBusClient Client => throw new NotSupportedException();

            {{members}}

            public static void Main() { }
        }
        """;
}
