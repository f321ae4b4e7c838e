// Older versions of libraries that the tests have in a newer one, with what the table of resources names of them.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace EventStore.ClientAPI
{
    public interface IEventStoreConnection : IDisposable
    {
        Task ConnectAsync();
        void Close();
    }

    public static class EventStoreConnection
    {
        public static IEventStoreConnection Create(Uri uri) => null!;
    }
}

namespace Grpc.Core
{
    public class Channel
    {
        public Channel(string target, object credentials) { }
        public Task ShutdownAsync() => Task.CompletedTask;
    }
}

namespace MQTTnet
{
    public class MqttFactory
    {
        public Client.IMqttClient CreateMqttClient() => null!;
    }
}

namespace MQTTnet.Client
{
    public interface IMqttClient : IDisposable
    {
        Task DisconnectAsync(object options, CancellationToken cancellationToken = default);
    }
}

namespace MQTTnet.Extensions.ManagedClient
{
    public interface IManagedMqttClient : IDisposable
    {
        Task StartAsync(object options);
        Task StopAsync(bool cleanDisconnect = true);
    }

    public static class MqttFactoryExtensions
    {
        public static IManagedMqttClient CreateManagedMqttClient(this MqttFactory factory) => null!;
    }
}

namespace NATS.Client
{
    public interface IConnection : IDisposable
    {
        void Close();
        void Drain();
        Task DrainAsync();
    }

    public interface IEncodedConnection : IDisposable
    {
        void Close();
        void Drain();
        Task DrainAsync();
    }

    public class ConnectionFactory
    {
        public IConnection CreateConnection(string url) => null!;
        public IEncodedConnection CreateEncodedConnection(string url) => null!;
    }
}

namespace Quartz
{
    public interface IScheduler
    {
        Task Start(CancellationToken cancellationToken = default);
        Task StartDelayed(TimeSpan delay, CancellationToken cancellationToken = default);
        Task Shutdown(CancellationToken cancellationToken = default);
        Task Shutdown(bool waitForJobsToComplete, CancellationToken cancellationToken = default);
    }

    public interface ISchedulerFactory
    {
        Task<IScheduler> GetScheduler(CancellationToken cancellationToken = default);
    }

    public class SchedulerBuilder
    {
        public static SchedulerBuilder Create() => new();
        public Task<IScheduler> BuildScheduler() => null!;
    }
}

namespace Quartz.Impl
{
    public class StdSchedulerFactory : ISchedulerFactory
    {
        public static Task<IScheduler> GetDefaultScheduler(CancellationToken cancellationToken = default) => null!;
        public virtual Task<IScheduler> GetScheduler(CancellationToken cancellationToken = default) => null!;
    }
}

namespace RabbitMQ.Client
{
    public interface IConnection : IDisposable
    {
        void Abort();
        void Close();
        IModel CreateModel();
    }

    public interface IModel : IDisposable
    {
        void Abort();
        void Close();
    }

    public interface IConnectionFactory
    {
        IConnection CreateConnection();
    }

    public sealed class ConnectionFactory : IConnectionFactory
    {
        public IConnection CreateConnection() => null!;
    }
}
