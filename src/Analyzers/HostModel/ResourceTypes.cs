using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What kind of care a resource wants at shutdown; this decides which rule looks after it.</summary>
internal enum ResourceKind
{
    /// <summary>Connections that must be closed.</summary>
    Pool,

    /// <summary>Sends from a buffer that must be flushed.</summary>
    Producer,

    /// <summary>Must leave its group by <c>Close</c>, or its partitions stay unread until the broker's timeout.</summary>
    Consumer,

    /// <summary>Takes in work by itself once it is started, until it is told to stop.</summary>
    Processor,
}

/// <summary>One type that holds something which a shutdown must give back.</summary>
/// <param name="Name">The full name, without arity.</param>
/// <param name="Kind">What care it wants.</param>
internal sealed record ResourceType(string Name, ResourceKind Kind)
{
    /// <summary>The library's own methods that make one, constructors aside.</summary>
    public string[] Create { get; init; } = [];

    /// <summary>What closes it besides <c>Dispose</c> and <c>Close</c> in their forms; the one that a fix prefers comes first.</summary>
    public string[] Close { get; init; } = [];

    /// <summary>What sends its buffer out.</summary>
    public string[] Flush { get; init; } = [];

    /// <summary>What makes a processor take in work; empty where its constructor does.</summary>
    public string[] Start { get; init; } = [];

    /// <summary>What ends a processor's intake; for one that <see cref="DisposalStops"/>, disposal does too.</summary>
    public string[] Stop { get; init; } = [];

    public bool DisposalStops { get; init; }

    /// <summary>It lives in the object that made it, and is closed with it.</summary>
    public bool IsChild { get; init; }

    /// <summary>A short name for messages of cleanup handlers.</summary>
    public string ShortName { get; init; } = "";

    public bool IsClosedBy(string method) =>
        Array.IndexOf(ResourceTypes.Closers, method) >= 0
        || Array.IndexOf(Close, method) >= 0
        || Array.IndexOf(Flush, method) >= 0
        || Array.IndexOf(Stop, method) >= 0;
}

/// <summary>
/// The one table of pools, buffered clients and processors. Types are matched by name, so that no package is needed,
/// and with what derives from them or implements them; option <c>pool_types</c> adds the user's own.
/// </summary>
internal sealed class ResourceTypes(HostFacts host)
{
    /// <summary>What closes a resource of any type.</summary>
    public static readonly string[] Closers = ["Dispose", "DisposeAsync", "Close", "CloseAsync", "Shutdown", "ShutdownAsync"];

    private static readonly string[] AnyCreator = ["Create", "CreateAsync", "Build", "BuildAsync", "Connect", "ConnectAsync", "Open", "OpenAsync"];

    private static readonly ResourceType[] Table =
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
        Pool("EventStore.Client.EventStoreClient", "event store"),
        Pool("EventStore.Client.EventStorePersistentSubscriptionsClient", "event store subscriptions"),
        Pool("EventStore.ClientAPI.IEventStoreConnection", "event store") with { Create = ["Create"] },
        Pool("KurrentDB.Client.KurrentDBClientBase", "event store"),
        Pool("KurrentDB.Client.KurrentDBClient", "event store"),
        Pool("Elastic.Clients.Elasticsearch.ElasticsearchClient", "elasticsearch"),
        Pool("Elastic.Clients.Elasticsearch.ElasticsearchClientSettings", "elasticsearch"),
        Pool("Elasticsearch.Net.ConnectionConfiguration", "elasticsearch"),
        Pool("Elasticsearch.Net.IConnectionPool", "elasticsearch"),
        Pool("Nest.ConnectionSettings", "elasticsearch"),
        Pool("Nest.ElasticClient", "elasticsearch"),

        // Caches
        Pool("StackExchange.Redis.IConnectionMultiplexer", "redis") with { Create = ["Connect", "ConnectAsync", "SentinelConnect", "SentinelConnectAsync"] },
        Pool("StackExchange.Redis.ConnectionMultiplexer", "redis") with { Create = ["Connect", "ConnectAsync", "SentinelConnect", "SentinelConnectAsync"] },

        // Brokers
        Pool("RabbitMQ.Client.IConnection", "rabbitmq") with { Create = ["CreateConnection", "CreateConnectionAsync"], Close = ["CloseAsync", "Abort", "AbortAsync"] },
        Pool("RabbitMQ.Client.IChannel", "rabbitmq channel") with { Create = ["CreateChannel", "CreateChannelAsync"], Close = ["CloseAsync", "Abort", "AbortAsync"], IsChild = true },
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
        new("Confluent.Kafka.IProducer", ResourceKind.Producer) { ShortName = "kafka producer", Create = ["Build"], Flush = ["Flush"] },
        new("Confluent.Kafka.IConsumer", ResourceKind.Consumer) { ShortName = "kafka consumer", Create = ["Build"], Close = ["Close"] },
        Pool("Confluent.Kafka.IAdminClient", "kafka admin") with { Create = ["Build"] },

        // gRPC
        Pool("Grpc.Net.Client.GrpcChannel", "grpc") with { Create = ["ForAddress"], Close = ["ShutdownAsync"] },
        Pool("Grpc.Core.Channel", "grpc") with { Close = ["ShutdownAsync"] },

        // Telemetry and logs
        Pool("OpenTelemetry.Trace.TracerProvider", "traces") with { Create = ["Build"], Flush = ["ForceFlush"] },
        Pool("OpenTelemetry.Metrics.MeterProvider", "metrics") with { Create = ["Build"], Flush = ["ForceFlush"] },
        Pool("OpenTelemetry.Logs.LoggerProvider", "logs") with { Create = ["Build"], Flush = ["ForceFlush"] },
        Pool("OpenTelemetry.OpenTelemetrySdk", "telemetry") with { Create = ["Create"] },
        Pool("Serilog.Core.Logger", "log") with { Create = ["CreateLogger"], Flush = ["CloseAndFlush", "CloseAndFlushAsync"] },
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
            ShortName = "scheduler", Create = ["GetScheduler", "GetDefaultScheduler", "BuildScheduler", "Build"], Start = ["Start", "StartDelayed"], Stop = ["Shutdown"], DisposalStops = true,
        },
        new("Hangfire.BackgroundJobServer", ResourceKind.Processor)
        {
            ShortName = "job server", Stop = ["SendStop", "WaitForShutdown", "WaitForShutdownAsync"], DisposalStops = true,
        },
        new("MassTransit.IBusControl", ResourceKind.Processor)
        {
            ShortName = "bus", Create = ["CreateUsingRabbitMq", "CreateUsingInMemory", "CreateUsingAzureServiceBus", "CreateUsingAmazonSqs", "CreateUsingActiveMq", "Create"],
            Start = ["StartAsync", "Start"], Stop = ["StopAsync", "Stop"],
        },
        new("MQTTnet.Server.MqttServer", ResourceKind.Processor)
        {
            ShortName = "mqtt server", Create = ["CreateMqttServer"], Start = ["StartAsync"], Stop = ["StopAsync"], DisposalStops = true,
        },
    ];

    private static readonly Dictionary<string, ResourceType[]> BySimpleName =
        Table.GroupBy(type => type.Name.Substring(type.Name.LastIndexOf('.') + 1)).ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    private readonly ConcurrentDictionary<ITypeSymbol, ResourceType?> _known = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxTree, IReadOnlyList<string>> _added = new();

    /// <summary>The names by which <see cref="SourceIndex"/> finds what is closed.</summary>
    public static IEnumerable<string> CloserNames => Closers.Concat(Table.SelectMany(type => type.Close.Concat(type.Flush).Concat(type.Stop))).Distinct();

    /// <summary>The names of what starts a processor.</summary>
    public static IEnumerable<string> StartNames => Table.SelectMany(type => type.Start).Distinct();

    /// <summary>The entry for a type, one of its bases or of its interfaces; null where it is no resource, or one that has nothing to close.</summary>
    /// <param name="type">The type, or a <c>Lazy</c> or task of it.</param>
    /// <param name="tree">The file whose option <c>pool_types</c> holds.</param>
    public ResourceType? Find(ITypeSymbol? type, SyntaxTree? tree)
    {
        if (Unwrap(type) is not { } resource || resource.TypeKind is TypeKind.Error or TypeKind.Dynamic || resource.SpecialType != SpecialType.None)
            return null;

        return _known.GetOrAdd(resource, FindInTable) ?? FindAdded(resource, tree);
    }

    /// <summary>What a <c>Lazy</c>, a task or both hold.</summary>
    public static ITypeSymbol? Unwrap(ITypeSymbol? type)
    {
        while (type is INamedTypeSymbol { TypeArguments: [var inner], ContainingNamespace: var space } wrapper
            && wrapper.Name is "Lazy" or "Task" or "ValueTask"
            && space.ToDisplayString() is "System" or "System.Threading.Tasks")
        {
            type = inner;
        }

        return type;
    }

    /// <summary>Whether <paramref name="creation"/> itself makes a new resource: a constructor, or a method of the library that the table names.</summary>
    public ResourceType? MadeBy(IOperation creation)
    {
        switch (creation)
        {
            case IObjectCreationOperation { Type: INamedTypeSymbol type }:
                return Find(type, creation.Syntax.SyntaxTree) is { } made && !IsStandIn(type, made) ? made : null;

            case IInvocationOperation { TargetMethod: var method } call:
                return Find(method.ReturnType, creation.Syntax.SyntaxTree) is { } returned && Makes(call, returned) ? returned : null;

            default:
                return null;
        }
    }

    /// <summary>The method that closes a value of this type best: what a fix calls.</summary>
    public IMethodSymbol? CloseMethod(ITypeSymbol type, ResourceType resource)
    {
        foreach (var name in (string[])["DisposeAsync", .. resource.Close, "CloseAsync", "ShutdownAsync", "Dispose", "Close", "Shutdown"])
        {
            if (FindMethod(type, name) is { } method)
                return method;
        }

        return null;
    }

    /// <summary>An instance method that can be called without arguments, of the type, its bases or its interfaces.</summary>
    public static IMethodSymbol? FindMethod(ITypeSymbol type, string name)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (Callable(current, name) is { } own)
                return own;
        }

        // An explicit implementation can't be called on the class itself; on an interface what it inherits can.
        if (type.TypeKind is TypeKind.Interface or TypeKind.TypeParameter)
        {
            foreach (var implemented in type.AllInterfaces)
            {
                if (Callable(implemented, name) is { } inherited)
                    return inherited;
            }
        }

        return null;

        static IMethodSymbol? Callable(ITypeSymbol type, string name)
        {
            foreach (var member in type.GetMembers(name))
            {
                if (member is IMethodSymbol { IsStatic: false, DeclaredAccessibility: Accessibility.Public, TypeParameters.Length: 0 } method && TakesNothing(method))
                    return method;
            }

            return null;
        }

        static bool TakesNothing(IMethodSymbol method)
        {
            foreach (var parameter in method.Parameters)
            {
                if (!parameter.IsOptional && !parameter.IsParams)
                    return false;
            }

            return true;
        }
    }

    /// <summary>Whether a type is in the namespace's root that a library's names begin with.</summary>
    private static bool IsOfLibrary(INamedTypeSymbol? type, string resourceName)
    {
        var outermost = type?.ContainingNamespace;
        while (outermost is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
            outermost = outermost.ContainingNamespace;
        return outermost is { IsGlobalNamespace: false } && resourceName.StartsWith(outermost.Name + ".", StringComparison.Ordinal);
    }

    private static ResourceType Pool(string name, string shortName) => new(name, ResourceKind.Pool) { ShortName = shortName };

    private bool Makes(IInvocationOperation call, ResourceType made)
    {
        var method = call.TargetMethod;
        if (Array.IndexOf(made.Create, method.Name) < 0)
            return false;

        // Data sources of every provider are one entry: their builders live with the provider.
        return made.Name == "System.Data.Common.DbDataSource"
            ? IsDataSourceMaker(method.ContainingType)
            : ReferenceEquals(made.Create, AnyCreator) || IsOfLibrary(method.ContainingType, made.Name);
    }

    private static bool IsDataSourceMaker(INamedTypeSymbol type) =>
        type.Name.EndsWith("DataSourceBuilder", StringComparison.Ordinal)
        || type.Name.EndsWith("DataSource", StringComparison.Ordinal)
        || type.Name.EndsWith("Factory", StringComparison.Ordinal);

    /// <summary>A class of the program's own that implements a library's interface is a decorator or a fake: it holds no connection itself.</summary>
    private static bool IsStandIn(INamedTypeSymbol type, ResourceType resource)
    {
        if (type.DeclaringSyntaxReferences.IsEmpty)
            return false;

        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (HasName(current, resource.Name))
                return false;
        }

        return true;
    }

    private ResourceType? FindInTable(ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (Entry(current) is { } own)
                return Closeable(type, own);
        }

        foreach (var implemented in type.AllInterfaces)
        {
            if (Entry(implemented) is { } own)
                return Closeable(type, own);
        }

        if (type is ITypeParameterSymbol parameter)
        {
            foreach (var constraint in parameter.ConstraintTypes)
            {
                if (constraint is not ITypeParameterSymbol && FindInTable(constraint) is { } own)
                    return own;
            }
        }

        return null;
    }

    private static ResourceType? Entry(ITypeSymbol type)
    {
        if (BySimpleName.TryGetValue(type.Name, out var candidates))
        {
            foreach (var candidate in candidates)
            {
                if (HasName(type, candidate.Name))
                    return candidate;
            }
        }

        return null;
    }

    private static bool HasName(ITypeSymbol type, string fullName)
    {
        var end = fullName.Length;
        for (ISymbol? current = type; current is not null and not INamespaceSymbol { IsGlobalNamespace: true }; current = current.ContainingSymbol)
        {
            var start = end - current.Name.Length;
            if (start < 0 || string.CompareOrdinal(fullName, start, current.Name, 0, current.Name.Length) != 0)
                return false;
            if (start == 0)
                return current.ContainingSymbol is INamespaceSymbol { IsGlobalNamespace: true };
            if (fullName[start - 1] != '.')
                return false;
            end = start - 1;
        }

        return false;
    }

    /// <summary>Older versions of some clients have nothing to close.</summary>
    private ResourceType? Closeable(ITypeSymbol type, ResourceType resource)
    {
        if (host.Types.Inherits(type, KnownType.IDisposable) || host.Types.Inherits(type, KnownType.IAsyncDisposable))
            return resource;

        foreach (var name in Closers.Concat(resource.Close).Concat(resource.Stop))
        {
            if (FindMethod(type, name) is not null)
                return resource;
        }

        return null;
    }

    private ResourceType? FindAdded(ITypeSymbol type, SyntaxTree? tree)
    {
        if (tree is null)
            return null;

        var added = _added.GetOrAdd(tree, key => host.Options.List(key, ShutdownOptions.PoolTypes));
        if (added.Count == 0)
            return null;

        foreach (var name in added)
        {
            for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
            {
                if (HasName(current, name))
                    return Added(name);
            }

            foreach (var implemented in type.AllInterfaces)
            {
                if (HasName(implemented, name))
                    return Added(name);
            }
        }

        return null;

        static ResourceType Added(string name) => Pool(name, name.Substring(name.LastIndexOf('.') + 1)) with { Create = AnyCreator };
    }
}
