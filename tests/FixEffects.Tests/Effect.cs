namespace ShutdownAnalyzers.FixEffects.Tests;

/// <summary>What one program did at SIGTERM.</summary>
/// <param name="IsGood">Whether it did what a graceful stop does.</param>
/// <param name="Seen">What was seen, for the table.</param>
/// <param name="Exit">From the signal to the end of the process; null where the test itself held the process.</param>
internal sealed record Outcome(bool IsGood, string Seen, TimeSpan? Exit);

/// <summary>What a fix changes.</summary>
/// <param name="RuleId">The rule whose fix it is.</param>
/// <param name="Program">The program before the fix, a file in Programs.</param>
/// <param name="Subject">What is looked at, for the table.</param>
/// <param name="Observe">Runs a program, stops it and looks.</param>
/// <param name="IsFaster">Whether the fix also lets the process end sooner.</param>
internal sealed record Effect(string RuleId, string Program, string Subject, Func<string, Task<Outcome>> Observe, bool IsFaster = false);

/// <summary>All effects that are shown. A further one is a program and a line here.</summary>
internal static class Effects
{
    public static readonly IReadOnlyList<Effect> All =
    [
        new("SHUT301", "PoolInstance", "Redis connections when the process ends", Pools.RedisAsync),
        new("SHUT302", "PoolInLocal", "Redis connections when the process ends", Pools.RedisAsync),
        new("SHUT302", "PoolInField", "PostgreSQL connections when the process ends", Pools.PostgreSqlAsync),
        new("SHUT302", "BrokerInLocal", "RabbitMQ connection when the process ends", Broker.ClosedAsync),
        new("SHUT303", "UnflushedProducer", "Kafka message in the producer's buffer", Topics.SentAsync),
        new("SHUT304", "UnclosedConsumer", "offset of a Kafka message that has been read", Topics.CommittedAsync),
        new("SHUT305", "LogToFile", "end of the log's file", Logs.EndAsync),
        new("SHUT306", "JobServer", "Hangfire job in work", Work.FinishesAsync),
        new("SHUT307", "ScopeAtStop", "what a service writes that only `DisposeAsync` closes", Work.WritesAtStopAsync),
        new("SHUT401", "ConstantReadiness", "readiness probe while it drains", file => Probes.UnreadyAsync(file, "/health/ready")),
        new("SHUT401", "ReadinessChecks", "readiness probe while it drains", file => Probes.UnreadyAsync(file, "/ready")),
        new("SHUT402", "HealthEndpoint", "health probe while it drains", file => Probes.UnreadyAsync(file, "/health")),
        new("SHUT403", "FailingLiveness", "liveness probe while it drains", file => Probes.AliveAsync(file, "/health/live")),
        new("SHUT404", "NoProbes", "readiness probe before and while it drains", file => Probes.TurnsAsync(file, "/health/ready")),
        new("SHUT405", "ProbesInDevelopment", "readiness probe in production, before and while it drains", file => Probes.TurnsAsync(file, "/health/ready")),
        new("SHUT501", "EventStream", "open event stream", Streams.EventsAsync, IsFaster: true),
        new("SHUT501", "EventsResult", "open event stream of `TypedResults.ServerSentEvents`", Streams.EventsAsync, IsFaster: true),
        new("SHUT501", "LineStream", "open stream of lines", Streams.LinesAsync, IsFaster: true),
        new("SHUT501", "LongPoll", "waiting long poll", Streams.LongPollAsync, IsFaster: true),
        new("SHUT501", "WebSocketEcho", "web socket whose client doesn't answer the close frame", Streams.SilentWebSocketAsync, IsFaster: true),
        new("SHUT501", "RemoteStream", "gRPC server stream", Streams.RemoteAsync, IsFaster: true),
        new("SHUT502", "DiscardedWork", "work that a request has started", Work.FinishesAsync),
        new("SHUT502", "DiscardedMessage", "message to RabbitMQ that a request has started", Broker.KeptAsync),
    ];
}
