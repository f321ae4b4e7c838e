namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Marks an endpoint whose requests go on until they are told to stop (a long poll, a stream of lines), so that the drain treats them as streams: no new ones from the Shed phase on, and
/// <see cref="GracefulShutdownOptions.StreamTimeout"/> for those that run. The request itself ends by <c>HttpContext.GetDrainToken()</c>. Upgrades to web sockets, <c>text/event-stream</c>, SignalR hubs and gRPC streaming
/// methods are known without it.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class LongRunningAttribute : Attribute;
