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
        return parts.Count > 0 ? string.Join("; ", parts) : "something unknown to the drain sequence (a hosted service's StopAsync, a Dispose, a thread)";
    }

    public IEnumerable<BackgroundService> BackgroundServices()
    {
        try { return services.GetServices<IHostedService>().OfType<BackgroundService>(); }
        catch (ObjectDisposedException) { return []; }
    }
}
