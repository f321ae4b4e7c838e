namespace ShutdownAnalyzers.Runtime;

/// <summary>One per registration call, so that a second one is noticed at start and both are named.</summary>
/// <param name="Call">The call as the user wrote it.</param>
/// <param name="IsWeb">Whether the call brought the request part.</param>
internal sealed record DrainRegistration(string Call, bool IsWeb);
