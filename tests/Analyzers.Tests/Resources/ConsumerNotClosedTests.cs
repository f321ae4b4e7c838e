using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Resources;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Resources;

public sealed class ConsumerNotClosedTests : RuleTest<ConsumerNotClosed, ConsumerNotClosedFix>
{
    private static readonly Action<Code> Kafka = code => code.MoreReferences.AddRange(References.Brokers);

    private static readonly Action<Code> Library = code =>
    {
        Kafka(code);
        code.OutputKind = OutputKind.DynamicallyLinkedLibrary;
    };

    [Fact]
    public Task UsingOfTopLevelStatements() => FixesAsync(
        """
        using Confluent.Kafka;

        var config = new ConsumerConfig { GroupId = "orders" };

        // One for all topics.
        using var consumer = new ConsumerBuilder<string, string>(config).[|Build|]();
        consumer.Subscribe("orders");

        while (!Console.KeyAvailable)
        {
            // Blocks.
            Console.WriteLine(consumer.Consume().Message.Value);
        }

        static class Other { }
        """,
        """
        using Confluent.Kafka;

        var config = new ConsumerConfig { GroupId = "orders" };

        // One for all topics.
        using var consumer = new ConsumerBuilder<string, string>(config).Build();
        try
        {
            consumer.Subscribe("orders");

            while (!Console.KeyAvailable)
            {
                // Blocks.
                Console.WriteLine(consumer.Consume().Message.Value);
            }
        }
        finally
        {
            consumer.Close();
        }

        static class Other { }
        """,
        Kafka);

    [Fact]
    public Task UsingStatementWithATryGetsAFinally() => FixesAsync(
        """
        using Confluent.Kafka;

        public static class Reader
        {
            public static void Run(ConsumerConfig config, CancellationToken token)
            {
                using (var consumer = new ConsumerBuilder<Ignore, string>(config).SetErrorHandler((_, e) => Console.WriteLine(e)).[|Build|]())
                {
                    consumer.Subscribe("orders");
                    try
                    {
                        while (true)
                            consumer.Consume(token);
                    }
                    catch (OperationCanceledException)
                    {
                    }
                }
            }
        }
        """,
        """
        using Confluent.Kafka;

        public static class Reader
        {
            public static void Run(ConsumerConfig config, CancellationToken token)
            {
                using (var consumer = new ConsumerBuilder<Ignore, string>(config).SetErrorHandler((_, e) => Console.WriteLine(e)).Build())
                {
                    consumer.Subscribe("orders");
                    try
                    {
                        while (true)
                            consumer.Consume(token);
                    }
                    catch (OperationCanceledException)
                    {
                    }
                    finally
                    {
                        consumer.Close();
                    }
                }
            }
        }
        """,
        Library);

    [Fact]
    public Task FieldIsClosedBeforeItsDisposal() => FixesAsync(
        """
        using Confluent.Kafka;

        public sealed class Orders : BackgroundService
        {
            private readonly IConsumer<string, string>? _consumer;

            public Orders(ConsumerConfig config)
            {
                _consumer = new ConsumerBuilder<string, string>(config).[|Build|]();
                _consumer.Subscribe("orders");
            }

            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => _consumer!.Consume(stoppingToken), stoppingToken);

            public override void Dispose()
            {
                // Last.
                _consumer?.Dispose();
                base.Dispose();
            }
        }
        """,
        """
        using Confluent.Kafka;

        public sealed class Orders : BackgroundService
        {
            private readonly IConsumer<string, string>? _consumer;

            public Orders(ConsumerConfig config)
            {
                _consumer = new ConsumerBuilder<string, string>(config).Build();
                _consumer.Subscribe("orders");
            }

            protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => _consumer!.Consume(stoppingToken), stoppingToken);

            public override void Dispose()
            {
                _consumer?.Close();
                // Last.
                _consumer?.Dispose();
                base.Dispose();
            }
        }
        """,
        Library);

    [Fact]
    public Task LocalOfAHostedProgramIsClosedInACleanupHandler() => FixesAsync(
        """
        using Confluent.Kafka;

        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).[|Build|]();
        consumer.Subscribe("orders");
        var host = builder.Build();
        _ = Task.Run(() => consumer.Consume(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        await host.RunAsync();
        """,
        """
        using Confluent.Kafka;
        using ShutdownAnalyzers.Runtime;

        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build();
        consumer.Subscribe("orders");
        var host = builder.Build();
        host.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("kafka consumer", _ => { consumer.Close(); return default; }, CleanupStage.StopIntake);
        _ = Task.Run(() => consumer.Consume(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        await host.RunAsync();
        """,
        Kafka);

    [Fact]
    public Task FixAllOnTwoOfOneBlock() => FixesAsync(
        """
        using Confluent.Kafka;

        public static class Reader
        {
            public static void Run(ConsumerConfig config)
            {
                using var first = new ConsumerBuilder<Ignore, string>(config).[|Build|]();
                using var second = new ConsumerBuilder<Ignore, string>(config).[|Build|]();
                first.Subscribe("a");
                second.Subscribe("b");
                first.Consume();
            }
        }
        """,
        """
        using Confluent.Kafka;

        public static class Reader
        {
            public static void Run(ConsumerConfig config)
            {
                using var first = new ConsumerBuilder<Ignore, string>(config).Build();
                try
                {
                    using var second = new ConsumerBuilder<Ignore, string>(config).Build();
                    try
                    {
                        first.Subscribe("a");
                        second.Subscribe("b");
                        first.Consume();
                    }
                    finally
                    {
                        second.Close();
                    }
                }
                finally
                {
                    first.Close();
                }
            }
        }
        """,
        code =>
        {
            Library(code);
            code.FixAllIterations = 1;
        });

    [Theory]
    // A field that nobody disposes of, several declarators, a local function below, a field of somebody else's type.
    [InlineData("private readonly IConsumer<string, string> _consumer = Builder.[|Build|](); public void Start() => _consumer.Subscribe(\"a\");")]
    [InlineData("public void Run() { var consumer = Builder.[|Build|](); var topic = \"a\"; Start(); void Start() => consumer.Subscribe(topic); }")]
    [InlineData("private IConsumer<string, string>? _consumer; public void Run() { _consumer = Builder.[|Build|](); _consumer.Subscribe(\"a\"); } public void Stop() { _consumer!.Dispose(); } public void Dispose() { _consumer!.Dispose(); }")]
    public Task NoFixWhereNoPlaceIsSafe(string members) => OffersNoFixAsync(InClass(members), Library);

    /// <summary>Disposed of or dropped, without leaving the group.</summary>
    [Theory]
    [InlineData("public void Run() { using var c = Builder.[|Build|](); c.Subscribe(\"a\"); c.Consume(); }")]
    [InlineData("public void Run() { var c = Builder.[|Build|](); c.Subscribe(new[] { \"a\" }); try { c.Consume(); } finally { c.Dispose(); } }")]
    [InlineData("public void Run() { var c = Builder.[|Build|](); c.Subscribe(\"a\"); c.Unsubscribe(); }")]
    [InlineData("public void Run() { IConsumer<string, string> c; c = Builder.[|Build|](); c.Subscribe(\"a\"); }")]
    [InlineData("public void Run() { using var c = Create(); c.Subscribe(\"a\"); } private IConsumer<string, string> Create() => Builder.[|Build|]();")]
    [InlineData("public void Run() { using var c = Create(); c.Consume(); } private IConsumer<string, string> Create() { var c = Builder.[|Build|](); c.Subscribe(\"a\"); return c; }")]
    [InlineData("public void Run() { var c = Builder.[|Build|](); Use(c); } private static void Use(IConsumer<string, string> c) { using (c) { c.Subscribe(\"a\"); } }")]
    [InlineData("public void Run() => Task.Run(() => { using var c = Builder.[|Build|](); c.Subscribe(\"a\"); });")]
    [InlineData("public void Run() => Task.Run(delegate { using var c = Builder.[|Build|](); c.Subscribe(\"a\"); });")]
    [InlineData("public void Run() { Go(); void Go() { using var c = Builder.[|Build|](); c.Subscribe(\"a\"); } }")]
    [InlineData("private readonly Lazy<IConsumer<string, string>> _c = new(() => Builder.[|Build|]()); public void Run() => _c.Value.Subscribe(\"a\"); public void Dispose() => _c.Value.Dispose();")]
    [InlineData("public void Run() { var all = new List<IDisposable>(); var c = Builder.[|Build|](); c.Subscribe(\"a\"); all.Add(c); foreach (var one in all) one.Dispose(); }")]
    public Task NotClosed(string members) => ReportsAsync(InClass(members), Library);

    /// <summary>Closed, somewhere, by someone.</summary>
    [Theory]
    [InlineData("public void Run() { using var c = Builder.Build(); c.Subscribe(\"a\"); try { c.Consume(); } finally { c.Close(); } }")]
    [InlineData("public void Run() { using (var c = Builder.Build()) { c.Subscribe(\"a\"); try { while (true) c.Consume(); } catch (OperationCanceledException) { c.Close(); } } }")]
    [InlineData("private IConsumer<string, string>? _c; public void Run() { _c = Builder.Build(); _c.Subscribe(\"a\"); } public void Dispose() { _c?.Close(); _c?.Dispose(); }")]
    [InlineData("private IConsumer<string, string>? _c; public void Run() { _c = Builder.Build(); _c.Subscribe(\"a\"); } public void Dispose() { Leave(); } private void Leave() { _c!.Close(); }")]
    [InlineData("private IConsumer<string, string>? _c; public void Run() { _c = Builder.Build(); _c.Subscribe(\"a\"); } public void Dispose() { Leave(_c); } private static void Leave(IConsumer<string, string>? c) => c?.Close();")]
    [InlineData("private IConsumer<string, string>? _c; public void Run() { _c = Builder.Build(); _c.Subscribe(\"a\"); } public void Dispose() { var c = Interlocked.Exchange(ref _c, null); c?.Close(); c?.Dispose(); }")]
    [InlineData("public void Run(CancellationToken token) { var c = Builder.Build(); c.Subscribe(\"a\"); token.Register(c.Close); }")]
    [InlineData("public void Run(IHostApplicationLifetime lifetime) { var c = Builder.Build(); c.Subscribe(\"a\"); lifetime.ApplicationStopping.Register(() => c.Close()); }")]
    [InlineData("public void Run(ShutdownAnalyzers.Runtime.IGracefulShutdown shutdown) { var c = Builder.Build(); c.Subscribe(\"a\"); shutdown.OnCleanup(\"c\", _ => { c.Close(); return default; }); }")]
    [InlineData("private readonly List<IConsumer<string, string>> _all = new(); public void Run() { var c = Builder.Build(); c.Subscribe(\"a\"); _all.Add(c); } public void Dispose() => _all.ForEach(c => { c.Close(); c.Dispose(); });")]
    [InlineData("public void Run() { using var c = Create(); c.Subscribe(\"a\"); c.Close(); } private IConsumer<string, string> Create() => Builder.Build();")]
    public Task Closed(string members) => QuietAsync(InClass(members), Library);

    /// <summary>Somebody else's to close; or no member of a group, which has nothing to leave.</summary>
    [Theory]
    [InlineData("public IConsumer<string, string> Create() => Builder.Build();")]
    [InlineData("public IConsumer<string, string> Create() { var c = Builder.Build(); c.Subscribe(\"a\"); return c; }")]
    [InlineData("public Func<IConsumer<string, string>> Factory = () => Builder.Build();")]
    [InlineData("public void Run(Unknown other) { var c = Builder.Build(); c.Subscribe(\"a\"); other.Consumer = c; } public abstract class Unknown { public abstract IConsumer<string, string> Consumer { set; } }")]
    [InlineData("public void Register(IServiceCollection services) => services.AddSingleton(_ => Builder.Build());")]
    [InlineData("public void Ask() { using var c = Builder.Build(); c.QueryWatermarkOffsets(new TopicPartition(\"a\", 0), TimeSpan.FromSeconds(1)); }")]
    [InlineData("public void Read() { using var c = Builder.Build(); c.Assign(new TopicPartition(\"a\", 0)); c.Consume(); }")]
    public Task NotItsOwn(string members) => QuietAsync(InClass(members), Library);

    /// <summary>The container disposes of what its factories make, and closes no consumer.</summary>
    [Theory]
    [InlineData("builder.Services.AddSingleton<IConsumer<string, string>>(_ => new ConsumerBuilder<string, string>(new ConsumerConfig()).[|Build|]());", "")]
    [InlineData("builder.Services.AddSingleton(sp => { var c = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); c.Subscribe(\"a\"); return c; });", "public void Dispose() => consumer.Close();")]
    [InlineData("builder.Services.AddSingleton<IConsumer<string, string>>(_ => new ConsumerBuilder<string, string>(new ConsumerConfig()).Build());", "public void Dispose() => consumer.Close();")]
    [InlineData("builder.Services.AddSingleton<IConsumer<string, string>>(_ => new ConsumerBuilder<string, string>(new ConsumerConfig()).Build()); builder.Services.AddShutdownCleanup<IConsumer<string, string>>(\"c\", (c, _) => { c.Close(); return default; });", "")]
    public Task Services(string registration, string member) => ReportsAsync(
        $$"""
        using Confluent.Kafka;

        var builder = Host.CreateApplicationBuilder(args);
        {{registration}}
        builder.Services.AddHostedService<Orders>();
        builder.Build().Run();

        sealed class Orders(IConsumer<string, string> consumer) : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                consumer.Subscribe("orders");
                return Task.Run(() => consumer.Consume(stoppingToken));
            }

            {{member.Replace("public void", "public new void", StringComparison.Ordinal)}}
        }
        """,
        Kafka);

    [Fact]
    public Task ServiceIsClosedByAHandlerBesideItsRegistration() => FixesAsync(
        """
        using Confluent.Kafka;

        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        builder.Services
            .AddSingleton<IConsumer<string, string>>(_ => new ConsumerBuilder<string, string>(new ConsumerConfig()).[|Build|]())
            .AddHostedService<Orders>();
        builder.Build().Run();

        sealed class Orders(IConsumer<string, string> consumer) : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                consumer.Subscribe("orders");
                return Task.Run(() => consumer.Consume(stoppingToken));
            }
        }
        """,
        """
        using Confluent.Kafka;
        using ShutdownAnalyzers.Runtime;

        var builder = Host.CreateApplicationBuilder(args);
        builder.AddGracefulShutdown();
        builder.Services
            .AddSingleton<IConsumer<string, string>>(_ => new ConsumerBuilder<string, string>(new ConsumerConfig()).Build())
            .AddHostedService<Orders>();
        builder.Services.AddShutdownCleanup<IConsumer<string, string>>("kafka consumer", (kafkaConsumer, _) => { kafkaConsumer.Close(); return default; }, CleanupStage.StopIntake);
        builder.Build().Run();

        sealed class Orders(IConsumer<string, string> consumer) : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                consumer.Subscribe("orders");
                return Task.Run(() => consumer.Consume(stoppingToken));
            }
        }
        """,
        Kafka);

    [Theory]
    [InlineData("using var c = new ConsumerBuilder<string, string>(null).Build(; c.Subscribe(")]
    [InlineData("var c = c.Build(); new Missing<int>().Build().Subscribe();")]
    [InlineData("class A { IConsumer<,> _c = new ConsumerBuilder<>().Build(); }")]
    public Task BrokenCode(string code) => NeverThrowsAsync(
        $$"""
        using Confluent.Kafka;
        {{code}}
        namespace Confluent.Kafka
        {
            public interface IConsumer<K, V> : IDisposable { void Subscribe(string s); void Close(); }
            public class ConsumerBuilder<K, V>(object config) { public IConsumer<K, V> Build() => null!; }
        }
        """);

    private static string InClass(string members) =>
        $$"""
        using Confluent.Kafka;

        public class Reader
        {
            private static ConsumerBuilder<string, string> Builder => new(new ConsumerConfig());

            {{members}}
        }
        """;
}
