namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// The one table of pools, buffered clients and processors. Types are matched by name, so that no package is needed,
/// and with what derives from them or implements them.
/// </summary>
internal static class ResourceTable
{
    /// <summary>What closes a resource of any type.</summary>
    public static readonly string[] Closers = ["Dispose", "DisposeAsync", "Close", "CloseAsync", "Shutdown", "ShutdownAsync"];

    /// <summary>What makes a resource of a type that only the user knows.</summary>
    public static readonly string[] AnyCreator = ["Create", "CreateAsync", "Build", "BuildAsync", "Connect", "ConnectAsync", "Open", "OpenAsync"];

    /// <summary>Every type of the table.</summary>
    public static readonly ResourceType[] All =
    [
        // Databases
        Pool("System.Data.Common.DbDataSource", "database") with { Create = ["Create", "Build", "BuildMultiHost", "CreateDataSource"] },
        Pool("MongoDB.Driver.IMongoClient", "mongo"),
        Pool("MongoDB.Driver.MongoClient", "mongo"),
        Pool("Microsoft.Azure.Cosmos.CosmosClient", "cosmos") with { Create = ["Build", "BuildAndInitializeAsync", "CreateAndInitializeAsync"] },
        Pool("Cassandra.ICluster", "cassandra") with { Create = ["Build", "BuildFrom"], Close = ["ShutdownAsync"] },
        Pool("Cassandra.Cluster", "cassandra") with { Create = ["Build", "BuildFrom"], Close = ["ShutdownAsync"] },
        Pool("Cassandra.ISession", "cassandra session") with { Create = ["Connect", "ConnectAsync", "ConnectAndCreateDefaultKeyspaceIfNotExists"], Close = ["ShutdownAsync"], IsChild = true },
        Pool("Raven.Client.Documents.IDocumentStore", "raven"),
        Pool("Raven.Client.Documents.DocumentStore", "raven"),
        Pool("EventStore.Client.EventStoreClientBase", "event store"),
        Pool("EventStore.ClientAPI.IEventStoreConnection", "event store") with { Create = ["Create"] },
        Pool("KurrentDB.Client.KurrentDBClientBase", "event store"),
        Pool("Elastic.Clients.Elasticsearch.ElasticsearchClientSettings", "elasticsearch"),
        Pool("Elasticsearch.Net.ConnectionConfiguration", "elasticsearch"),
        Pool("Elasticsearch.Net.IConnectionPool", "elasticsearch"),

        // Caches
        Pool("StackExchange.Redis.IConnectionMultiplexer", "redis") with { Create = ["Connect", "ConnectAsync", "SentinelConnect", "SentinelConnectAsync"] },
        Pool("StackExchange.Redis.ConnectionMultiplexer", "redis") with { Create = ["Connect", "ConnectAsync", "SentinelConnect", "SentinelConnectAsync"] },

        // Brokers
        Pool("RabbitMQ.Client.IConnection", "rabbitmq") with { Create = ["CreateConnection", "CreateConnectionAsync"], Close = ["CloseAsync", "Abort", "AbortAsync"] },
        Pool("RabbitMQ.Client.IChannel", "rabbitmq channel") with { Create = ["CreateChannelAsync"], Close = ["CloseAsync", "AbortAsync"], IsChild = true },
        Pool("RabbitMQ.Client.IModel", "rabbitmq channel") with { Create = ["CreateModel"], Close = ["Close", "Abort"], IsChild = true },
        Pool("NATS.Client.Core.INatsConnection", "nats"),
        Pool("NATS.Client.Core.NatsConnection", "nats"),
        Pool("NATS.Client.Core.INatsClient", "nats"),
        Pool("NATS.Net.NatsClient", "nats"),
        Pool("NATS.Client.IConnection", "nats") with { Create = ["CreateConnection"], Close = ["Drain", "DrainAsync"] },
        Pool("NATS.Client.IEncodedConnection", "nats") with { Create = ["CreateEncodedConnection"], Close = ["Drain", "DrainAsync"] },
        Pool("MQTTnet.IMqttClient", "mqtt") with { Create = ["CreateMqttClient"], Close = ["DisconnectAsync"] },
        Pool("MQTTnet.Client.IMqttClient", "mqtt") with { Create = ["CreateMqttClient"], Close = ["DisconnectAsync"] },
        Pool("MQTTnet.Extensions.ManagedClient.IManagedMqttClient", "mqtt") with { Create = ["CreateManagedMqttClient"], Close = ["StopAsync"] },
        Pool("Azure.Messaging.ServiceBus.ServiceBusClient", "service bus"),
        Pool("Azure.Messaging.EventHubs.Producer.EventHubProducerClient", "event hub"),
        Pool("Azure.Messaging.EventHubs.Producer.EventHubBufferedProducerClient", "event hub") with { Flush = ["FlushAsync"] },
        Pool("Azure.Messaging.EventHubs.Consumer.EventHubConsumerClient", "event hub"),
        Pool("Azure.Messaging.EventHubs.EventHubConnection", "event hub"),

        // Kafka
        new("Confluent.Kafka.IProducer", ResourceKind.Producer) { ShortName = "kafka producer", Create = ["Build"], Flush = ["Flush", "CommitTransaction"] },
        new("Confluent.Kafka.IConsumer", ResourceKind.Consumer) { ShortName = "kafka consumer", Create = ["Build"], Start = ["Subscribe"], Close = ["Close"] },
        Pool("Confluent.Kafka.IAdminClient", "kafka admin") with { Create = ["Build"] },

        // gRPC
        Pool("Grpc.Net.Client.GrpcChannel", "grpc") with { Create = ["ForAddress"], Close = ["ShutdownAsync"] },
        Pool("Grpc.Core.Channel", "grpc") with { Close = ["ShutdownAsync"] },

        // Telemetry and logs
        Pool("OpenTelemetry.Trace.TracerProvider", "traces") with { Create = ["Build"], Flush = ["ForceFlush"] },
        Pool("OpenTelemetry.Metrics.MeterProvider", "metrics") with { Create = ["Build"], Flush = ["ForceFlush"] },
        Pool("OpenTelemetry.Logs.LoggerProvider", "logs") with { Create = ["Build"], Flush = ["ForceFlush"] },
        Pool("OpenTelemetry.OpenTelemetrySdk", "telemetry") with { Create = ["Create"] },
        Pool("Serilog.Core.Logger", "log") with { Create = ["CreateLogger"] },
        Pool("Serilog.Extensions.Hosting.ReloadableLogger", "log") with { Create = ["CreateBootstrapLogger"] },
        Pool("NLog.LogFactory", "log") with { Flush = ["Flush"] },

        // What takes in work by itself
        new("Azure.Messaging.ServiceBus.ServiceBusProcessor", ResourceKind.Processor)
        {
            ShortName = "service bus processor", Create = ["CreateProcessor"], Start = ["StartProcessingAsync"], Stop = ["StopProcessingAsync"], DisposalStops = true,
        },
        new("Azure.Messaging.ServiceBus.ServiceBusSessionProcessor", ResourceKind.Processor)
        {
            ShortName = "service bus processor", Create = ["CreateSessionProcessor"], Start = ["StartProcessingAsync"], Stop = ["StopProcessingAsync"], DisposalStops = true,
        },
        new("Azure.Messaging.EventHubs.Primitives.EventProcessor", ResourceKind.Processor)
        {
            ShortName = "event processor", Start = ["StartProcessingAsync", "StartProcessing"], Stop = ["StopProcessingAsync", "StopProcessing"],
        },
        new("Azure.Messaging.EventHubs.EventProcessorClient", ResourceKind.Processor)
        {
            ShortName = "event processor", Start = ["StartProcessingAsync", "StartProcessing"], Stop = ["StopProcessingAsync", "StopProcessing"],
        },
        new("Quartz.IScheduler", ResourceKind.Processor)
        {
            ShortName = "scheduler", Create = ["GetScheduler", "GetRequiredScheduler", "GetDefaultScheduler", "BuildScheduler"], Start = ["Start", "StartDelayed"], Stop = ["Shutdown"], DisposalStops = true, IsShared = true,
            Finish = ["Shutdown"], FinishArguments = "waitForJobsToComplete: true",
            Hosting = ["AddQuartzHostedService", "AddQuartzServer"],
        },
        new("Hangfire.BackgroundJobServer", ResourceKind.Processor)
        {
            ShortName = "job server", Stop = ["SendStop", "Stop", "WaitForShutdown", "WaitForShutdownAsync"], DisposalStops = true,
            Finish = ["Dispose"],
        },
        new("MassTransit.IBusControl", ResourceKind.Processor)
        {
            ShortName = "bus", Create = ["CreateUsingRabbitMq", "CreateUsingInMemory", "CreateUsingAzureServiceBus", "CreateUsingAmazonSqs", "CreateUsingActiveMq", "Create"],
            Start = ["StartAsync", "Start"], Stop = ["StopAsync", "Stop"], Hosting = ["AddMassTransitHostedService"],
        },
        new("MQTTnet.Server.MqttServer", ResourceKind.Processor)
        {
            ShortName = "mqtt server", Create = ["CreateMqttServer"], Start = ["StartAsync"], Stop = ["StopAsync"], DisposalStops = true,
        },
    ];

    /// <summary>The names by which <see cref="SourceIndex"/> finds what is closed.</summary>
    public static IEnumerable<string> CloserNames => Closers.Concat(All.SelectMany(type => type.Close.Concat(type.Flush).Concat(type.Stop))).Distinct();

    /// <summary>The names of what starts a processor.</summary>
    public static HashSet<string> StartNames => new(All.Where(type => type.Kind == ResourceKind.Processor).SelectMany(type => type.Start), StringComparer.Ordinal);

    /// <summary>The simple names of the processors that start when they are made.</summary>
    public static readonly string[] SelfStarting = [.. All.Where(type => type is { Kind: ResourceKind.Processor, Start: [] }).Select(type => type.SimpleName)];

    /// <summary>The names of what registers a library's own service that starts and stops a processor.</summary>
    public static IEnumerable<string> HostingNames => All.SelectMany(type => type.Hosting).Distinct();

    /// <summary>The names of what makes resources of one kind, constructors aside.</summary>
    public static HashSet<string> CreatorNames(ResourceKind kind) =>
        new(All.Where(type => type.Kind == kind).SelectMany(type => type.Create), StringComparer.Ordinal);

    public static ResourceType Pool(string name, string shortName) => new(name, ResourceKind.Pool) { ShortName = shortName };
}
