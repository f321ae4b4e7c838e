using Confluent.Kafka;
using Quiet.Broker;
using Serilog;
using ShutdownAnalyzers.Runtime;

Log.Logger = new LoggerConfiguration().WriteTo.Console().CreateLogger();
try
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.Services.AddSerilog();
    builder.Services.AddSingleton(_ => new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = "kafka:9092" }).Build());
    builder.Services.AddHostedService<PaymentConsumer>();
    builder.AddGracefulShutdown();

    // Fire and forget while the service runs; what is still in the buffer goes out in the cleanup.
    builder.Services.AddShutdownCleanup<IProducer<string, string>>("receipts", Receipts.FlushAsync, CleanupStage.Flush);

    await builder.Build().RunAsync();
    return 0;
}
catch (Exception error)
{
    Log.Fatal(error, "The broker ended.");
    return 1;
}
finally
{
    await Log.CloseAndFlushAsync();
}
