using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Resources;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Resources;

public sealed class PoolNeverClosedTests : RuleTest<PoolNeverClosed, PoolNeverClosedFix>
{
    private static readonly Action<Code> Pools = code => code.MoreReferences.AddRange(References.Pools);

    private static readonly Action<Code> Brokers = code =>
    {
        code.MoreReferences.AddRange(References.Pools);
        code.MoreReferences.AddRange([.. References.Brokers, .. References.Clients]);
    };

    private static readonly Action<Code> Library = code =>
    {
        Brokers(code);
        code.OutputKind = OutputKind.DynamicallyLinkedLibrary;
    };

    [Fact]
    public Task LocalOfTopLevelStatements() => FixesAsync(
        """
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);

        // Shared by all endpoints.
        var [|redis|] = ConnectionMultiplexer.Connect("redis"); // at start
        var app = builder.Build();
        app.MapGet("/", () => redis.IsConnected);
        app.Run();
        """,
        """
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);

        // Shared by all endpoints.
        await using var redis = ConnectionMultiplexer.Connect("redis"); // at start
        var app = builder.Build();
        app.MapGet("/", () => redis.IsConnected);
        app.Run();
        """,
        Pools);

    [Theory]
    [InlineData("void", "using ")]
    [InlineData("async Task", "await using ")]
    public Task LocalOfMain(string signature, string form)
    {
        var source =
            $$"""
            using Npgsql;

            public static class Program
            {
                public static {{signature}} Main()
                {
                    var [|database|] = NpgsqlDataSource.Create("Host=db");
                    using var command = database.CreateCommand("select 1");
                    command.ExecuteNonQuery();
                }
            }
            """;
        return FixesAsync(source, source.Replace("var [|database|]", form + "var database", StringComparison.Ordinal), Pools);
    }

    [Theory]
    [InlineData("var [|pool|] = new MongoDB.Driver.MongoClient(\"mongodb://db\");", "using var")]
    [InlineData("var [|pool|] = new MySqlConnector.MySqlDataSource(\"Server=db\");", "await using var")]
    [InlineData("var [|pool|] = await new RabbitMQ.Client.ConnectionFactory().CreateConnectionAsync();", "await using var")]
    [InlineData("var [|pool|] = Grpc.Net.Client.GrpcChannel.ForAddress(\"http://orders\");", "using var")]
    [InlineData("var [|pool|] = new MQTTnet.MqttClientFactory().CreateMqttClient();", "using var")]
    [InlineData("var [|pool|] = OpenTelemetry.Sdk.CreateTracerProviderBuilder().Build();", "using var")]
    [InlineData("var [|pool|] = OpenTelemetry.Sdk.CreateMeterProviderBuilder().Build();", "using var")]
    [InlineData("var [|pool|] = new Serilog.LoggerConfiguration().CreateLogger();", "await using var")]
    [InlineData("var [|pool|] = new Confluent.Kafka.ProducerBuilder<string, string>(new Confluent.Kafka.ProducerConfig()).Build();", "using var")]
    [InlineData("var [|pool|] = new Microsoft.Azure.Cosmos.CosmosClient(\"\");", "using var")]
    [InlineData("var [|pool|] = await Microsoft.Azure.Cosmos.CosmosClient.CreateAndInitializeAsync(\"\", new List<(string, string)>());", "using var")]
    [InlineData("var [|pool|] = new Microsoft.Azure.Cosmos.Fluent.CosmosClientBuilder(\"\").Build();", "using var")]
    [InlineData("var [|pool|] = new NATS.Client.Core.NatsConnection();", "await using var")]
    [InlineData("var [|pool|] = new NATS.Net.NatsClient();", "await using var")]
    [InlineData("var [|pool|] = new Azure.Messaging.ServiceBus.ServiceBusClient(\"\");", "await using var")]
    [InlineData("var [|pool|] = new Azure.Messaging.EventHubs.EventHubConnection(\"\");", "await using var")]
    [InlineData("var [|pool|] = new Azure.Messaging.EventHubs.Consumer.EventHubConsumerClient(\"\", \"\");", "await using var")]
    [InlineData("var [|pool|] = new Azure.Messaging.EventHubs.Producer.EventHubProducerClient(\"\");", "await using var")]
    [InlineData("var [|pool|] = new Azure.Messaging.EventHubs.Producer.EventHubBufferedProducerClient(\"\");", "await using var")]
    [InlineData("var [|pool|] = new Elastic.Clients.Elasticsearch.ElasticsearchClientSettings(new Uri(\"http://db\"));", "using var")]
    [InlineData("var [|pool|] = new Elastic.Clients.Elasticsearch.ElasticsearchClientSettings(new Uri(\"http://db\")).DefaultIndex(\"orders\").EnableDebugMode();", "using var")]
    [InlineData("var [|pool|] = new Nest.ConnectionSettings(new Uri(\"http://db\")).DefaultIndex(\"orders\");", "using var")]
    public Task Libraries(string declaration, string fixedForm)
    {
        var source =
            $"""
            using OpenTelemetry;
            using OpenTelemetry.Trace;
            using OpenTelemetry.Metrics;

            {declaration}
            Console.WriteLine(pool);
            """;
        return FixesAsync(source, source.Replace("var [|pool|]", fixedForm + " pool", StringComparison.Ordinal), Brokers);
    }

    /// <summary>Packages that aren't at hand, and older versions.</summary>
    [Theory]
    [InlineData("Cassandra.Cluster.Builder().AddContactPoint(\"db\").Build()")]
    [InlineData("new Raven.Client.Documents.DocumentStore().Initialize()")]
    [InlineData("new EventStore.Client.EventStoreClient(\"\")")]
    [InlineData("new KurrentDB.Client.KurrentDBClient(\"\")")]
    [InlineData("new RabbitMQ.Client.ConnectionFactory().CreateConnection()")]
    [InlineData("new NATS.Client.ConnectionFactory().CreateConnection(\"\")")]
    [InlineData("new MQTTnet.MqttFactory().CreateMqttClient()")]
    [InlineData("MQTTnet.Extensions.ManagedClient.MqttFactoryExtensions.CreateManagedMqttClient(new())")]
    [InlineData("EventStore.ClientAPI.EventStoreConnection.Create(new Uri(\"http://db\"))")]
    [InlineData("new Grpc.Core.Channel(\"\", \"\")")]
    public Task StandIns(string creation) => ReportsAsync(
        $"""
        var [|pool|] = {creation};
        Console.WriteLine(pool);
        """,
        code => code.MoreReferences.AddRange([References.StandIns, References.OlderVersions]));

    /// <summary>A view of a pool that is closed is no other pool.</summary>
    // However its type comes to the program.
    [Theory]
    [InlineData("new Shop.ShopDataSource()")]
    [InlineData("new global::Shop.ShopDataSource()")]
    [InlineData("new Data()")]
    [InlineData("new Everywhere()")]
    [InlineData("Shop.ShopFactory.Instance.CreateDataSource(\"\")")]
    public async Task OfAProvider(string creation)
    {
        var source = $"using Data = Shop.ShopDataSource;\n\nvar [|pool|] = {creation};\nConsole.WriteLine(pool);";
        const string provider =
            """
            using System.Data.Common;

            namespace Shop
            {
                public class ShopDataSource : DbDataSource
                {
                    public override string ConnectionString => "";
                    protected override DbConnection CreateDbConnection() => null!;
                }

                public class ShopFactory : DbProviderFactory { public static readonly ShopFactory Instance = new(); }
            }
            """;
        foreach (var reference in (MetadataReference[])[References.Library(provider, "Shop"), References.ProjectWith(provider, [], "Shop")])
        {
            await ReportsAsync(source, code =>
            {
                code.MoreReferences.Add(reference);
                code.OtherFiles.Add(("Usings.cs", "global using Everywhere = Shop.ShopDataSource;"));
            });
        }
    }

    [Fact]
    public Task ThroughAForwardingAssembly() => ReportsAsync(
        """
        var [|pool|] = StackExchange.Redis.ConnectionMultiplexer.Connect("redis");
        Console.WriteLine(pool);
        """,
        code =>
        {
            Pools(code);
            code.MoreReferences.Add(References.LibraryWith("[assembly: System.Runtime.CompilerServices.TypeForwardedTo(typeof(StackExchange.Redis.ConnectionMultiplexer))]", References.Pools, "Facade"));
        });

    [Fact]
    public Task ViewOfAClosedPool() => QuietAsync(
        """
        using Npgsql;

        await using var all = new NpgsqlDataSourceBuilder("Host=one,two").BuildMultiHost();
        var primary = all.WithTargetSession(TargetSessionAttributes.Primary);
        Console.WriteLine(primary);
        """,
        Pools);

    /// <summary>One defect, one warning: a producer that loses messages is SHUT303's, a processor SHUT306's.</summary>
    [Theory]
    [InlineData("var one = new Confluent.Kafka.ProducerBuilder<string, string>(new Confluent.Kafka.ProducerConfig()).Build(); one.Produce(\"a\", new());")]
    [InlineData("var one = await Quartz.QuartzSchedulerBuilder.Create().BuildScheduler(); await one.Start();")]
    [InlineData("var one = new Hangfire.BackgroundJobServer();")]
    [InlineData("var one = new Confluent.Kafka.ConsumerBuilder<string, string>(new Confluent.Kafka.ConsumerConfig()).Build(); one.Subscribe(\"a\");")]
    public Task OtherRules(string statements) => QuietAsync(statements + "\nawait Task.CompletedTask;", Brokers);

    /// <summary>Old clients that have nothing to close; things that are disposable but no pools.</summary>
    [Theory]
    [InlineData("new MongoDB.Driver.MongoClient()")]
    [InlineData("new HttpClient()")]
    [InlineData("new SemaphoreSlim(1)")]
    [InlineData("new System.Diagnostics.ActivitySource(\"shop\")")]
    [InlineData("new System.Diagnostics.Metrics.Meter(\"shop\")")]
    [InlineData("System.Text.Json.JsonDocument.Parse(\"{}\")")]
    public Task NoPools(string creation) => QuietAsync(
        $$"""
        var pool = {{creation}};
        Console.WriteLine(pool);

        static class Holder { public static object Shared = {{creation}}; }

        namespace MongoDB.Driver { public class MongoClient { } }
        """);

    [Fact]
    public Task StaticFieldIsClosedAfterBuild() => FixesAsync(
        """
        using Npgsql;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();

        app.MapGet("/", () => Pools.Database.ConnectionString);
        app.Run();

        internal static class Pools
        {
            public static readonly NpgsqlDataSource [|Database|] = NpgsqlDataSource.Create("Host=db");
        }
        """,
        """
        using Npgsql;
        using ShutdownAnalyzers.Runtime;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        app.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("database", _ => Pools.Database.DisposeAsync());

        app.MapGet("/", () => Pools.Database.ConnectionString);
        app.Run();

        internal static class Pools
        {
            public static readonly NpgsqlDataSource Database = NpgsqlDataSource.Create("Host=db");
        }
        """,
        Pools);

    [Fact]
    public Task NullableStaticPropertyInAnotherFile() => FixesAsync(
        """
        namespace Shop;

        internal static class Redis
        {
            public static StackExchange.Redis.ConnectionMultiplexer? [|Connection|] { get; private set; }

            public static void Connect() => Connection ??= StackExchange.Redis.ConnectionMultiplexer.Connect("redis");
        }
        """,
        """
        namespace Shop;

        internal static class Redis
        {
            public static StackExchange.Redis.ConnectionMultiplexer? Connection { get; private set; }

            public static void Connect() => Connection ??= StackExchange.Redis.ConnectionMultiplexer.Connect("redis");
        }
        """,
        code =>
        {
            Pools(code);
            code.OtherFiles.Add(("Program.cs",
                """
                using Shop;

                public static class Program
                {
                    public static async Task Main(string[] args)
                    {
                        var builder = Host.CreateApplicationBuilder(args);
                        builder.AddGracefulShutdown();
                        using var host = builder.Build();
                        Redis.Connect();
                        await host.RunAsync();
                    }
                }
                """));
            code.FixedOtherFiles =
            [
                ("Program.cs",
                """
                using Shop;
                using ShutdownAnalyzers.Runtime;

                public static class Program
                {
                    public static async Task Main(string[] args)
                    {
                        var builder = Host.CreateApplicationBuilder(args);
                        builder.AddGracefulShutdown();
                        using var host = builder.Build();
                        host.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("redis", _ => Redis.Connection?.DisposeAsync() ?? default);
                        Redis.Connect();
                        await host.RunAsync();
                    }
                }
                """),
            ];
        });

    [Theory]
    // Without the drain sequence there is no IGracefulShutdown; a private field can't be reached.
    [InlineData("", "internal")]
    [InlineData("builder.AddGracefulShutdown();", "private")]
    public Task NoCleanupHandlerWhereNoneIsRight(string drain, string accessibility) => OffersNoFixAsync(
        $$"""
        var builder = WebApplication.CreateBuilder(args);
        {{drain}}
        var app = builder.Build();
        app.Run();

        static class Pools
        {
            {{accessibility}} static readonly Npgsql.NpgsqlDataSource [|Database|] = Npgsql.NpgsqlDataSource.Create("Host=db");
        }
        """,
        Pools);

    /// <summary>A using of a block would end before the host does.</summary>
    [Fact]
    public Task NoUsingInAnInnerBlock() => OffersNoFixAsync(
        """
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        if (args.Length > 0)
        {
            var [|redis|] = ConnectionMultiplexer.Connect("redis");
            builder.Services.AddStackExchangeRedisCache(options => options.ConnectionMultiplexerFactory = redis);
        }

        builder.Build().Run();

        static class Cache
        {
            public sealed class Options { public IConnectionMultiplexer? ConnectionMultiplexerFactory; }

            public static void AddStackExchangeRedisCache(this IServiceCollection services, Action<Options> configure) { }
        }
        """,
        Pools);

    [Theory]
    [InlineData("private static readonly Lazy<ConnectionMultiplexer> [|Redis|] = new(() => ConnectionMultiplexer.Connect(\"redis\")); public static ConnectionMultiplexer Get() => Redis.Value;")]
    [InlineData("private static readonly Lazy<Task<ConnectionMultiplexer>> [|Redis|] = new(Connect); private static Task<ConnectionMultiplexer> Connect() => ConnectionMultiplexer.ConnectAsync(\"redis\", null);")]
    [InlineData("private static IConnectionMultiplexer? [|_redis|]; public static IConnectionMultiplexer Get() { if (_redis is null) { var made = ConnectionMultiplexer.Connect(\"redis\"); _redis = made; } return _redis; }")]
    [InlineData("private static IConnectionMultiplexer? [|_redis|]; public static IConnectionMultiplexer Get() => LazyInitializer.EnsureInitialized(ref _redis, () => ConnectionMultiplexer.Connect(\"redis\"));")]
    [InlineData("private static IConnectionMultiplexer? [|_redis|]; public static void Reconnect() => Interlocked.Exchange(ref _redis, ConnectionMultiplexer.Connect(\"redis\"));")]
    [InlineData("public static IConnectionMultiplexer [|Redis|] { get; } = ConnectionMultiplexer.Connect(\"redis\");")]
    [InlineData("private static IConnectionMultiplexer? [|_redis|]; public static IConnectionMultiplexer Redis => _redis ??= Connect(); private static IConnectionMultiplexer Connect() { return ConnectionMultiplexer.Connect(\"redis\"); }")]
    public Task StaticHolders(string members) => ReportsAsync(
        $$"""
        using StackExchange.Redis;

        public static class Holder
        {
            {{members}}
            public static void Main() { }
        }
        """,
        Pools);

    /// <summary>A class that opens a pool and has no member that closes it; in libraries too.</summary>
    [Theory]
    [InlineData("private readonly IConnectionMultiplexer [|_redis|] = ConnectionMultiplexer.Connect(\"redis\");")]
    [InlineData("private readonly NpgsqlDataSource [|_database|]; public Store(string connection) { _database = NpgsqlDataSource.Create(connection); }")]
    [InlineData("private readonly NpgsqlDataSource [|_database|]; public Store(string connection) { var builder = new NpgsqlDataSourceBuilder(connection); _database = builder.Build(); }")]
    [InlineData("private readonly Lazy<ConnectionMultiplexer> [|_redis|]; public Store() => _redis = new Lazy<ConnectionMultiplexer>(() => ConnectionMultiplexer.Connect(\"redis\")); public ConnectionMultiplexer Redis => _redis.Value;")]
    [InlineData("private RabbitMQ.Client.IConnection? [|_connection|]; private RabbitMQ.Client.IChannel? _channel; public async Task OpenAsync(RabbitMQ.Client.IConnectionFactory factory) { _connection = await factory.CreateConnectionAsync(); _channel = await _connection.CreateChannelAsync(); }")]
    [InlineData("public NpgsqlDataSource [|Database|] { get; } = NpgsqlDataSource.Create(\"Host=db\"); public void Use() { using var command = Database.CreateCommand(\"\"); }")]
    public Task InstanceFields(string members) => ReportsAsync(
        $$"""
        using Npgsql;
        using StackExchange.Redis;

        public class Store
        {
            {{members}}
        }
        """,
        Library);

    [Fact]
    public Task InstanceFieldIsClosedWhereTheServiceIsInjected() => FixesAsync(
        """
        using ShutdownAnalyzers.Runtime;
        using StackExchange.Redis;

        public sealed class Store
        {
            private readonly ConnectionMultiplexer [|_redis|];

            public Store(IGracefulShutdown shutdown)
            {
                _redis = ConnectionMultiplexer.Connect("redis");
            }
        }
        """,
        """
        using ShutdownAnalyzers.Runtime;
        using StackExchange.Redis;

        public sealed class Store
        {
            private readonly ConnectionMultiplexer _redis;

            public Store(IGracefulShutdown shutdown)
            {
                _redis = ConnectionMultiplexer.Connect("redis");
                shutdown.OnCleanup("redis", _ => _redis.DisposeAsync());
            }
        }
        """,
        Library);

    /// <summary>A member of the class closes it.</summary>
    [Theory]
    [InlineData("public void Dispose() => _redis?.Dispose();")]
    [InlineData("public async ValueTask DisposeAsync() { if (_redis is not null) await _redis.DisposeAsync().ConfigureAwait(false); }")]
    [InlineData("public async Task StopAsync(CancellationToken token) { await _redis!.CloseAsync(); }")]
    [InlineData("public void Dispose() => (_redis as IDisposable)?.Dispose();")]
    [InlineData("public void Dispose() => ((IDisposable)_redis!).Dispose();")]
    [InlineData("public void Dispose() { var redis = _redis; _redis = null; redis?.Dispose(); }")]
    [InlineData("public void Dispose() { var redis = Interlocked.Exchange(ref _redis, null); redis?.Dispose(); }")]
    [InlineData("public void Dispose() => Interlocked.Exchange(ref _redis, null)?.Dispose();")]
    [InlineData("public void Dispose() { using (_redis) { } }")]
    [InlineData("public void Dispose() { using var redis = _redis; }")]
    [InlineData("public async ValueTask DisposeAsync() { await using var redis = _redis; }")]
    [InlineData("public void Dispose() { if (_redis is IDisposable disposable) disposable.Dispose(); }")]
    [InlineData("public void Dispose() { if (_redis is { } redis) redis.Dispose(); }")]
    [InlineData("public void Dispose() => Close(_redis); private static void Close(IDisposable? disposable) => disposable?.Dispose();")]
    [InlineData("public void Dispose() { foreach (var disposable in new IDisposable?[] { _redis }) disposable?.Dispose(); }")]
    [InlineData("public void Dispose() { IDisposable?[] all = [_redis]; foreach (var disposable in all) disposable?.Dispose(); }")]
    [InlineData("private readonly List<IDisposable> _all = new(); public void Add() => _all.Add(_redis!); public void Dispose() { foreach (var one in _all) one.Dispose(); }")]
    [InlineData("private readonly Stack<IDisposable> _all = new(); public void Add() => _all.Push(_redis!); public void Dispose() { while (_all.TryPop(out var one)) one.Dispose(); }")]
    [InlineData("private readonly Composite _all = new(); public void Add() => _all.Add(_redis!); public void Dispose() => _all.Dispose();")]
    [InlineData("public void Use(HttpContext context) => context.Response.RegisterForDispose(_redis!);")]
    [InlineData("public void Use(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopped.Register(() => _redis?.Dispose());")]
    [InlineData("public void Use(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopped.Register(_redis!.Dispose);")]
    [InlineData("public void Use(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopped.Register(OnStopped); private void OnStopped() => _redis?.Close();")]
    [InlineData("public void Use(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopped.Register(static state => ((IDisposable)state!).Dispose(), _redis);")]
    [InlineData("public void Use(ShutdownAnalyzers.Runtime.IGracefulShutdown shutdown) => shutdown.OnCleanup(\"redis\", async _ => await _redis!.CloseAsync());")]
    [InlineData("public async Task UseAsync() { try { await Task.Delay(1); } finally { await _redis!.DisposeAsync(); } }")]
    [InlineData("public IConnectionMultiplexer Redis => _redis!; public static void Stop(Store store) => store.Redis.Dispose();")]
    [InlineData("public Task DisposeAllAsync() => Task.WhenAll(_redis!.DisposeAsync().AsTask());")]
    [InlineData("public void Register(IServiceCollection services) => services.AddSingleton(_ => _redis!);")]
    [InlineData("public Owner Give() => new Owner(_redis!); public sealed class Owner(IConnectionMultiplexer redis) : IDisposable { public void Dispose() => redis.Dispose(); }")]
    [InlineData("public Owner Give() => new(_redis!); public sealed class Owner : IDisposable { private readonly IConnectionMultiplexer _mine; public Owner(IConnectionMultiplexer redis) { _mine = redis; } public void Dispose() => _mine.Dispose(); }")]
    public Task ClosedByAMember(string members) => QuietAsync(
        $$"""
        using StackExchange.Redis;

        public partial class Store
        {
            private IConnectionMultiplexer? _redis = ConnectionMultiplexer.Connect("redis");

            {{members}}

            public IDatabase Database => _redis!.GetDatabase();
        }

        public sealed class Composite : IDisposable
        {
            private readonly List<IDisposable> _all = new();
            public void Add(IDisposable disposable) => _all.Add(disposable);
            public void Dispose() => _all.ForEach(disposable => disposable.Dispose());
        }
        """,
        Library);

    [Fact]
    public Task ClosedInAnotherPart() => QuietAsync(
        """
        using StackExchange.Redis;

        public partial class Store
        {
            private readonly ConnectionMultiplexer _redis = ConnectionMultiplexer.Connect("redis");
        }
        """,
        code =>
        {
            Library(code);
            code.OtherFiles.Add(("Store.Dispose.cs", "public partial class Store : System.IDisposable { public void Dispose() { Dispose(true); } protected virtual void Dispose(bool disposing) { if (disposing) _redis.Dispose(); } }"));
        });

    [Fact]
    public Task ClosedByADerivedClass() => QuietAsync(
        """
        using StackExchange.Redis;

        public abstract class Store
        {
            protected IConnectionMultiplexer Redis { get; } = ConnectionMultiplexer.Connect("redis");
        }

        public sealed class Closing : Store, IDisposable
        {
            public void Dispose() => Redis.Dispose();
        }
        """,
        Library);

    /// <summary>Given by somebody else, who closes it.</summary>
    [Theory]
    [InlineData("private readonly IConnectionMultiplexer _redis; public Store(IConnectionMultiplexer redis) => _redis = redis;")]
    [InlineData("private readonly IConnectionMultiplexer _redis; public Store(IServiceProvider services) => _redis = services.GetRequiredService<IConnectionMultiplexer>();")]
    [InlineData("private readonly Func<IConnectionMultiplexer> _connect = () => ConnectionMultiplexer.Connect(\"redis\");")]
    [InlineData("private RabbitMQ.Client.IChannel? _channel; private readonly RabbitMQ.Client.IConnection _connection = Connect(); private static RabbitMQ.Client.IConnection Connect() => new RabbitMQ.Client.ConnectionFactory().CreateConnectionAsync().Result; public async Task OpenAsync() => _channel = await _connection.CreateChannelAsync(); public void Dispose() => _connection.Dispose();")]
    [InlineData("private readonly IConnectionMultiplexer _redis = new Fake(); private sealed class Fake : StackExchange.Redis.Fakes { }")]
    [InlineData("private static readonly IConnectionMultiplexer Redis = ConnectionMultiplexer.Connect(\"redis\");")]
    public Task NotItsOwn(string members) => QuietAsync(
        $$"""
        using StackExchange.Redis;

        public class Store
        {
            {{members}}
        }

        namespace StackExchange.Redis
        {
            public abstract class Fakes : IConnectionMultiplexer { }
        }
        """,
        code =>
        {
            Library(code);
            code.MayNotCompile = true;
        });

    /// <summary>Locals whose ownership moves, and locals that are no entry point's.</summary>
    [Theory]
    [InlineData("using var redis = Connect();")]
    [InlineData("await using var redis = Connect();")]
    [InlineData("var redis = Connect(); await using (redis) { }")]
    [InlineData("var redis = Connect(); try { } finally { await redis.DisposeAsync(); }")]
    [InlineData("var redis = Connect(); app.Run(); redis.Close();")]
    [InlineData("var redis = Connect(); app.Lifetime.ApplicationStopped.Register(redis.Dispose);")]
    [InlineData("var redis = Connect(); AppDomain.CurrentDomain.ProcessExit += (_, _) => redis.Dispose();")]
    [InlineData("var redis = Connect(); Holder.Redis = redis;")]
    [InlineData("var redis = Connect(); new Holder { Owned = redis }.Dispose();")]
    [InlineData("var redis = Connect(); builder.Services.AddSingleton(redis);")]
    [InlineData("var redis = Connect(); builder.Services.AddSingleton<IConnectionMultiplexer>(_ => redis);")]
    [InlineData("var redis = Connect(); var all = new List<IAsyncDisposable> { redis }; foreach (var one in all) await one.DisposeAsync();")]
    [InlineData("var redis = Connect(); var all = new List<object>(); all.Add(redis); foreach (var one in all) (one as IDisposable)?.Dispose();")]
    [InlineData("var redis = Connect(); CloseLater(redis); void CloseLater(ConnectionMultiplexer mine) => app.Lifetime.ApplicationStopped.Register(() => mine.Dispose());")]
    [InlineData("app.MapGet(\"/\", () => { var redis = Connect(); return redis.IsConnected; });")]
    [InlineData("Use(); static void Use() { var redis = Connect(); redis.GetDatabase(); }")]
    public Task LocalsThatMove(string statements) => QuietAsync(
        $$"""
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();
        {{statements}}
        app.Run();
        await Task.CompletedTask;

        static ConnectionMultiplexer Connect() => ConnectionMultiplexer.Connect("redis");

        sealed class Holder : IDisposable
        {
            public static ConnectionMultiplexer? Redis;
            public ConnectionMultiplexer? Owned { get; set; }
            public void Dispose() { Owned?.Dispose(); Redis?.Dispose(); }
        }
        """,
        Brokers);

    /// <summary>Lent, not given away.</summary>
    [Theory]
    [InlineData("var [|redis|] = Connect(); Use(redis);")]
    [InlineData("var [|redis|] = Connect(); builder.Services.AddSingleton(_ => redis.GetDatabase());")]
    [InlineData("var [|redis|] = Connect(); _ = new Borrower(redis);")]
    [InlineData("var [|redis|] = Connect(); var alias = redis; Console.WriteLine(alias);")]
    [InlineData("var [|redis|] = Connect(); var list = new List<ConnectionMultiplexer> { redis }; Console.WriteLine(list.Count);")]
    [InlineData("IConnectionMultiplexer? [|redis|] = null; if (args.Length > 0) redis = Connect(); Console.WriteLine(redis);")]
    public Task LocalsThatAreLent(string statements) => ReportsAsync(
        $$"""
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        {{statements}}
        builder.Build().Run();

        static ConnectionMultiplexer Connect() => ConnectionMultiplexer.Connect("redis");
        static void Use(IConnectionMultiplexer redis) => Console.WriteLine(redis.IsConnected);

        sealed class Borrower(IConnectionMultiplexer redis) { public IDatabase Database => redis.GetDatabase(); }
        """,
        Pools);

    [Fact]
    public Task TypesOfTheUsersOwn() => ReportsAsync(
        """
        var [|ledger|] = Shop.Ledger.LedgerClient.Open();
        Console.WriteLine(ledger);

        namespace Shop.Ledger
        {
            public sealed class LedgerClient
            {
                public static LedgerClient Open() => new();
                public void Close() { }
            }
        }
        """,
        code => code.GlobalConfig.Add("shutdown_analyzers.pool_types = Shop.Other, Shop.Ledger.LedgerClient"));

    [Theory]
    [InlineData("class A { IConnectionMultiplexer _a = ConnectionMultiplexer.Connect(; }")]
    [InlineData("var a = ConnectionMultiplexer.Connect(a); a = a;")]
    [InlineData("class A { static Lazy<ConnectionMultiplexer> _a = new(() => _a.Value); ConnectionMultiplexer B => B; static ConnectionMultiplexer C() => C(); ConnectionMultiplexer _d = C(); }")]
    [InlineData("var r = ConnectionMultiplexer.Connect(\"\"); Unknown(r); new Missing(r) { A = r }; r?.; foreach (var x in r) x.Dispose();")]
    public Task BrokenCode(string code) => NeverThrowsAsync(
        $$"""
        using StackExchange.Redis;
        {{code}}
        namespace StackExchange.Redis
        {
            public interface IConnectionMultiplexer : IDisposable { }
            public class ConnectionMultiplexer : IConnectionMultiplexer { public static ConnectionMultiplexer Connect(string s) => Connect(s); public void Dispose() { } }
        }
        """);

    [Fact]
    public Task HandedToAReferencedProjectWhoseSourcesTheEditorHas() => ReportsAsync(
        """
        using StackExchange.Redis;

        var [|redis|] = ConnectionMultiplexer.Connect("redis");
        new Company.Client(redis).Run();
        """,
        code =>
        {
            Pools(code);
            code.MoreReferences.Add(References.ProjectWith(
                """
                namespace Company
                {
                    public class Client(StackExchange.Redis.IConnectionMultiplexer redis)
                    {
                        public void Run() => redis.GetDatabase();
                    }
                }
                """,
                References.Pools));
        });

    [Fact]
    public Task MadeByAReferencedProjectWhoseSourcesTheEditorHas() => QuietAsync(
        """
        using StackExchange.Redis;

        IConnectionMultiplexer redis = Company.Client.Connect();
        redis.GetDatabase();
        """,
        code =>
        {
            Pools(code);
            code.MoreReferences.Add(References.ProjectWith(
                """
                namespace Company
                {
                    public static class Client
                    {
                        public static StackExchange.Redis.IConnectionMultiplexer Connect() => StackExchange.Redis.ConnectionMultiplexer.Connect("redis");
                    }
                }
                """,
                References.Pools));
        });
}
