using Confluent.Kafka;

namespace Quiet.Broker;

/// <summary>Leaves the group by Close, and commits what it has done even while it stops.</summary>
internal sealed class PaymentConsumer(IProducer<string, string> receipts, ILogger<PaymentConsumer> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Consume(stoppingToken), CancellationToken.None);

    private void Consume(CancellationToken stoppingToken)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = "kafka:9092", GroupId = "payments", EnableAutoCommit = false }).Build();
        consumer.Subscribe("payments");
        try
        {
            while (true)
            {
                var payment = consumer.Consume(stoppingToken);
                Receipts.Send(receipts, payment.Message.Key);
                consumer.Commit(payment);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogInformation("No more payments are taken.");
        }
        finally
        {
            consumer.Close();
        }
    }
}
