using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ShutdownAnalyzers.Runtime;

/// <summary>What is running at this moment, by name: for the last words before a forced exit.</summary>
internal sealed class RunningParts(IServiceProvider services, TrackedWork work, ParticipantDrain participants, IRequestDrain? requests)
{
    public string Show(CleanupRunner? cleanup)
    {
        List<string> parts = [.. (cleanup?.Running ?? []).Select(name => $"cleanup handler '{name}'")];
        parts.AddRange(work.Names.Select(name => $"work '{name}'"));
        parts.AddRange(participants.Busy.Select(name => $"participant '{name}'"));
        if (requests?.InFlight() is { Count: > 0 } inFlight) parts.Add($"requests {string.Join(", ", inFlight)}");
        parts.AddRange(BackgroundServices().Where(s => s.ExecuteTask?.IsCompleted == false).Select(s => $"background service {s.GetType()}"));
        return parts.Count > 0 ? string.Join("; ", parts) : Unknown();
    }

    public IEnumerable<BackgroundService> BackgroundServices() => HostedServices().OfType<BackgroundService>();

    /// <summary>Nothing that the drain follows: the host stops its services one after the other and tells nobody which one it is at.</summary>
    private string Unknown()
    {
        string[] candidates = [.. HostedServices().Where(s => s is not DrainService and not BackgroundService).Select(s => s.GetType().ToString())];
        return candidates.Length > 0
            ? $"something unknown to the drain sequence (the StopAsync of {string.Join(" or ", candidates)}, a Dispose, a thread)"
            : "something unknown to the drain sequence (a Dispose, a thread)";
    }

    private IEnumerable<IHostedService> HostedServices()
    {
        try { return services.GetServices<IHostedService>(); }
        catch (ObjectDisposedException) { return []; }
    }
}
