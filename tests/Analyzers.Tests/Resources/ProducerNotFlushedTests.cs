using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Resources;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Resources;

public sealed class ProducerNotFlushedTests : RuleTest<ProducerNotFlushed, ProducerNotFlushedFix>
{
    private static readonly Action<Code> Kafka = code => code.MoreReferences.AddRange(References.Brokers);

    private static readonly Action<Code> Library = code =>
    {
        Kafka(code);
        code.OutputKind = OutputKind.DynamicallyLinkedLibrary;
    };

    [Fact]
    public Task LocalOfMain() => FixesAsync(
        """
        using Confluent.Kafka;

        public static class Program
        {
            public static void Main(string[] args)
            {
                using var producer = new ProducerBuilder<Null, string>(new ProducerConfig()).Build();
                foreach (var line in args)
                    producer.[|Produce|]("lines", new Message<Null, string> { Value = line });
                producer.Produce("lines", new Message<Null, string> { Value = "end" });
            }
        }
        """,
        """
        using Confluent.Kafka;

        public static class Program
        {
            public static void Main(string[] args)
            {
                using var producer = new ProducerBuilder<Null, string>(new ProducerConfig()).Build();
                try
                {
                    foreach (var line in args)
                        producer.Produce("lines", new Message<Null, string> { Value = line });
                    producer.Produce("lines", new Message<Null, string> { Value = "end" });
                }
                finally
                {
                    producer.Flush(TimeSpan.FromSeconds(10));
                }
            }
        }
        """,
        Kafka);

    [Fact]
    public Task TopLevelStatementsWithoutUsings() => FixesAsync(
        """
        var producer = new Confluent.Kafka.ProducerBuilder<string, string>(new Confluent.Kafka.ProducerConfig()).Build();
        producer.[|Produce|]("a", new Confluent.Kafka.Message<string, string>());
        """,
        """
        var producer = new Confluent.Kafka.ProducerBuilder<string, string>(new Confluent.Kafka.ProducerConfig()).Build();
        try
        {
            producer.Produce("a", new Confluent.Kafka.Message<string, string>());
        }
        finally
        {
            producer.Flush(System.TimeSpan.FromSeconds(10));
        }
        """,
        code =>
        {
            Kafka(code);
            code.NetOnly = true;
            code.Runtime = false;
        });

    [Fact]
    public Task FieldIsFlushedBeforeItsDisposal() => FixesAsync(
        """
        using Confluent.Kafka;

        public sealed class Outbox(ProducerConfig config) : IDisposable
        {
            private readonly IProducer<Null, string> _producer = new ProducerBuilder<Null, string>(config).Build();

            public void Send(string text) => _producer.[|Produce|]("outbox", new Message<Null, string> { Value = text }, Log);

            private static void Log(DeliveryReport<Null, string> report) => Console.WriteLine(report.Status);

            public void Dispose()
            {
                _producer.Dispose();
            }
        }
        """,
        """
        using Confluent.Kafka;

        public sealed class Outbox(ProducerConfig config) : IDisposable
        {
            private readonly IProducer<Null, string> _producer = new ProducerBuilder<Null, string>(config).Build();

            public void Send(string text) => _producer.Produce("outbox", new Message<Null, string> { Value = text }, Log);

            private static void Log(DeliveryReport<Null, string> report) => Console.WriteLine(report.Status);

            public void Dispose()
            {
                _producer.Flush(TimeSpan.FromSeconds(10));
                _producer.Dispose();
            }
        }
        """,
        Library);

    [Fact]
    public Task StaticFieldIsFlushedInACleanupHandler() => FixesAsync(
        """
        using Confluent.Kafka;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        app.MapPost("/", () => Outbox.Producer?.[|Produce|]("outbox", new Message<Null, string>()));
        app.Run();

        static class Outbox
        {
            public static readonly IProducer<Null, string>? Producer = new ProducerBuilder<Null, string>(new ProducerConfig()).Build();
        }
        """,
        """
        using Confluent.Kafka;
        using ShutdownAnalyzers.Runtime;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var app = builder.Build();
        app.Services.GetRequiredService<IGracefulShutdown>().OnCleanup("kafka producer", cancellationToken => { Outbox.Producer?.Flush(cancellationToken); return default; }, CleanupStage.Flush);
        app.MapPost("/", () => Outbox.Producer?.Produce("outbox", new Message<Null, string>()));
        app.Run();

        static class Outbox
        {
            public static readonly IProducer<Null, string>? Producer = new ProducerBuilder<Null, string>(new ProducerConfig()).Build();
        }
        """,
        Kafka);

    [Fact]
    public Task FixAllOnTwoClasses() => FixesAsync(
        """
        using Confluent.Kafka;

        public sealed class A
        {
            private readonly IProducer<Null, string> _a = new ProducerBuilder<Null, string>(new ProducerConfig()).Build();
            public void Send() => _a.[|Produce|]("a", new Message<Null, string>());
            public void Dispose()
            {
                _a.Dispose();
            }
        }

        public sealed class B
        {
            private readonly IProducer<Null, string> _b = new ProducerBuilder<Null, string>(new ProducerConfig()).Build();
            public void Send() => _b.[|Produce|]("b", new Message<Null, string>());
            public void Dispose()
            {
                _b.Dispose();
            }
        }
        """,
        """
        using Confluent.Kafka;

        public sealed class A
        {
            private readonly IProducer<Null, string> _a = new ProducerBuilder<Null, string>(new ProducerConfig()).Build();
            public void Send() => _a.Produce("a", new Message<Null, string>());
            public void Dispose()
            {
                _a.Flush(TimeSpan.FromSeconds(10));
                _a.Dispose();
            }
        }

        public sealed class B
        {
            private readonly IProducer<Null, string> _b = new ProducerBuilder<Null, string>(new ProducerConfig()).Build();
            public void Send() => _b.Produce("b", new Message<Null, string>());
            public void Dispose()
            {
                _b.Flush(TimeSpan.FromSeconds(10));
                _b.Dispose();
            }
        }
        """,
        Library);

    [Fact]
    public Task DisposeWithAnArrowGetsABlock() => FixesAsync(
        """
        using System;
        using Confluent.Kafka;

        public sealed class Events : IDisposable
        {
            private readonly IProducer<string, byte[]> _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig()).Build();

            public void Send(byte[] body) => _producer.[|Produce|]("events", new Message<string, byte[]> { Value = body });

            // Last of all.
            public void Dispose() => _producer.Dispose();
        }
        """,
        """
        using System;
        using Confluent.Kafka;

        public sealed class Events : IDisposable
        {
            private readonly IProducer<string, byte[]> _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig()).Build();

            public void Send(byte[] body) => _producer.Produce("events", new Message<string, byte[]> { Value = body });

            // Last of all.
            public void Dispose()
            {
                _producer.Flush(TimeSpan.FromSeconds(10));
                _producer.Dispose();
            }
        }
        """,
        Library);

    [Fact]
    public Task ServiceIsFlushedByAHandlerBesideItsRegistration() => FixesAsync(
        """
        using Confluent.Kafka;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();

        // One for all.
        builder.Services.AddSingleton(_ => new ProducerBuilder<string, string>(new ProducerConfig()).Build());
        builder.Services.AddControllers();

        var app = builder.Build();
        app.MapPost("/orders", (IProducer<string, string> producer) => producer.[|Produce|]("orders", new Message<string, string>()));
        app.Run();

        public sealed class Audit(IProducer<string, string> producer)
        {
            public void Note(string text) => producer.[|Produce|]("audit", new Message<string, string> { Value = text });
        }
        """,
        """
        using Confluent.Kafka;
        using ShutdownAnalyzers.Runtime;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();

        // One for all.
        builder.Services.AddSingleton(_ => new ProducerBuilder<string, string>(new ProducerConfig()).Build());
        builder.Services.AddShutdownCleanup<IProducer<string, string>>("kafka producer", (kafkaProducer, cancellationToken) => { kafkaProducer.Flush(cancellationToken); return default; }, CleanupStage.Flush);
        builder.Services.AddControllers();

        var app = builder.Build();
        app.MapPost("/orders", (IProducer<string, string> producer) => producer.Produce("orders", new Message<string, string>()));
        app.Run();

        public sealed class Audit(IProducer<string, string> producer)
        {
            public void Note(string text) => producer.Produce("audit", new Message<string, string> { Value = text });
        }
        """,
        Kafka);

    /// <summary>After the disposal is too late for a handler, and so is the end of the program.</summary>
    [Fact]
    public Task NoFixAfterADisposalInACallback() => OffersNoFixAsync(
        """
        using Confluent.Kafka;

        var builder = WebApplication.CreateBuilder(args);
        builder.AddGracefulShutdown();
        var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build();

        var app = builder.Build();
        app.MapPost("/orders", () => producer.[|Produce|]("orders", new Message<string, string>()));
        app.Lifetime.ApplicationStopped.Register(() => producer.Dispose());
        app.Run();
        """,
        Kafka);

    [Theory]
    [InlineData("private readonly IProducer<Null, string> _producer = Builder.Build(); public void Send() => _producer.[|Produce|](\"a\", One);")]
    public Task NoFixWhereNoPlaceIsSafe(string members) => OffersNoFixAsync(InClass(members), Library);

    [Theory]
    [InlineData("public void Run() { using (var p = Builder.Build()) { p.[|Produce|](\"a\", One); } }")]
    [InlineData("public void Run() { var p = Builder.Build(); p.[|Produce|](new TopicPartition(\"a\", 0), One, r => Console.WriteLine(r.Offset)); p.Poll(TimeSpan.FromSeconds(1)); }")]
    [InlineData("public void Run() { var p = Builder.Build(); p.[|Produce|](\"a\", One, delegate { }); p.Dispose(); }")]
    [InlineData("public void Run() { var p = Builder.Build(); Send(); void Send() => p.[|Produce|](\"a\", One); }")]
    [InlineData("public void Run() { using var p = Builder.Build(); _ = p.[|ProduceAsync|](\"a\", One); }")]
    [InlineData("public void Run() { using var p = Builder.Build(); p.[|ProduceAsync|](\"a\", One); }")]
    [InlineData("public void Run() { using var p = Create(); p.[|Produce|](\"a\", One); } private static IProducer<Null, string> Create() => Builder.Build();")]
    [InlineData("private IProducer<Null, string>? _p; public void Start() => _p = Builder.Build(); public void Send() => _p?.[|Produce|](\"a\", One, Log); private void Log(DeliveryReport<Null, string> r) => Console.WriteLine(r.Error);")]
    public Task NotFlushed(string members) => ReportsAsync(InClass(members), Library);

    [Theory]
    [InlineData("public async Task Run() { using var p = Builder.Build(); await p.ProduceAsync(\"a\", One); }")]
    [InlineData("public async Task Run() { using var p = Builder.Build(); var sent = p.ProduceAsync(\"a\", One); await sent; }")]
    [InlineData("public async Task Run() { using var p = Builder.Build(); var all = new List<Task>(); all.Add(p.ProduceAsync(\"a\", One)); await Task.WhenAll(all); }")]
    [InlineData("public void Run() { using var p = Builder.Build(); p.ProduceAsync(\"a\", One).Wait(); }")]
    [InlineData("public Task Run(IProducer<Null, string> p) => p.ProduceAsync(\"a\", One);")]
    [InlineData("public void Run() { using var p = Builder.Build(); p.Produce(\"a\", One); p.Flush(); }")]
    [InlineData("public void Run() { using (var p = Builder.Build()) { p.Produce(\"a\", One, r => Console.WriteLine(r)); p.Flush(TimeSpan.FromSeconds(10)); } }")]
    [InlineData("public void Run() { using (var p = Builder.Build()) { p.Produce(\"a\", One); while (p.Flush(TimeSpan.FromSeconds(1)) > 0) { } } }")]
    [InlineData("public void Run() { using var p = Builder.Build(); p.InitTransactions(TimeSpan.MaxValue); p.BeginTransaction(); p.Produce(\"a\", One); p.CommitTransaction(); }")]
    [InlineData("private readonly IProducer<Null, string> _p = Builder.Build(); public void Send() => _p.Produce(\"a\", One); public void Dispose() { _p.Flush(TimeSpan.FromSeconds(5)); _p.Dispose(); }")]
    [InlineData("private readonly IProducer<Null, string> _p = Builder.Build(); public void Send() => _p.Produce(\"a\", One); public Task StopAsync(CancellationToken token) { Drain(_p, token); return Task.CompletedTask; } private static void Drain(IProducer<Null, string> p, CancellationToken token) => p.Flush(token);")]
    [InlineData("private readonly IProducer<Null, string> _p = Builder.Build(); public void Send() => _p.Produce(\"a\", One); public void Use(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopped.Register(() => _p.Flush());")]
    // Whoever waits for the delivery handler waits for the message.
    [InlineData("public Task Run(IProducer<Null, string> p) { var sent = new TaskCompletionSource(); using var q = Builder.Build(); q.Produce(\"a\", One, r => sent.TrySetResult()); return sent.Task; }")]
    [InlineData("public void Run() { var left = new CountdownEvent(1); using var p = Builder.Build(); p.Produce(\"a\", One, Done); left.Wait(); void Done(DeliveryReport<Null, string> r) => left.Signal(); }")]
    // Lent, shared or given away: somebody else flushes it.
    [InlineData("public void Send(IProducer<Null, string> p) => p.Produce(\"a\", One);")]
    [InlineData("private readonly IProducer<Null, string> _p; public Outbox(IProducer<Null, string> p) => _p = p; public void Send() => _p.Produce(\"a\", One);")]
    [InlineData("public IProducer<Null, string> Create() { var p = Builder.Build(); p.Produce(\"a\", One); return p; }")]
    [InlineData("private readonly IProducer<Null, string> _p = new DependentProducerBuilder<Null, string>(Builder.Build().Handle).Build(); public void Send() => _p.Produce(\"a\", One);")]
    [InlineData("public void Run() { using var p = Builder.Build(); p.Produce(\"a\", One); var q = new DependentProducerBuilder<Null, string>(p.Handle).Build(); q.Flush(); }")]
    public Task Quiet(string members) => QuietAsync(InClass(members), Library);

    [Fact]
    public Task OtherMethodsOfThatName() => QuietAsync(
        """
        new Bakery().Produce("bread");

        sealed class Bakery { public void Produce(string what) { } public void Flush() { } }
        """,
        Kafka);

    /// <summary>The container disposes of a producer and doesn't flush it.</summary>
    [Theory]
    [InlineData("private readonly IProducer<Null, string> _p = producer; public void Send() => _p.[|Produce|](\"a\", new());", "")]
    [InlineData("public void Send() => producer.[|Produce|](\"a\", new());", "")]
    [InlineData("public void Send() => producer.Produce(\"a\", new()); public void Dispose() => producer.Flush();", "")]
    [InlineData("public void Send() => producer.Produce(\"a\", new());", "builder.Services.AddShutdownCleanup<IProducer<Null, string>>(\"kafka\", (p, ct) => { p.Flush(ct); return default; });")]
    [InlineData("public void Send() => producer.Produce(\"a\", new());", "builder.Services.AddHostedService<Flusher>();")]
    public Task Injected(string members, string registration) => ReportsAsync(
        $$"""
        using Confluent.Kafka;

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton<IProducer<Null, string>>(_ => new ProducerBuilder<Null, string>(new ProducerConfig()).Build());
        builder.Services.AddSingleton<Outbox>();
        {{registration}}
        builder.Build().Run();

        sealed class Outbox(IProducer<Null, string> producer)
        {
            {{members}}
        }

        {{(registration.Contains("Flusher", StringComparison.Ordinal) ? """
        sealed class Flusher(IProducer<Null, string> mine) : IHostedService
        {
            public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StopAsync(CancellationToken cancellationToken) { mine.Flush(cancellationToken); return Task.CompletedTask; }
        }
        """ : "")}}
        """,
        Kafka);

    [Theory]
    [InlineData("using var p = new ProducerBuilder<string, string>(null).Build(; p.Produce(")]
    [InlineData("p.Produce(p); var p = p; new Missing().Produce(); p?.Produce(,);")]
    [InlineData("class A { IProducer<,> _p = new ProducerBuilder<>().Build(); void B() => _p.Produce(_p, x => y); }")]
    public Task BrokenCode(string code) => NeverThrowsAsync(
        $$"""
        using Confluent.Kafka;
        {{code}}
        namespace Confluent.Kafka
        {
            public interface IProducer<K, V> : IDisposable { void Produce(string topic, object message, Action<object> handler = null); void Flush(); }
            public class ProducerBuilder<K, V>(object config) { public IProducer<K, V> Build() => null!; }
        }
        """);

    private static string InClass(string members) =>
        $$"""
        using Confluent.Kafka;

        public class Outbox
        {
            private static ProducerBuilder<Null, string> Builder => new(new ProducerConfig());

            private static Message<Null, string> One => new();

            {{members}}
        }
        """;
}
