using Confluent.Kafka;

namespace Quiet.Broker;

internal static class Receipts
{
    public static void Send(IProducer<string, string> producer, string payment) =>
        producer.Produce("receipts", new Message<string, string> { Key = payment, Value = "paid" });

    public static ValueTask FlushAsync(IProducer<string, string> producer, CancellationToken cancellationToken)
    {
        producer.Flush(TimeSpan.FromSeconds(5));
        return ValueTask.CompletedTask;
    }
}
