using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>Requests in the drain: follows those in flight, asks connections to close, refuses where refusing was chosen, and aborts what is left at the end.</summary>
internal sealed class RequestDrain : IRequestDrain
{
    private readonly IServiceProvider _services;
    private readonly DrainExemption _exemption;
    private readonly StreamRegistry _streams;
    private readonly RequestRegistry _inFlight;
    private int _phase;
    private TaskCompletionSource? _idle;

    public RequestDrain(IServiceProvider services, DrainExemption exemption, StreamRegistry streams)
    {
        _services = services;
        _exemption = exemption;
        _streams = streams;
        _inFlight = new RequestRegistry(Leave);
    }

    /// <summary>The phase that was told last; the request path reads it once per request.</summary>
    public DrainPhase Phase => (DrainPhase)Volatile.Read(ref _phase);

    /// <summary>Takes the request up. It is in flight until its response is complete.</summary>
    public void Enter(HttpContext request)
    {
        RequestSlot slot = _inFlight.Enter(request);
        // Not an async method around the pipeline: its state machine would be an allocation per request.
        request.Response.OnCompleted(static state =>
        {
            var done = (RequestSlot)state;
            done.Left(done);
            return Task.CompletedTask;
        }, slot);
    }

    /// <inheritdoc/>
    public void OnPhase(DrainPhase phase, TimeSpan length)
    {
        Volatile.Write(ref _phase, (int)phase);
        // Pairs with the request path, which enters first and reads the phase after: whoever has not seen this phase is visible in the registry from here on.
        Interlocked.MemoryBarrierProcessWide();
        _streams.OnPhase(phase, length);
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
        // The host stops the server too, but only after whichever services stand behind it, and with the whole of its own timeout. A second stop of Kestrel waits for the first.
        Task server = _services.GetService<IServer>() is { } active && active.GetType().FullName == "Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerImpl"
            ? active.StopAsync(giveUp)
            : Task.CompletedTask;
        await WhenIdleAsync(giveUp).ConfigureAwait(false);
        // What is exempt is neither refused nor waited for.
        if (!giveUp.IsCancellationRequested) AbortAll(_inFlight.Snapshot());
        await server.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Abort()
    {
        List<HttpContext> requests = _inFlight.Snapshot();
        List<string> names = [.. requests.Where(_exemption.IsCounted).Select(RequestName.Of)];
        AbortAll(requests);
        return names;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> InFlight() => [.. _inFlight.Snapshot().Select(RequestName.Of)];

    private static void AbortAll(List<HttpContext> requests)
    {
        foreach (HttpContext request in requests)
        {
            try { request.Abort(); }
            catch (Exception e) when (e is ObjectDisposedException or NullReferenceException or InvalidOperationException)
            {
                // It ended between the look and the abort.
            }
        }
    }

    private void Leave(RequestSlot slot)
    {
        _inFlight.Leave(slot);
        if (Volatile.Read(ref _idle) is null) return;
        Interlocked.MemoryBarrier();
        SignalIfIdle();
    }

    private void SignalIfIdle()
    {
        if (Volatile.Read(ref _idle) is { Task.IsCompleted: false } idle && !_inFlight.Any(_exemption.IsCounted)) idle.TrySetResult();
    }
}
