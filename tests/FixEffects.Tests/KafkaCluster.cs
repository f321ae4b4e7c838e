using Confluent.Kafka;

namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>
/// The mock cluster that Kafka's own client library brings: a broker on the loopback address that other processes connect to as to a real one.
/// It keeps topics, groups and offsets in the memory of this process.
/// </summary>
internal sealed class KafkaCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IProducer<Null, string> _owner;
    private readonly IAdminClient _view;

    private KafkaCluster(IProducer<Null, string> owner, IAdminClient view, string servers) => (_owner, _view, Servers) = (owner, view, servers);

    public string Servers { get; }

    public static KafkaCluster Start()
    {
        // The address is ignored where the client brings the cluster; that of the cluster is in its metadata.
        var config = new ProducerConfig { BootstrapServers = "127.0.0.1:9092" };
        config.Set("test.mock.num.brokers", "1");
        var owner = new ProducerBuilder<Null, string>(config).SetLogHandler((_, _) => { }).Build();
        var view = new DependentAdminClientBuilder(owner.Handle).Build();
        var broker = view.GetMetadata(Patience).Brokers[0];
        return new(owner, view, $"{broker.Host}:{broker.Port}");
    }

    public async Task PublishAsync(string topic, string message) => await _owner.ProduceAsync(topic, new Message<Null, string> { Value = message });

    /// <summary>How many messages a topic has taken.</summary>
    public long Messages(string topic)
    {
        using var reader = Reader("counting");
        return Partitions(topic).Sum(partition => reader.QueryWatermarkOffsets(partition, Patience).High.Value);
    }

    /// <summary>How many messages of a topic a group has done with: from where its next member goes on.</summary>
    public long Committed(string topic, string group)
    {
        using var reader = Reader(group);
        return reader.Committed(Partitions(topic), Patience).Sum(partition => Math.Max(0, partition.Offset.Value));
    }

    public void Dispose()
    {
        _view.Dispose();
        _owner.Dispose();
    }

    // It asks for offsets and joins no group.
    private IConsumer<Ignore, string> Reader(string group) =>
        new ConsumerBuilder<Ignore, string>(new ConsumerConfig { BootstrapServers = Servers, GroupId = group }).Build();

    private List<TopicPartition> Partitions(string topic) =>
        [.. _view.GetMetadata(topic, Patience).Topics[0].Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
}
