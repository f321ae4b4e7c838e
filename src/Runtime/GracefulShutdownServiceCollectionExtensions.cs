using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ShutdownAnalyzers.Runtime;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the drain sequence and its cleanup handlers on a service collection.</summary>
public static class GracefulShutdownServiceCollectionExtensions
{
    /// <summary>
    /// Registers the drain sequence on the services of a host. Prefer the methods on the builders: this one sees the lifetimes alone that are registered so far, and in a web application it lacks the
    /// request part (said at start).
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options; configuration and environment override it.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddGracefulShutdown(this IServiceCollection services, Action<GracefulShutdownOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddDrain("IServiceCollection.AddGracefulShutdown", isWeb: false, configure);
        return services;
    }

    /// <summary>
    /// Registers a cleanup handler for a service: after all requests and hosted services have ended it is resolved from the root container and handed to the handler. Needs the drain sequence.
    /// </summary>
    /// <typeparam name="TService">The service, a singleton. That it is registered is checked at start.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Names the handler in the log and the drain report.</param>
    /// <param name="cleanup">The work. Its token fires when the handler's time is up.</param>
    /// <param name="stage">When to run; <see cref="CleanupStage.Close"/> by default.</param>
    /// <param name="timeout">The handler's own limit, within <see cref="GracefulShutdownOptions.CleanupTimeout"/>; 5 s where null.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or blank.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="cleanup"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is zero or negative, or <paramref name="stage"/> is not a stage.</exception>
#pragma warning disable RS0026 // Overloads with optional parameters: a required one tells these two apart.
    public static IServiceCollection AddShutdownCleanup<TService>(
        this IServiceCollection services,
        string name,
        Func<TService, CancellationToken, ValueTask> cleanup,
        CleanupStage stage = CleanupStage.Close,
        TimeSpan? timeout = null)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(cleanup);
        return services.AddSingleton(new CleanupHandler(name, stage, timeout, (provider, token) => cleanup(provider.GetRequiredService<TService>(), token), service: typeof(TService)));
    }

    /// <summary>
    /// Registers a cleanup handler for a service in two steps: a graceful one, and a forced one that runs where the graceful one fails or does not end. See
    /// <see cref="IGracefulShutdown.OnCleanup(string, Func{CancellationToken, ValueTask}, Func{CancellationToken, ValueTask}, CleanupStage, TimeSpan?)"/>.
    /// </summary>
    /// <typeparam name="TService">The service, a singleton. That it is registered is checked at start.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Names the handler in the log and the drain report.</param>
    /// <param name="cleanup">The graceful step. Its token fires when its time is up.</param>
    /// <param name="forced">The forced step.</param>
    /// <param name="stage">When to run; <see cref="CleanupStage.Close"/> by default.</param>
    /// <param name="timeout">The limit of both steps together, within <see cref="GracefulShutdownOptions.CleanupTimeout"/>; 5 s where null.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or blank.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/>, <paramref name="cleanup"/> or <paramref name="forced"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is zero or negative, or <paramref name="stage"/> is not a stage.</exception>
    public static IServiceCollection AddShutdownCleanup<TService>(
        this IServiceCollection services,
        string name,
        Func<TService, CancellationToken, ValueTask> cleanup,
        Func<TService, CancellationToken, ValueTask> forced,
        CleanupStage stage = CleanupStage.Close,
        TimeSpan? timeout = null)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(cleanup);
        ArgumentNullException.ThrowIfNull(forced);
        return services.AddSingleton(new CleanupHandler(
            name,
            stage,
            timeout,
            (provider, token) => cleanup(provider.GetRequiredService<TService>(), token),
            (provider, token) => forced(provider.GetRequiredService<TService>(), token),
            typeof(TService)));
    }
#pragma warning restore RS0026

    /// <summary>
    /// Registers a queue or consumer that the drain stops and waits for. A hosted service of that type is taken where there is one, else the singleton of that type, which is registered where it is not yet.
    /// Participants registered as <see cref="IDrainParticipant"/> count without this call. Needs the drain sequence.
    /// </summary>
    /// <typeparam name="TParticipant">The participant.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddDrainParticipant<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TParticipant>(this IServiceCollection services)
        where TParticipant : class, IDrainParticipant
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<TParticipant>();
        // Not as an IDrainParticipant made by a factory: the container would dispose of it twice.
        return services.AddSingleton(new ParticipantRegistration(static provider =>
            provider.GetServices<IHostedService>().OfType<TParticipant>().FirstOrDefault() ?? provider.GetRequiredService<TParticipant>()));
    }
}
