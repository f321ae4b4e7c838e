using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Resources;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Resources;

public sealed class InstanceNotDisposedByContainerTests : RuleTest<InstanceNotDisposedByContainer, InstanceNotDisposedByContainerFix>
{
    private static readonly Action<Code> Pools = code => code.MoreReferences.AddRange(References.Pools);

    private static readonly Action<Code> Brokers = code =>
    {
        code.MoreReferences.AddRange(References.Pools);
        code.MoreReferences.AddRange(References.Brokers);
    };

    /// <summary>Each form of registration, and the factory form of it.</summary>
    [Theory]
    [InlineData("services.AddSingleton([|ConnectionMultiplexer.Connect(\"redis\")|]);", "services.AddSingleton(_ => ConnectionMultiplexer.Connect(\"redis\"));")]
    [InlineData("services.AddSingleton<IConnectionMultiplexer>([|ConnectionMultiplexer.Connect(\"redis\")|]);", "services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(\"redis\"));")]
    [InlineData("services.AddSingleton(typeof(IConnectionMultiplexer), [|ConnectionMultiplexer.Connect(\"redis\")|]);", "services.AddSingleton(typeof(IConnectionMultiplexer), _ => ConnectionMultiplexer.Connect(\"redis\"));")]
    [InlineData("services.TryAddSingleton<IConnectionMultiplexer>([|ConnectionMultiplexer.Connect(\"redis\")|]);", "services.TryAddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(\"redis\"));")]
    [InlineData("services.AddKeyedSingleton<IConnectionMultiplexer>(\"a\", [|ConnectionMultiplexer.Connect(\"redis\")|]);", "services.AddKeyedSingleton<IConnectionMultiplexer>(\"a\", (_, _) => ConnectionMultiplexer.Connect(\"redis\"));")]
    [InlineData("services.AddKeyedSingleton(typeof(IConnectionMultiplexer), \"a\", [|ConnectionMultiplexer.Connect(\"redis\")|]);", "services.AddKeyedSingleton(typeof(IConnectionMultiplexer), \"a\", (_, _) => ConnectionMultiplexer.Connect(\"redis\"));")]
    [InlineData("services.TryAddKeyedSingleton<IConnectionMultiplexer>(\"a\", [|ConnectionMultiplexer.Connect(\"redis\")|]);", "services.TryAddKeyedSingleton<IConnectionMultiplexer>(\"a\", (_, _) => ConnectionMultiplexer.Connect(\"redis\"));")]
    [InlineData("services.Add(ServiceDescriptor.Singleton<IConnectionMultiplexer>([|ConnectionMultiplexer.Connect(\"redis\")|]));", "services.Add(ServiceDescriptor.Singleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(\"redis\")));")]
    [InlineData("services.TryAdd(ServiceDescriptor.Singleton(typeof(IConnectionMultiplexer), [|ConnectionMultiplexer.Connect(\"redis\")|]));", "services.TryAdd(ServiceDescriptor.Singleton(typeof(IConnectionMultiplexer), _ => ConnectionMultiplexer.Connect(\"redis\")));")]
    [InlineData("services.Add(new ServiceDescriptor(typeof(IConnectionMultiplexer), [|ConnectionMultiplexer.Connect(\"redis\")|]));", "services.Add(new ServiceDescriptor(typeof(IConnectionMultiplexer), _ => ConnectionMultiplexer.Connect(\"redis\"), ServiceLifetime.Singleton));")]
    [InlineData("services.Replace(ServiceDescriptor.KeyedSingleton<IConnectionMultiplexer>(\"a\", [|ConnectionMultiplexer.Connect(\"redis\")|]));", "services.Replace(ServiceDescriptor.KeyedSingleton<IConnectionMultiplexer>(\"a\", (_, _) => ConnectionMultiplexer.Connect(\"redis\")));")]
    [InlineData("services.AddSingleton<IConnectionMultiplexer>(implementationInstance: [|ConnectionMultiplexer.Connect(\"redis\")|]);", "services.AddSingleton<IConnectionMultiplexer>(implementationFactory: _ => ConnectionMultiplexer.Connect(\"redis\"));")]
    [InlineData("services.AddSingleton<IConnectionMultiplexer>([|ConnectionMultiplexer.ConnectAsync(\"redis\").Result|]);", "services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.ConnectAsync(\"redis\").Result);")]
    [InlineData("services.AddSingleton<IConnectionMultiplexer>([|ConnectionMultiplexer.ConnectAsync(\"redis\").GetAwaiter().GetResult()|]);", "services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.ConnectAsync(\"redis\").GetAwaiter().GetResult());")]
    [InlineData("var redis = ConnectionMultiplexer.ConnectAsync(\"redis\").Result; services.AddSingleton<IConnectionMultiplexer>([|redis|]);", "services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.ConnectAsync(\"redis\").Result);")]
    [InlineData("services.AddSingleton([|NpgsqlDataSource.Create(\"Host=db\")|]);", "services.AddSingleton(_ => NpgsqlDataSource.Create(\"Host=db\"));")]
    [InlineData("services.AddSingleton([|new NpgsqlDataSourceBuilder(\"Host=db\").Build()|]);", "services.AddSingleton(_ => new NpgsqlDataSourceBuilder(\"Host=db\").Build());")]
    [InlineData("services.AddSingleton<System.Data.Common.DbDataSource>([|NpgsqlDataSource.Create(\"Host=db\")|]);", "services.AddSingleton<System.Data.Common.DbDataSource>(_ => NpgsqlDataSource.Create(\"Host=db\"));")]
    public Task Forms(string registration, string factory) => FixesAsync(InProgram(registration), InProgram(factory), Pools);

    private static string InProgram(string registration) =>
        $$"""
        using Microsoft.Extensions.DependencyInjection.Extensions;
        using Npgsql;
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        var services = builder.Services;
        {{registration}}
        builder.Build().Run();
        """;

    /// <summary>Every library whose package is at hand.</summary>
    [Theory]
    [InlineData("new MongoDB.Driver.MongoClient(\"mongodb://db\")")]
    [InlineData("new MySqlConnector.MySqlDataSource(\"Server=db\")")]
    [InlineData("new MySqlConnector.MySqlDataSourceBuilder(\"Server=db\").Build()")]
    [InlineData("new RabbitMQ.Client.ConnectionFactory().CreateConnectionAsync().GetAwaiter().GetResult()")]
    [InlineData("new Confluent.Kafka.ProducerBuilder<string, string>(new Confluent.Kafka.ProducerConfig()).Build()")]
    [InlineData("new Confluent.Kafka.AdminClientBuilder(new Confluent.Kafka.AdminClientConfig()).Build()")]
    [InlineData("Grpc.Net.Client.GrpcChannel.ForAddress(\"http://orders\")")]
    [InlineData("new MQTTnet.MqttClientFactory().CreateMqttClient()")]
    [InlineData("OpenTelemetry.Sdk.CreateTracerProviderBuilder().Build()")]
    [InlineData("new Serilog.LoggerConfiguration().CreateLogger()")]
    [InlineData("new NLog.LogFactory()")]
    public Task Libraries(string creation) => ReportsAsync(
        $"""
        using OpenTelemetry;
        using OpenTelemetry.Trace;

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton([|{creation}|]);
        builder.Build().Run();
        """,
        Brokers);

    /// <summary>What is disposable but holds nothing that outlives the process.</summary>
    [Theory]
    [InlineData("new HttpClient()")]
    [InlineData("new System.Diagnostics.ActivitySource(\"shop\")")]
    [InlineData("new System.Diagnostics.Metrics.Meter(\"shop\")")]
    [InlineData("new SemaphoreSlim(1)")]
    [InlineData("System.Text.Json.JsonDocument.Parse(\"{}\")")]
    [InlineData("new MemoryStream()")]
    [InlineData("new CancellationTokenSource()")]
    [InlineData("new Random()")]
    public Task NoPools(string creation) => QuietAsync(
        $"""
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton({creation});
        builder.Build().Run();
        """);

    [Fact]
    public Task LocalMovesIntoTheFactory() => FixesAsync(
        """
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);

        var configuration = builder.Configuration["Redis"] ?? "localhost";
        var redis = ConnectionMultiplexer.Connect(configuration);
        builder.Services.AddSingleton<IConnectionMultiplexer>([|redis|]);
        builder.Build().Run();
        """,
        """
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);

        var configuration = builder.Configuration["Redis"] ?? "localhost";
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(configuration));
        builder.Build().Run();
        """,
        Pools);

    [Fact]
    public Task TypeOfTheLocalStaysTheServiceAndCommentsStay() => FixesAsync(
        """
        using StackExchange.Redis;

        public class Startup
        {
            public void ConfigureServices(IServiceCollection services)
            {
                // One connection for all.
                IConnectionMultiplexer redis = ConnectionMultiplexer.Connect("redis");
                services.AddLogging().AddSingleton([|redis|]);
            }

            public static void Main() => Host.CreateDefaultBuilder().Build().Run();
        }
        """,
        """
        using StackExchange.Redis;

        public class Startup
        {
            public void ConfigureServices(IServiceCollection services)
            {
                // One connection for all.
                services.AddLogging().AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect("redis"));
            }

            public static void Main() => Host.CreateDefaultBuilder().Build().Run();
        }
        """,
        Pools);

    [Fact]
    public Task NeededEarlyIsClosedInACleanupHandler() => FixesAsync(
        """
        using Microsoft.AspNetCore.DataProtection;
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var multiplexer = await ConnectionMultiplexer.ConnectAsync("redis");
        builder.Services.AddSingleton<IConnectionMultiplexer>([|multiplexer|]); // shared
        Console.WriteLine(multiplexer.IsConnected);
        builder.Build().Run();
        """,
        """
        using Microsoft.AspNetCore.DataProtection;
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var multiplexer = await ConnectionMultiplexer.ConnectAsync("redis");
        builder.Services.AddSingleton<IConnectionMultiplexer>(multiplexer); // shared
        builder.Services.AddShutdownCleanup<IConnectionMultiplexer>("redis", (redis, _) => redis.DisposeAsync());
        Console.WriteLine(multiplexer.IsConnected);
        builder.Build().Run();
        """,
        Pools);

    [Theory]
    [InlineData("MongoDB.Driver.IMongoClient", "new MongoDB.Driver.MongoClient()", "mongo", "{ mongo.Dispose(); return default; }")]
    [InlineData("MySqlConnector.MySqlDataSource", "new MySqlConnector.MySqlDataSource(\"\")", "database", "database.DisposeAsync()")]
    [InlineData("Grpc.Net.Client.GrpcChannel", "Grpc.Net.Client.GrpcChannel.ForAddress(\"http://x\")", "grpc", "await grpc.ShutdownAsync()")]
    [InlineData("RabbitMQ.Client.IConnection", "await new RabbitMQ.Client.ConnectionFactory().CreateConnectionAsync()", "rabbitmq", "rabbitmq.DisposeAsync()")]
    public Task CloseMethods(string service, string creation, string name, string close)
    {
        var source =
            $$"""
            var builder = WebApplication.CreateBuilder(args);
            builder.AddGracefulShutdown();
            {{service}} pool = {{creation}};
            builder.Services.AddSingleton([|pool|]);
            Console.WriteLine(pool);
            builder.Build().Run();
            """;
        var handler = $"{(close.StartsWith("await", StringComparison.Ordinal) ? "async " : "")}({name}, _) => {close}";
        return FixesAsync(
            source,
            source.Replace("[|pool|]);", $"pool);\nbuilder.Services.AddShutdownCleanup<{service}>(\"{name}\", {handler});", StringComparison.Ordinal),
            Brokers);
    }

    [Fact]
    public Task OneInstanceUnderTwoTypesIsOneDefect() => ReportsAsync(
        """
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        var redis = ConnectionMultiplexer.Connect("redis");
        builder.Services.AddSingleton([|redis|]);
        builder.Services.AddSingleton<IConnectionMultiplexer>(redis);
        builder.Build().Run();
        """,
        Pools);

    [Theory]
    // It is awaited, and a factory can't await; nothing closes a keyed service.
    [InlineData("services.AddKeyedSingleton<IConnectionMultiplexer>(\"a\", [|redis|]);")]
    [InlineData("services.AddSingleton<IConnectionMultiplexer>([|await ConnectionMultiplexer.ConnectAsync(\"b\")|]); Console.WriteLine(redis);")]
    [InlineData("services.Add(ServiceDescriptor.Singleton<IConnectionMultiplexer>([|redis|]));")]
    public Task NoFixWhereNoneIsRight(string registration) => OffersNoFixAsync(
        $"""
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        var services = builder.Services;
        var redis = await ConnectionMultiplexer.ConnectAsync("redis");
        {registration}
        builder.Build().Run();
        """,
        Pools);

    [Fact]
    public Task NoCleanupHandlerWithoutTheRuntime() => OffersNoFixAsync(
        """
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        var redis = ConnectionMultiplexer.Connect("redis");
        builder.Services.AddSingleton([|redis|]);
        Console.WriteLine(redis.IsConnected);
        builder.Build().Run();
        """,
        code =>
        {
            Pools(code);
            code.Runtime = false;
        });

    [Fact]
    public Task ValuesThatChangeLaterAreNotCaptured() => FixesAsync(
        """
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var name = "a";
        var redis = ConnectionMultiplexer.Connect(name);
        builder.Services.AddSingleton([|redis|]);
        name = "b";
        builder.Build().Run();
        """,
        """
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var name = "a";
        var redis = ConnectionMultiplexer.Connect(name);
        builder.Services.AddSingleton(redis);
        builder.Services.AddShutdownCleanup<ConnectionMultiplexer>("redis", (redisService, _) => redisService.DisposeAsync());
        name = "b";
        builder.Build().Run();
        """,
        Pools);

    /// <summary>Created by a helper, held by a field: the container disposes neither.</summary>
    [Fact]
    public Task HelpersAndFields() => ReportsAsync(
        """
        using Npgsql;
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        var redis = Connect("redis");
        builder.Services.AddSingleton([|redis|]);
        builder.Services.AddSingleton([|Pools.Database|]);
        builder.Host.ConfigureServices((context, services) => services.AddSingleton<IConnectionMultiplexer>([|Connect("other")|]));
        builder.Build().Run();

        static ConnectionMultiplexer Connect(string name)
        {
            var options = ConfigurationOptions.Parse(name);
            return ConnectionMultiplexer.Connect(options);
        }

        static class Pools
        {
            public static readonly NpgsqlDataSource Database = new NpgsqlDataSourceBuilder("Host=db").Build();
        }
        """,
        Pools);

    /// <summary>The instance is closed by someone.</summary>
    [Theory]
    [InlineData("using var redis = Connect(); services.AddSingleton<IConnectionMultiplexer>(redis);", "")]
    [InlineData("await using var redis = Connect(); services.AddSingleton(redis);", "")]
    [InlineData("var redis = Connect(); services.AddSingleton(redis);", "await redis.DisposeAsync();")]
    [InlineData("var redis = Connect(); services.AddSingleton(redis);", "redis.Close();")]
    [InlineData("var redis = Connect(); services.AddSingleton(redis);", "app.Lifetime.ApplicationStopped.Register(redis.Dispose);")]
    [InlineData("var redis = Connect(); services.AddSingleton(redis);", "app.Lifetime.ApplicationStopped.Register(() => redis.Dispose());")]
    [InlineData("var redis = Connect(); services.AddSingleton(redis);", "app.Services.GetRequiredService<IGracefulShutdown>().OnCleanup(\"redis\", _ => redis.DisposeAsync());")]
    [InlineData("var redis = Connect(); services.AddSingleton<IConnectionMultiplexer>(redis); services.AddShutdownCleanup<IConnectionMultiplexer>(\"redis\", (x, _) => x.DisposeAsync());", "")]
    [InlineData("var redis = Connect(); services.AddSingleton<IConnectionMultiplexer>(redis); services.AddShutdownCleanup(\"redis\", async (IConnectionMultiplexer x, CancellationToken _) => await x.CloseAsync());", "")]
    [InlineData("services.AddSingleton<IConnectionMultiplexer>(Connect());", "app.Lifetime.ApplicationStopped.Register(() => app.Services.GetRequiredService<IConnectionMultiplexer>().Dispose());")]
    [InlineData("services.AddSingleton<IConnectionMultiplexer>(Connect());", "app.Lifetime.ApplicationStopped.Register(() => { var x = app.Services.GetService<IConnectionMultiplexer>(); x?.Close(); });")]
    [InlineData("services.AddSingleton<IConnectionMultiplexer>(Connect());", "using var closed = app.Services.GetRequiredService<IConnectionMultiplexer>();")]
    [InlineData("services.AddKeyedSingleton<IConnectionMultiplexer>(\"cache\", Connect());", "using var closed = app.Services.GetRequiredKeyedService<IConnectionMultiplexer>(\"cache\");")]
    [InlineData("var redis = Connect(); services.AddSingleton(redis); services.AddSingleton<IConnectionMultiplexer>(_ => redis);", "")]
    [InlineData("var redis = Connect(); services.AddSingleton(redis);", "try { app.Run(); } finally { Close(redis); }")]
    public Task Closed(string registration, string afterBuild) => QuietAsync(
        $$"""
        using ShutdownAnalyzers.Runtime;
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        var services = builder.Services;
        {{registration}}
        var app = builder.Build();
        {{afterBuild}}
        app.Run();
        await Task.CompletedTask;

        static ConnectionMultiplexer Connect() => ConnectionMultiplexer.Connect("redis");
        static void Close(IDisposable? disposable) => disposable?.Dispose();
        """,
        Pools);

    [Fact]
    public Task ClosedByAHostedServiceThatGetsIt() => QuietAsync(
        """
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton<IConnectionMultiplexer>(ConnectionMultiplexer.Connect("redis"));
        builder.Services.AddHostedService<RedisCloser>();
        builder.Build().Run();

        sealed class RedisCloser(IConnectionMultiplexer redis) : IHostedService
        {
            public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            public Task StopAsync(CancellationToken cancellationToken) => redis.CloseAsync();
        }
        """,
        Pools);

    /// <summary>Whoever made it may close it: a parameter, another container's, a decorator, a mock.</summary>
    [Fact]
    public Task NotMadeHere() => QuietAsync(
        """
        using System.Data.Common;
        using Npgsql;
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddShop(builder.Configuration.Get<IConnectionMultiplexer>()!);
        var other = new ServiceCollection().BuildServiceProvider();
        builder.Services.AddSingleton(other.GetRequiredService<IConnectionMultiplexer>());
        builder.Services.AddSingleton(new Mock<IConnectionMultiplexer>().Object);
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect("redis"));
        builder.Services.AddSingleton(sp => NpgsqlDataSource.Create("Host=db"));
        builder.Services.AddSingleton<NpgsqlMultiHostDataSource>();
        builder.Build().Run();

        static class Registrations
        {
            public static IServiceCollection AddShop(this IServiceCollection services, IConnectionMultiplexer redis) => services.AddSingleton(redis);
        }

        sealed class Mock<T> { public T Object => default!; }
        """,
        Pools);

    [Fact]
    public Task OtherContainersMethodsOfTheSameName() => QuietAsync(
        """
        using StackExchange.Redis;

        new Container().AddSingleton(ConnectionMultiplexer.Connect("redis"));
        WebApplication.CreateBuilder(args).Build().Run();

        sealed class Container { public void AddSingleton<T>(T instance) { } }
        """,
        Pools);

    /// <summary>Methods of packages that make the pool, the telemetry or the scheduler themselves: their services close it.</summary>
    [Theory]
    [InlineData("services.AddNpgsqlDataSource(\"Host=db\");")]
    [InlineData("services.AddStackExchangeRedisCache(options => options.Configuration = \"redis\");")]
    [InlineData("services.AddStackExchangeRedisCache(options => options.ConnectionMultiplexerFactory = async () => await ConnectionMultiplexer.ConnectAsync(\"redis\"));")]
    [InlineData("services.AddOpenTelemetry().WithTracing().WithMetrics();")]
    [InlineData("services.AddHangfire(configuration => { }); services.AddHangfireServer();")]
    [InlineData("services.AddQuartz(); services.AddQuartzHostedService();")]
    [InlineData("services.AddMassTransit(configurator => configurator.UsingInMemory());")]
    [InlineData("builder.Host.UseSerilog((context, configuration) => configuration.WriteTo.Console());")]
    [InlineData("services.AddSerilog(new LoggerConfiguration().CreateLogger(), dispose: true);")]
    // A scheduler or a bus that is registered as an instance is SHUT306's, when it is started.
    [InlineData("services.AddSingleton(Bus.Factory.CreateUsingInMemory(configurator => { }));")]
    [InlineData("services.AddSingleton(new BackgroundJobServer());")]
    public Task OwnedByAPackage(string statements) => QuietAsync(
        $$"""
        using Hangfire;
        using MassTransit;
        using Quartz;
        using Serilog;
        using StackExchange.Redis;

        var builder = WebApplication.CreateBuilder(args);
        var services = builder.Services;
        {{statements}}
        builder.Build().Run();
        """,
        code =>
        {
            Brokers(code);
            code.MoreReferences.AddRange(References.Registrations);
        });

    [Fact]
    public Task SilentInLibraries() => QuietAsync(
        """
        using StackExchange.Redis;

        public static class Registrations
        {
            public static void AddRedis(this IServiceCollection services) => services.AddSingleton(ConnectionMultiplexer.Connect("redis"));
        }
        """,
        code =>
        {
            Pools(code);
            code.OutputKind = OutputKind.DynamicallyLinkedLibrary;
        });

    [Fact]
    public Task TypesOfTheUsersOwn() => ReportsAsync(
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton([|new Shop.Ledger.LedgerClient()|]);
        builder.Services.AddSingleton<Shop.Ledger.ILedger>([|Shop.Ledger.LedgerClient.Connect()|]);
        builder.Build().Run();

        namespace Shop.Ledger
        {
            public interface ILedger { }
            public sealed class LedgerClient : ILedger, IDisposable
            {
                public static LedgerClient Connect() => new();
                public void Dispose() { }
            }
        }
        """,
        code => code.GlobalConfig.Add("shutdown_analyzers.pool_types = Shop.Ledger.LedgerClient"));

    [Theory]
    [InlineData("services.AddSingleton(redis);")]
    [InlineData("services.AddSingleton<>(ConnectionMultiplexer.Connect());")]
    [InlineData("services.AddSingleton<IConnectionMultiplexer>(ConnectionMultiplexer.Connect(")]
    [InlineData("var redis = redis; services.AddSingleton(redis);")]
    public Task BrokenCode(string registration) => NeverThrowsAsync(
        $$"""
        using StackExchange.Redis;
        var services = new ServiceCollection();
        {{registration}}
        namespace StackExchange.Redis
        {
            public interface IConnectionMultiplexer : IDisposable { }
            public class ConnectionMultiplexer : IConnectionMultiplexer { public static ConnectionMultiplexer Connect(string s) => Connect(s); public void Dispose() { } }
        }
        """);
}
