// Libraries whose packages the tests don't have, with what the table of resources names of them, declared as they declare it.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Azure.Messaging.EventHubs
{
    // Of a package of its own, Azure.Messaging.EventHubs.Processor.
    public class EventProcessorClient
    {
        public EventProcessorClient(object checkpointStore, string consumerGroup, string connectionString) { }
        public void StartProcessing(CancellationToken cancellationToken = default) { }
        public Task StartProcessingAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
        public void StopProcessing(CancellationToken cancellationToken = default) { }
        public Task StopProcessingAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}

namespace Cassandra
{
    public interface ICluster : IDisposable
    {
        ISession Connect();
        Task<ISession> ConnectAsync();
        Task ShutdownAsync(int timeoutMs = -1);
    }

    public interface ISession : IDisposable
    {
        Task ShutdownAsync();
    }

    public class Cluster : ICluster
    {
        public static Builder Builder() => new();
        public static Cluster BuildFrom(object initializer) => new();
        public ISession Connect() => null!;
        public Task<ISession> ConnectAsync() => null!;
        public ISession ConnectAndCreateDefaultKeyspaceIfNotExists() => null!;
        public Task ShutdownAsync(int timeoutMs = -1) => Task.CompletedTask;
        public void Dispose() { }
    }

    public class Builder
    {
        public Builder AddContactPoint(string address) => this;
        public Cluster Build() => new();
    }
}

namespace EventStore.Client
{
    public abstract class EventStoreClientBase : IDisposable, IAsyncDisposable
    {
        public void Dispose() { }
        public ValueTask DisposeAsync() => default;
    }

    public class EventStoreClient : EventStoreClientBase
    {
        public EventStoreClient(object settings) { }
    }
}

namespace KurrentDB.Client
{
    public abstract class KurrentDBClientBase : IDisposable, IAsyncDisposable
    {
        public void Dispose() { }
        public ValueTask DisposeAsync() => default;
    }

    public class KurrentDBClient : KurrentDBClientBase
    {
        public KurrentDBClient(object settings) { }
    }
}

namespace Raven.Client.Documents
{
    public interface IDocumentStore : IDisposable
    {
        IDocumentStore Initialize();
    }

    public class DocumentStore : IDocumentStore
    {
        public IDocumentStore Initialize() => this;
        public void Dispose() { }
    }
}

namespace MassTransit
{
    public static class TransportFactories
    {
        public static IBusControl CreateUsingRabbitMq(this IBusFactorySelector selector, Action<object>? configure = null) => null!;
        public static IBusControl CreateUsingAzureServiceBus(this IBusFactorySelector selector, Action<object>? configure = null) => null!;
        public static IBusControl CreateUsingAmazonSqs(this IBusFactorySelector selector, Action<object>? configure = null) => null!;
        public static IBusControl CreateUsingActiveMq(this IBusFactorySelector selector, Action<object>? configure = null) => null!;
    }
}
