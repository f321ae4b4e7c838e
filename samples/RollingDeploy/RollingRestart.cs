using System.Diagnostics;

namespace RollingDeploy;

/// <summary>What one version did under load while every instance was restarted in turn.</summary>
internal sealed record Outcome(Service Service, Tally Tally, IReadOnlyList<Exit> Exits);

/// <summary>The rolling deploy: instances behind the proxy, clients, and one restart after the other.</summary>
internal sealed class RollingRestart(Settings settings, Workspace workspace)
{
    private static readonly TimeSpan s_betweenRestarts = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_rejoinTimeout = TimeSpan.FromSeconds(30);

    public async Task<Outcome> RunAsync(Service service, CancellationToken cancellationToken)
    {
        var database = OrderDatabase.For(workspace, service);
        var ports = Ports.Find(settings.Instances);
        var instances = ports.Select((port, i) => new Instance($"{i + 1}", service, port, database, workspace.Logs)).ToList();
        try
        {
            foreach (var instance in instances)
                await instance.StartAsync(cancellationToken);

            await using var proxy = await Proxy.StartAsync(instances, cancellationToken);
            foreach (var instance in instances)
                await JoinAsync(proxy, instance, cancellationToken);

            await using var load = new Load(proxy.Address, settings.Clients);
            Screen.Progress($"{settings.Instances} instances ready, {settings.Clients} clients started");
            await WatchAsync(load, Task.Delay(settings.Steady, cancellationToken));

            var exits = new List<Exit>();
            foreach (var instance in instances)
                exits.Add(await RestartAsync(proxy, instance, load, cancellationToken));

            await WatchAsync(load, Task.Delay(settings.Steady, cancellationToken));
            var tally = await load.FinishAsync(cancellationToken);
            Screen.Progress($"done: {Counts(tally)}");
            return new Outcome(service, tally, exits);
        }
        finally
        {
            // The measurement is over: no need for another orderly stop.
            foreach (var instance in instances)
                await instance.DisposeAsync();
        }
    }

    private static async Task<Exit> RestartAsync(Proxy proxy, Instance instance, Load load, CancellationToken cancellationToken)
    {
        Screen.Progress($"instance {instance.Name}: SIGTERM");
        var stopping = instance.StopAsync(cancellationToken);
        await WatchAsync(load, stopping);
        var exit = await stopping;

        var exited = Stopwatch.GetTimestamp();
        await instance.StartAsync(cancellationToken);
        await JoinAsync(proxy, instance, cancellationToken);
        Screen.Progress(
            $"instance {instance.Name}: exit code {exit.Code} after {exit.After.TotalSeconds:0.0} s, back after {Stopwatch.GetElapsedTime(exited).TotalSeconds:0.0} s: {Counts(load.Tally)}");
        await Task.Delay(s_betweenRestarts, cancellationToken);
        return exit;
    }

    private static async Task JoinAsync(Proxy proxy, Instance instance, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!proxy.Uses(instance))
        {
            if (Stopwatch.GetElapsedTime(started) > s_rejoinTimeout)
                throw new EnvironmentException($"The proxy sends nothing to instance {instance.Name}, which says that it is ready.");
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Shows the counts every few seconds until the work is done.</summary>
    private static async Task WatchAsync(Load load, Task work)
    {
        while (await Task.WhenAny(work, Task.Delay(TimeSpan.FromSeconds(5))) != work)
            Screen.Progress(Counts(load.Tally));
        await work;
    }

    private static string Counts(Tally tally) => $"{tally.Answered:N0} answered, {tally.Lost:N0} lost";
}
