using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Requests in the drain: follows those in flight, asks connections to close, refuses where refusing was chosen, and aborts what is left at the end.</summary>
internal sealed class RequestDrain : IRequestDrain
{
    private readonly IServiceProvider _services;
    private readonly DrainExemption _exemption;
    private readonly StreamRegistry _streams;
    private readonly DelayEvidence _evidence;
    private readonly ListenSockets _listeners;
    private readonly RequestRegistry _inFlight;
    private readonly IOptions<GracefulShutdownOptions> _options;
    private long _shedBegun;
    private TimeSpan _shedLength;
    private long _servedInDelay;
    private long _refused;
    private long _closesAsked;
    private int _phase;
    private TaskCompletionSource? _idle;
    private Task _cutting = Task.CompletedTask;
    private volatile bool _isOver;

    public RequestDrain(IServiceProvider services, DrainExemption exemption, StreamRegistry streams, DelayEvidence evidence, ListenSockets listeners, IOptions<GracefulShutdownOptions> options)
    {
        _options = options;
        _services = services;
        _exemption = exemption;
        _streams = streams;
        _evidence = evidence;
        _listeners = listeners;
        _inFlight = new RequestRegistry(Leave);
    }

    /// <summary>The phase that was told last; the request path reads it once per request.</summary>
    public DrainPhase Phase => (DrainPhase)Volatile.Read(ref _phase);

    /// <summary>Whether the time for requests is over: one that still gets in, on a connection that was open already, would be cut off without a word.</summary>
    public bool IsOver => _isOver;

    /// <summary>Takes the request up. It is in flight until it leaves, in one of three ways. The phase is read behind this.</summary>
    public RequestSlot Enter(HttpContext request) => _inFlight.Enter(request);

    /// <summary>The request leaves when its response is complete.</summary>
    public static void LeaveWithResponse(RequestSlot slot, HttpContext request) => request.Response.OnCompleted(
        static state =>
        {
            var done = (RequestSlot)state;
            done.Left(done);
            return Task.CompletedTask;
        },
        slot);

    /// <summary>The request leaves now.</summary>
    public void Leave(RequestSlot slot)
    {
        slot.Free();
        // Nobody waits for the last one while nothing drains; and whoever does so after has passed the barrier of the first phase, and sees this slot free.
        if (Phase == DrainPhase.Running) return;
        Interlocked.MemoryBarrier();
        SignalIfIdle();
    }

    /// <summary>The request leaves when the task completes, which is not awaited while nothing drains: a state machine, or any other continuation, would be an allocation per request.</summary>
    public void LeaveAfter(RequestSlot slot, Task served)
    {
        slot.FreeAfter(served);
        if (Phase != DrainPhase.Running) SignalAfter(served);
    }

    /// <summary>Whether a stream is in flight that the drain waits for.</summary>
    public bool HasStreams => _inFlight.Any(request => StreamEndpoints.IsStream(request) && _exemption.IsCounted(request));

    /// <summary>Whether the server is Kestrel.</summary>
    public bool IsKestrel => IsServer("Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerImpl");

    /// <inheritdoc/>
    public bool IsTestServer => IsServer("Microsoft.AspNetCore.TestHost.TestServer");

    /// <inheritdoc/>
    public RequestCounts Counts => new(Interlocked.Read(ref _servedInDelay), Interlocked.Read(ref _refused), Interlocked.Read(ref _closesAsked), _streams.Asked);

    /// <summary>
    /// Counts a request that is served although the drain has begun. In the Shed phase its connection is asked to close, the more likely the later it comes, so that clients move one by one
    /// and not all at once. Never by header: HTTP/2 and HTTP/3 have none for it.
    /// </summary>
    public void ServedWhileDraining(HttpContext request, DrainPhase phase, bool isExempt)
    {
        if (!isExempt)
        {
            _evidence.RequestSeen();
            if (phase < DrainPhase.Refuse) Interlocked.Increment(ref _servedInDelay);
        }

        if (phase != DrainPhase.Shed) return;
        double elapsed = _listeners.IsShut ? 1 : _options.Value.Process.Time.GetElapsedTime(Volatile.Read(ref _shedBegun)) / _shedLength;
        if (Random.Shared.NextDouble() >= elapsed || request.Features.Get<IConnectionLifetimeNotificationFeature>() is not { } connection) return;
        connection.RequestClose();
        Interlocked.Increment(ref _closesAsked);
    }

    /// <summary>Answers 503, or the same in gRPC's words, and closes the connection, with a different wait for each client, so that they don't all come back at once.</summary>
    public Task Refuse(HttpContext request)
    {
        Interlocked.Increment(ref _refused);
        request.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        HttpResponse response = request.Response;
        response.Headers.RetryAfter = Random.Shared.Next(1, 6).ToString(CultureInfo.InvariantCulture);
        if (request.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            // A gRPC client reads its status from the trailers, which an answer without a body carries in its headers. 14 is UNAVAILABLE, which may be tried again.
            response.ContentType = "application/grpc";
            response.Headers["grpc-status"] = "14";
            response.Headers["grpc-message"] = "The process is shutting down.";
            return Task.CompletedTask;
        }

        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    /// <summary>Refuses a stream of server-sent events in the one way that its client survives.</summary>
    public Task SendElsewhere(HttpContext request)
    {
        Interlocked.Increment(ref _refused);
        request.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        return EventStreams.SendElsewhereAsync(request);
    }

    /// <inheritdoc/>
    public void OnPhase(DrainPhase phase, TimeSpan length)
    {
        if (phase == DrainPhase.Shed)
        {
            _shedLength = length;
            Volatile.Write(ref _shedBegun, _options.Value.Process.Time.GetTimestamp());
        }

        bool isFirst = Interlocked.Exchange(ref _phase, (int)phase) == (int)DrainPhase.Running;
        // Pairs with the request path, which enters first and reads the phase after: whoever has not seen this phase is visible in the registry from here on.
        Interlocked.MemoryBarrierProcessWide();
        if (isFirst) _inFlight.Served().ForEach(SignalAfter);
        _streams.OnPhase(phase, length);
        _evidence.OnPhase(phase, length);
        _listeners.OnPhase(phase, length);
    }

    /// <inheritdoc/>
    public async Task WhenIdleAsync(CancellationToken giveUp)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _idle, idle);
        Interlocked.MemoryBarrierProcessWide();
        SignalIfIdle();
        await using (giveUp.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), idle).ConfigureAwait(false))
        {
            await idle.Task.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task StopServerAsync(CancellationToken giveUp)
    {
        await _listeners.EmptyAsync(giveUp).ConfigureAwait(false);
        // The host stops the server too, but only after whichever services stand behind it, and with the whole of its own timeout. A second stop of Kestrel waits for the first.
        Task server = Server is { } started && (started is RehearsalServer || IsKestrel) ? StopAsync(started, giveUp) : Task.CompletedTask;
        await WhenIdleAsync(giveUp).ConfigureAwait(false);
        // What is exempt is neither refused nor waited for.
        if (!giveUp.IsCancellationRequested) AbortAll(_inFlight.Snapshot());
        await server.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Abort(Action<IReadOnlyList<string>> note)
    {
        _isOver = true;
        // As with the phase: whoever has not seen it is in the snapshot.
        Interlocked.MemoryBarrierProcessWide();
        Abort(_inFlight.Snapshot(), note);
    }

    /// <inheritdoc/>
    public void AbortStreams(Action<IReadOnlyList<string>> note) => Abort(_inFlight.Snapshot().FindAll(StreamEndpoints.IsStream), note);

    /// <inheritdoc/>
    public IReadOnlyList<string> InFlight() => [.. _inFlight.Snapshot().Select(RequestName.Of)];

    /// <inheritdoc/>
    public IRequestDrain ForRehearsal(IOptions<GracefulShutdownOptions> options)
    {
        var server = new RehearsalServer();
        return new RequestDrain(server, new DrainExemption(server), new StreamRegistry(options, new StreamHabits()), new DelayEvidence(server, options), _listeners.ForRehearsal(options), options);
    }

    /// <summary>By name: both are internal, or in an assembly that applications don't have.</summary>
    private bool IsServer(string type) => Server?.GetType().FullName == type;

    private IServer? Server => _services.GetService<IServer>();

    /// <summary>The server closes connections at once when its token fires: not before the last words of the streams that are cut.</summary>
    private async Task StopAsync(IServer server, CancellationToken giveUp)
    {
        // Not disposed of: the cuts may outlast the server.
        var close = new CancellationTokenSource();
        await using (giveUp.Register(() => _cutting.ContinueWith(_ => close.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)).ConfigureAwait(false))
        {
            await server.StopAsync(close.Token).ConfigureAwait(false);
        }
    }

    private void Abort(List<HttpContext> requests, Action<IReadOnlyList<string>> note)
    {
        note([.. requests.Where(_exemption.IsCounted).Select(RequestName.Of)]);
        AbortAll(requests);
    }

    private void AbortAll(List<HttpContext> requests)
    {
        List<Task> cuts = [_cutting];
        foreach (HttpContext request in requests)
        {
            if (request.Features.Get<GrpcStream>() is { } stream) cuts.Add(stream.CutAsync());
            else RequestAbort.Try(request);
        }

        _cutting = Task.WhenAll(cuts);
    }

    private void SignalAfter(Task served) => served.ContinueWith(_ => SignalIfIdle(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void SignalIfIdle()
    {
        if (Volatile.Read(ref _idle) is { Task.IsCompleted: false } idle && !_inFlight.Any(_exemption.IsCounted)) idle.TrySetResult();
    }
}
